/** Plays bytes to a server over TCP, and writes down what both ends saw. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer as WsServer } from 'ws';
import { WebSocketServer } from 'websockets.io/websocket';
import { RawConnection, upgradeRequest } from '../raw-connection.ts';

export const MAX_BYTES: number = 1024 * 1024 + 10;
const MAX_FRAGMENTS = 1_000;

export interface Outcome {
  /** `text:` or `binary:` and a digest. */
  readonly messages: readonly string[];
  /** Of the close frame that the server sent; 1005: without a code; undefined: none. */
  readonly closeCode: number | undefined;
  /** What the server told its user. */
  readonly told: number;
}

export interface Stage {
  readonly play: (chunks: readonly Buffer[]) => Promise<Outcome>;
  readonly port: number;
  readonly close: () => Promise<void>;
}

export function digest(data: string | Buffer): string {
  const kind = typeof data === 'string' ? 'text' : 'binary';
  return `${kind}:${createHash('sha1').update(data).digest('hex')}`;
}

type Told = (path: string) => { message: (data: string | Buffer) => void; close: (code: number) => void };

async function stage(attach: (http: HttpServer, told: Told) => () => void): Promise<Stage> {
  const http = createServer();
  const seen = new Map<string, { messages: string[]; ended: (code: number) => void }>();
  const detach = attach(http, (path) => ({
    message: (data) => void seen.get(path)?.messages.push(digest(data)),
    close: (code) => seen.get(path)?.ended(code),
  }));
  http.listen(0);
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  let count = 0;
  return {
    port,
    play: async (chunks) => {
      const path = `/${(count += 1)}`;
      const messages: string[] = [];
      const told = new Promise<number>((ended) => seen.set(path, { messages, ended }));
      const raw = await RawConnection.open(port);
      raw.send(upgradeRequest({ path }));
      await raw.response();
      raw.send(...chunks);
      raw.halfClose();
      const { closeCode } = await raw.ending();
      const outcome = { messages, closeCode, told: await told };
      seen.delete(path);
      raw.destroy();
      return outcome;
    },
    close: async () => {
      detach();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}

export function ours(): Promise<Stage> {
  return stage((server, told) => {
    const io = new WebSocketServer({ server, maxMessageBytes: MAX_BYTES, maxFragments: MAX_FRAGMENTS });
    io.on('connection', (socket, request) => {
      const { message, close } = told(request.url ?? '');
      socket.on('message', message).on('close', close);
    });
    return () => void io.close();
  });
}

export function theirs(): Promise<Stage> {
  return stage((server, told) => {
    const wss = new WsServer({
      server,
      maxPayload: MAX_BYTES,
      maxFragments: MAX_FRAGMENTS,
      maxBufferedChunks: 0,
    });
    wss.on('connection', (socket, request) => {
      const { message, close } = told(request.url ?? '');
      socket.on('error', () => undefined);
      socket.on('message', (data: Buffer, isBinary) => message(isBinary ? data : data.toString()));
      socket.on('close', close);
    });
    return () => wss.close();
  });
}
