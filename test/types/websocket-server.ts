/** Compiled, never run: what users of `websockets.io/websocket` may write, and what the compiler must refuse (`npm run types`). */
import { createServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import {
  CloseCode,
  ReadyState,
  type ServerWebSocket,
  WebSocketProtocol,
  WebSocketServer,
} from 'websockets.io/websocket';

export async function use(): Promise<void> {
  const server = new WebSocketServer({
    server: createServer(),
    path: '/live',
    perMessageDeflate: { level: 1, serverMaxWindowBits: 12 },
    selectProtocol: (offered, request) => offered.find((name) => request.url?.includes(name)),
    headers: ({ url }) => ({ 'x-url': url ?? '' }),
    allowRequest: (_request, decide) => decide({ status: 401, message: 'Sign in first' }, false),
  });
  new WebSocketServer({ server: createHttpsServer(), perMessageDeflate: true }).on(
    'refused',
    (_request, status) => status.toFixed(),
  );

  server.on('connection', (socket, request) => {
    const url: string | undefined = request.url;
    socket.on('message', (data) => {
      const text: string = typeof data === 'string' ? data : data.toString('utf8');
      socket.send(text, (error) => error?.message);
      server.publish(data, [socket]);
    });
    socket.on('close', (code, reason) => `${code.toFixed()} ${reason.trim()} ${url}`);
    socket.close(CloseCode.normal, 'done');
    // @ts-expect-error -- there is no `error` event: everything ends in `close`
    socket.on('error', (error: Error) => error.message);
    // @ts-expect-error -- numbers are no messages
    socket.send(42);
    // @ts-expect-error -- a reason is text
    socket.close(1000, Buffer.from('why'));
    // @ts-expect-error -- known when it opened, and for ever
    socket.protocol = 'other';
  });

  for (const socket of server.clients) {
    if (socket.readyState === ReadyState.open) socket.sendPrepared(server.prepare(new Uint8Array(3)));
    for await (const data of socket) read(socket, data);
  }
  await server.close();

  const end = new WebSocketProtocol({ role: 'client', maxMessageBytes: 1_000 });
  end.receive(Buffer.alloc(0), (event) => {
    if (event.type === 'text') event.text.trim();
    // @ts-expect-error -- a text has no bytes
    if (event.type === 'text') event.bytes.toString();
    if (event.type === 'closed') `${event.code} ${event.by === 'peer'}`.trim();
  });

  // @ts-expect-error -- an option of `ws`
  server.options.maxPayload?.toFixed();
  // @ts-expect-error -- named differently here
  const options: ConstructorParameters<typeof WebSocketServer>[0] = { maxPayload: 1 };
  // @ts-expect-error -- the set is the server's
  server.clients.clear();
  // @ts-expect-error -- roles are two
  new WebSocketProtocol({ role: 'peer', maxMessageBytes: 1 }).close(options === undefined ? 1000 : 1001);
}

function read(_socket: ServerWebSocket, data: string | Buffer): number {
  return data.length;
}
