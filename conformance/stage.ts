/** Plays one scenario on one server and returns what was noted. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { attach as attachReferenceEngine } from 'engine.io';
import { Server as ReferenceServer } from 'socket.io';
import { io as openClient, type Socket as ClientSocket } from 'socket.io-client';
import { Server as OurServer } from 'websockets.io';
import { attach as attachOurEngine } from 'websockets.io/engine';
import { Notebook, PATIENCE_MS } from './notebook.ts';
import type { ClientVersion, Connect, Mode, Scenario, Stage } from './scenario.ts';

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

const engines: Record<ServerName, Stage['attachEngine']> = {
  'socket.io': attachReferenceEngine,
  'websockets.io': attachOurEngine as unknown as Stage['attachEngine'],
};

const require = createRequire(import.meta.url);
const openers: Record<ClientVersion, typeof openClient> = {
  '4': openClient,
  '3': (require('socket.io-client-3') as { io: typeof openClient }).io,
  '2': require('socket.io-client-2') as typeof openClient,
  '1.7': require('socket.io-client-1.7') as typeof openClient,
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
  version: ClientVersion = '4',
): Promise<Record<string, unknown[][]>> {
  const notes = new Notebook();
  const http = createServer();
  if (scenario.page !== undefined) http.on('request', scenario.page);
  const Server = servers[serverName];
  const isOld = version === '2' || version === '1.7';
  const io = new Server(http, { ...(isOld && { allowEIO3: true }), ...scenario.options });
  http.listen(0);
  await once(http, 'listening');
  const url = `http://localhost:${(http.address() as AddressInfo).port}`;
  const ends: (() => unknown)[] = [];
  const attachEngine = engines[serverName];
  const cleanUp = (end: () => unknown): unknown => ends.push(end);
  const stage: Stage = { mode, version, notes, url, io, http, Server, attachEngine, cleanUp };
  const clients: ClientSocket[] = [];
  const connect: Connect = ({ namespace = '/', url: other, ...options } = {}) => {
    const client = openers[version]((other ?? url) + namespace, {
      forceNew: true,
      reconnection: false,
      transports: transportsOf[mode],
      ...(isOld && typeof options.auth === 'object' && { query: options.auth }),
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
    for (const end of ends) await end();
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
