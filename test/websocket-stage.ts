/** A bare server on a real port, and a peer that does only what a test tells it to. For the tests `websocket-*.test.ts`. */
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TestContext } from 'node:test';
import {
  acceptDeflate,
  type ServerWebSocket,
  type WebSocketEvent,
  WebSocketProtocol,
  WebSocketServer,
  type WebSocketServerOptions,
} from 'websockets.io/websocket';

export interface Running {
  readonly server: WebSocketServer;
  readonly http: HttpServer;
  readonly port: number;
  /** A peer, and the server's socket for it. */
  readonly open: (asked?: Asked) => Promise<{ peer: Peer; socket: ServerWebSocket }>;
}

/** What a request asks for besides the handshake. */
export interface Asked {
  path?: string;
  /** Lines; one of a name that the handshake has replaces that. */
  headers?: readonly string[];
  /** The value of Sec-WebSocket-Extensions. */
  offer?: string;
  /** Bytes in one packet with the request. */
  behind?: Buffer;
  tcp?: Duplex;
}

export async function start(
  t: TestContext,
  options: WebSocketServerOptions = {},
  http: HttpServer = createServer(),
): Promise<Running> {
  const server = new WebSocketServer({ server: http, ...options });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  t.after(async () => {
    for (const socket of server.clients) socket.terminate();
    await server.close();
    http.closeAllConnections();
    http.close();
  });
  const open: Running['open'] = async (asked) => {
    const connected = once(server, 'connection') as Promise<[ServerWebSocket]>;
    const peer = await Peer.open(port, asked);
    t.after(() => peer.tcp.destroy());
    const [socket] = await connected;
    return { peer, socket };
  };
  return { server, http, port, open };
}

export class Peer {
  readonly tcp: Duplex;
  readonly protocol: WebSocketProtocol;
  /** The server's response, without its body. */
  readonly head: string;
  readonly events: WebSocketEvent[] = [];
  /** The TCP connection is over, in whatever way. */
  readonly gone: Promise<void>;
  #wake: () => void = () => {};

  private constructor(tcp: Duplex, head: string, protocol: WebSocketProtocol) {
    this.tcp = tcp;
    this.head = head;
    this.protocol = protocol;
    this.gone = new Promise((resolve) => tcp.once('close', () => resolve()));
  }

  /** @throws when the answer is not 101, with the answer */
  static async open(port: number, asked: Asked = {}): Promise<Peer> {
    const tcp = asked.tcp ?? connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    tcp.on('error', () => {});
    tcp.write(Buffer.concat([Buffer.from(requestFor(asked), 'latin1'), asked.behind ?? Buffer.alloc(0)]));
    const { head, rest } = await readHead(tcp);
    if (!head.startsWith('HTTP/1.1 101')) throw new Error(head + rest.toString());
    const peer = new Peer(tcp, head, protocolFor(head, asked.offer));
    tcp.on('data', (chunk: Buffer) => peer.#receive(chunk));
    tcp.on('end', () => peer.#end());
    tcp.on('close', () => peer.#end());
    peer.#receive(rest);
    return peer;
  }

  /** A header of the response. */
  header(name: string): string | undefined {
    return new RegExp(`^${name}: (.*)$`, 'im').exec(this.head)?.[1];
  }

  /** The next event that fits; those before it are forgotten. */
  async until(fits: (event: WebSocketEvent) => boolean): Promise<WebSocketEvent> {
    for (;;) {
      const at = this.events.findIndex(fits);
      const [event] = at < 0 ? [] : this.events.splice(0, at + 1).slice(-1);
      if (event !== undefined) return event;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The next text. */
  async text(): Promise<string> {
    const event = await this.until(({ type }) => type === 'text');
    return event.type === 'text' ? event.text : '';
  }

  #receive(chunk: Buffer): void {
    this.protocol.receive(chunk, (event) => this.events.push(event));
    this.#wake();
  }

  #end(): void {
    this.protocol.receiveEnd((event) => this.events.push(event));
    this.#wake();
  }
}

function requestFor({ path = '/', headers = [], offer }: Asked): string {
  const nameOf = (line: string): string => line.split(':', 1)[0]?.toLowerCase() ?? '';
  const given = new Set(headers.map(nameOf));
  const usual = [
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ...(offer === undefined ? [] : [`Sec-WebSocket-Extensions: ${offer}`]),
  ].filter((line) => !given.has(nameOf(line)));
  return `${[`GET ${path} HTTP/1.1`, ...usual, ...headers].join('\r\n')}\r\n\r\n`;
}

async function readHead(tcp: Duplex): Promise<{ head: string; rest: Buffer }> {
  let bytes = Buffer.alloc(0);
  while (!bytes.includes('\r\n\r\n')) {
    const [chunk] = (await once(tcp, 'data')) as [Buffer];
    bytes = Buffer.concat([bytes, chunk]);
  }
  const end = bytes.indexOf('\r\n\r\n') + 4;
  return { head: bytes.toString('latin1', 0, end), rest: bytes.subarray(end) };
}

/** The client's end, for what the server has agreed to. */
function protocolFor(head: string, offer: string | undefined): WebSocketProtocol {
  const core = { role: 'client', maxMessageBytes: Infinity } as const;
  const extensions = /^Sec-WebSocket-Extensions: (.*)$/im.exec(head)?.[1];
  if (offer === undefined || extensions === undefined) return new WebSocketProtocol(core);
  const answer = acceptDeflate(extensions, offer);
  if (answer.type !== 'accepted') throw new Error(`The server answered "${extensions}" to "${offer}"`);
  return new WebSocketProtocol({ ...core, deflate: { ...answer.parameters, threshold: 0 } });
}
