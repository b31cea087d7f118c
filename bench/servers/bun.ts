/** Bun's own WebSocket server with its own publish and subscribe, bare. Run by Bun, not by Node. */
import { announce, certificate, deflate, mode } from './control.ts';

interface BunSocket {
  readonly data: { readonly topic: string };
  subscribe(topic: string): void;
  send(text: string | Uint8Array): number;
}

interface BunServer {
  readonly port: number;
  upgrade(request: Request, options: { data: { topic: string } }): boolean;
  publish(topic: string, text: string | Uint8Array): number;
}

declare const Bun: {
  gc(force: boolean): void;
  serve(options: {
    hostname: string;
    port: number;
    tls?: { key: Buffer; cert: Buffer };
    fetch(request: Request, server: BunServer): Response | undefined;
    websocket: {
      idleTimeout: number;
      perMessageDeflate: boolean;
      open(socket: BunSocket): void;
      message(socket: BunSocket, text: string | Uint8Array): void;
    };
  }): BunServer;
};

const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  ...(certificate !== undefined && { tls: certificate }),
  fetch: (request, server) =>
    server.upgrade(request, { data: { topic: new URL(request.url).pathname } })
      ? undefined
      : new Response('', { status: 400 }),
  websocket: {
    idleTimeout: 0,
    perMessageDeflate: deflate,
    open: (socket) => socket.subscribe(socket.data.topic),
    message(socket, text) {
      if (mode === 'echo') socket.send(text);
      else server.publish(socket.data.topic, text);
    },
  },
});

announce(server.port, () => Bun.gc(true));
