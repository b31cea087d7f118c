/**
 * A server with one well-behaved client beside the hostile ones: after each case it asks for an echo, and it must
 * still be on its first connection.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before } from 'node:test';
import { io as openClient, type Socket as ClientSocket } from 'socket.io-client';
import { Server } from 'websockets.io';
import { ask, connected } from './clients.ts';
import { Notebook } from './notebook.ts';
import { RawConnection, text } from './raw-connection.ts';

export const MAX_BYTES = 100_000;

/** Documented reasons that may end a client who broke a protocol; the specs leave the choice open. */
const REASONS = ['transport close', 'transport error', 'parse error', 'forced close', 'forced server close'];

export interface HostileStage {
  /** A TCP connection; one that has upgraded; or one that has also joined the main namespace. */
  readonly open: (kind?: 'tcp' | 'engine' | 'socket') => Promise<RawConnection>;
  /** Resolves when the server has told its user, with a documented reason, that a hostile client is gone. */
  readonly disconnectNoticed: () => Promise<void>;
  readonly stillEchoes: (raw: RawConnection) => Promise<void>;
  /** `http://localhost:port` */
  readonly url: () => string;
}

/** Call once at the top of a test file: it registers the hooks. */
export function hostileStage(): HostileStage {
  const http = createServer();
  const io = new Server(http, { maxHttpBufferSize: MAX_BYTES, pingInterval: 60_000 });
  let notes = new Notebook();
  let port: number;
  let bystander: ClientSocket;
  let bystanderId: string | undefined;
  const opened: RawConnection[] = [];

  before(async () => {
    io.on('connection', (socket) => {
      const isBystander = socket.handshake.auth['name'] === 'bystander';
      socket.on('disconnect', (reason) => {
        if (!isBystander) notes.note('server', 'disconnect', reason);
      });
      socket.on('echo', (...details: unknown[]) => {
        const last = details.at(-1);
        if (typeof last === 'function') (last as (word: unknown) => void)(details[0]);
        else socket.emit('echo', ...details);
      });
      socket.on('swallow', () => {
        socket.emit('swallowed');
      });
    });
    http.listen(0);
    await once(http, 'listening');
    port = (http.address() as AddressInfo).port;
    bystander = openClient(`http://localhost:${port}`, {
      transports: ['websocket'],
      reconnection: false,
      auth: { name: 'bystander' },
    });
    await connected(bystander);
    bystanderId = bystander.id;
  });

  afterEach(async () => {
    for (const raw of opened.splice(0)) raw.destroy();
    notes = new Notebook();
    assert.equal(await ask(bystander, 'echo', 'hello'), 'hello');
    assert.equal(bystander.id, bystanderId, 'the bystander had to reconnect');
  });

  after(async () => {
    bystander.disconnect();
    const closed = io.close();
    http.closeAllConnections();
    await closed;
  });

  return {
    open: async (kind = 'socket') => {
      let raw: RawConnection;
      if (kind === 'tcp') raw = await RawConnection.open(port);
      else if (kind === 'engine') raw = await RawConnection.openEngine(port);
      else raw = await RawConnection.openWebSocket(port);
      opened.push(raw);
      return raw;
    },
    disconnectNoticed: async () => {
      await notes.until('server', 'disconnect');
      const reason = notes.read()['server']?.find(([what]) => what === 'disconnect')?.[1];
      assert.ok(REASONS.includes(String(reason)), `undocumented reason "${String(reason)}"`);
    },
    stillEchoes: async (raw) => {
      raw.send(text('42["echo","still here"]'));
      assert.equal(await raw.nextText(), '42["echo","still here"]');
    },
    url: () => `http://localhost:${port}`,
  };
}
