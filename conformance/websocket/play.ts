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
  /**
   * Of the close frame that the server sent; 1005: without a code; undefined: none. Where ws inflates beside the loop, the
   * end of our stream may come first and cost its close frame: then of what it would have said.
   */
  readonly closeCode: number | undefined;
  /** What the server told its user, and why. */
  readonly told: number;
  readonly why: string;
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

type Told = (path: string) => {
  message: (data: string | Buffer) => void;
  close: (code: number, why: string, fault?: number) => void;
};

/** What a client offers where compression is on. */
const OFFER = 'permessage-deflate; server_no_context_takeover; client_no_context_takeover';

async function stage(
  attach: (http: HttpServer, told: Told) => () => void,
  isCompressed: boolean,
): Promise<Stage> {
  const http = createServer();
  const seen = new Map<
    string,
    { messages: string[]; ended: (end: [code: number, why: string, fault?: number | undefined]) => void }
  >();
  const detach = attach(http, (path) => ({
    message: (data) => void seen.get(path)?.messages.push(digest(data)),
    close: (...end) => seen.get(path)?.ended(end),
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
      const told = new Promise<[code: number, why: string, fault?: number | undefined]>((ended) =>
        seen.set(path, { messages, ended }),
      );
      const raw = await RawConnection.open(port);
      const headers = isCompressed ? { 'Sec-WebSocket-Extensions': OFFER } : {};
      raw.send(upgradeRequest({ path, headers }));
      await raw.response();
      raw.send(...chunks);
      raw.halfClose();
      const ending = await raw.ending();
      const [code, why, fault] = await told;
      const outcome = { messages, closeCode: ending.closeCode ?? fault, told: code, why };
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

export function ours(perMessageDeflate = false): Promise<Stage> {
  return stage((server, told) => {
    const limits = { maxMessageBytes: MAX_BYTES, maxFragments: MAX_FRAGMENTS };
    const io = new WebSocketServer({ server, perMessageDeflate, ...limits });
    io.on('connection', (socket, request) => {
      const { message, close } = told(request.url ?? '');
      socket.on('message', message).on('close', close);
    });
    return () => void io.close();
  }, perMessageDeflate);
}

export function theirs(perMessageDeflate = false): Promise<Stage> {
  return stage((server, told) => {
    const wss = new WsServer({
      server,
      perMessageDeflate,
      maxPayload: MAX_BYTES,
      maxFragments: MAX_FRAGMENTS,
      maxBufferedChunks: 0,
    });
    wss.on('connection', (socket, request) => {
      const { message, close } = told(request.url ?? '');
      let why = '';
      let fault: number | undefined;
      socket.on('error', (error) => {
        why = error.message;
        const status = Object.getOwnPropertySymbols(error).find(
          ({ description }) => description === 'status-code',
        );
        if (status !== undefined) fault = (error as unknown as Record<symbol, number>)[status];
      });
      socket.on('message', (data: Buffer, isBinary) => message(isBinary ? data : data.toString()));
      socket.on('close', (code) => close(code, why, fault));
    });
    return () => wss.close();
  }, perMessageDeflate);
}
