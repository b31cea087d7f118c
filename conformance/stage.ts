/** Plays one scenario on one server and returns what was noted. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server as ReferenceServer } from 'socket.io';
import { io as openClient, type Socket as ClientSocket } from 'socket.io-client';
import { Server as OurServer } from 'websockets.io';
import { Notebook, PATIENCE_MS } from './notebook.ts';
import type { Connect, Mode, Scenario } from './scenario.ts';

/**
 * `CONFORMANCE_SUBJECT=socket.io` plays every scenario on the original twice. A scenario that differs from itself
 * then is a bad scenario: it notes something that legitimately varies.
 */
export const subject: ServerName =
  process.env['CONFORMANCE_SUBJECT'] === 'socket.io' ? 'socket.io' : 'websockets.io';

export type ServerName = 'socket.io' | 'websockets.io';

// Scenarios are typed against the original, so that only its documented API can be used. That ours has the same
// shape at run time is what the scenarios prove.
const servers: Record<ServerName, typeof ReferenceServer> = {
  'socket.io': ReferenceServer,
  'websockets.io': OurServer as unknown as typeof ReferenceServer,
};

const transportsOf = {
  upgrade: ['polling', 'websocket'],
  websocket: ['websocket'],
  polling: ['polling'],
} satisfies Record<Mode, readonly string[]>;

export async function play(
  scenario: Scenario,
  serverName: ServerName,
  mode: Mode,
): Promise<Record<string, unknown[][]>> {
  const notes = new Notebook();
  const http = createServer();
  if (scenario.page !== undefined) http.on('request', scenario.page);
  const io = new servers[serverName](http, { ...scenario.options });
  http.listen(0);
  await once(http, 'listening');
  const url = `http://localhost:${(http.address() as AddressInfo).port}`;
  const stage = { mode, notes, url };
  const clients: ClientSocket[] = [];
  const connect: Connect = ({ namespace = '/', ...options } = {}) => {
    const client = openClient(url + namespace, {
      forceNew: true,
      reconnection: false,
      transports: transportsOf[mode],
      ...options,
    });
    clients.push(client);
    return client;
  };

  try {
    scenario.server(io, stage);
    await scenario.client(connect, stage);
    // Read before the clean-up, whose own disconnects come in any order.
    return notes.read();
  } finally {
    for (const client of clients) client.disconnect();
    const closed = io.close();
    http.closeAllConnections();
    await withinPatience(closed, `io.close() of ${serverName} after "${scenario.name}"`);
  }
}

async function withinPatience(promise: Promise<void>, what: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not end in ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  try {
    await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
