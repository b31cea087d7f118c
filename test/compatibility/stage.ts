/** Servers of ours on loopback and official clients for them, ended with the test. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import {
  io as connect,
  type ManagerOptions,
  type Socket as ClientSocket,
  type SocketOptions,
} from 'socket.io-client';
import { Server, type ServerOptions } from 'websockets.io';

export interface Stage {
  io: Server;
  url: string;
  /** Connects a client to a namespace, and waits until it is in. */
  readonly enter: (
    namespace?: string,
    options?: Partial<ManagerOptions & SocketOptions>,
  ) => Promise<ClientSocket>;
}

export async function openStage(t: TestContext, options: ServerOptions = {}): Promise<Stage> {
  const http = createServer();
  const io = new Server(http, options);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  t.after(() => io.close());
  return { io, url, enter: (namespace = '/', given = {}) => enter(t, url + namespace, given) };
}

export async function enter(
  t: TestContext,
  url: string,
  options: Partial<ManagerOptions & SocketOptions> = {},
): Promise<ClientSocket> {
  const client = connect(url, { forceNew: true, transports: ['websocket'], ...options });
  t.after(() => client.disconnect());
  await heard(client, 'connect');
  return client;
}

/** The arguments of the next event of that name. */
export function heard(
  emitter: { once(event: never, listener: (...args: unknown[]) => void): unknown },
  event: string,
): Promise<unknown[]> {
  return new Promise((resolve) => {
    emitter.once(event as never, (...args: unknown[]) => resolve(args));
  });
}
