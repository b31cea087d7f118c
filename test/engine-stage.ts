/** An engine on a real HTTP server, without Socket.IO above it, and hand-made requests to it. For tests of the transports. */
import { once } from 'node:events';
import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server as HttpServer,
} from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { resolveOptions, type ServerOptions } from '../src/options.ts';
import { ManualClock } from '../src/testing/manual-clock.ts';
import { Engine } from '../src/transport/engine.ts';
import type { EngineSocket } from '../src/transport/engine-socket.ts';
import { RawClient } from './raw-client.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

const POLLING = '/socket.io/?EIO=4&transport=polling';

export class EngineStage {
  readonly engine: Engine;
  readonly http: HttpServer;
  readonly clock: ManualClock = new ManualClock();
  /** The sessions in the order of their opening, the closed ones too. */
  readonly sockets: EngineSocket[] = [];
  /** What the sessions' receivers were told. */
  readonly messages: (string | Buffer)[] = [];
  readonly closes: string[] = [];
  /** Called with each message, after it was noted. */
  onMessage: (message: string | Buffer, socket: EngineSocket) => void = () => {};
  #wake: (() => void)[] = [];

  private constructor(options: ServerOptions, http: HttpServer) {
    this.http = http;
    this.engine = new Engine(resolveOptions({ clock: this.clock, ...options }));
    this.engine.onConnection = (socket) => {
      this.sockets.push(socket);
      socket.receiver = {
        onMessage: (message) => {
          this.messages.push(message);
          this.#tell();
          this.onMessage(message, socket);
        },
        onClose: (reason) => {
          this.closes.push(reason);
          this.#tell();
        },
      };
      this.#tell();
    };
    this.engine.attach(http, () => false);
  }

  static async start(t: TestContext, options: ServerOptions = {}, http?: HttpServer): Promise<EngineStage> {
    const server = http ?? createServer((_request, response) => response.writeHead(404).end('application'));
    const stage = new EngineStage(options, server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(async () => {
      stage.engine.close();
      server.close();
      server.closeAllConnections();
      await turn();
      stage.clock.advance(60_000); // for peers that do not answer our close frame
      if (server.listening) await once(server, 'close');
    });
    return stage;
  }

  get port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  /** The only session that was opened, or the latest. */
  get socket(): EngineSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('No session was opened');
    return socket;
  }

  async openPolling(): Promise<string> {
    const { body } = await this.get();
    return (JSON.parse(body.slice(1)) as { sid: string }).sid;
  }

  openWebSocket(sid?: string): Promise<RawClient> {
    const path = '/socket.io/?EIO=4&transport=websocket';
    return RawClient.open(this.port, sid === undefined ? path : `${path}&sid=${sid}`);
  }

  get(sid?: string): Promise<Answer> {
    return this.ask('GET', sid === undefined ? POLLING : `${POLLING}&sid=${sid}`);
  }

  post(sid: string, body: string): Promise<Answer> {
    return this.ask('POST', `${POLLING}&sid=${sid}`, body);
  }

  /** On a connection of its own. */
  async ask(method: string, path: string, body?: string): Promise<Answer> {
    const sent = request({ port: this.port, host: '127.0.0.1', path, method, agent: false });
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    return { status: response.statusCode ?? 0, body: text, headers: response.headers };
  }

  /** Opens a TCP connection and writes; what the server answers is dropped unless the test listens. */
  tcp(text: string): Socket {
    const tcp = connect(this.port, '127.0.0.1');
    tcp.on('error', () => {});
    tcp.write(text);
    return tcp;
  }

  /** Resolves when the server has taken one more request. Call it before you send that. */
  async nextRequest(): Promise<void> {
    await once(this.http, 'request');
  }

  /** Resolves when `fits` holds, asked again after each thing that the receivers are told. */
  async until(fits: () => boolean): Promise<void> {
    while (!fits()) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }

  /** Resolves when no connection is left, and says how many sessions and alarms there are still. */
  async emptied(): Promise<{ sessions: number; alarms: number }> {
    while ((await this.connections()) > 0) await turn();
    await turn(); // their 'close' events
    return { sessions: this.engine.clientsCount, alarms: this.clock.pending };
  }

  connections(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.http.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
    });
  }

  #tell(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** The end of this turn, flush included. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

/** Gathers the exceptions that would end the process, for one test. */
export function uncaughtIn(t: TestContext): string[] {
  const messages: string[] = [];
  process.setUncaughtExceptionCaptureCallback((error) => messages.push(error.message));
  t.after(() => process.setUncaughtExceptionCaptureCallback(null));
  return messages;
}

export const UPGRADE_HEADERS: string =
  'Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
