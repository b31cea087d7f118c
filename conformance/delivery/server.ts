/**
 * The server of a trial, in a process that may be killed: it tells numbered events to all, to rooms, but not to others, to
 * single sockets. Its parent says what it is; `fence` makes it say a last event.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Server } from 'socket.io';
import { Die } from '../die.ts';
import { DeedWriter } from './deeds.ts';
import { payloadOf } from './payload.ts';
import { ROOMS } from './rooms.ts';

export type ServerKind = 'sqlite' | 'memory' | 'socket.io';

export interface ServerSettings {
  readonly kind: ServerKind;
  readonly folder: string;
  readonly seed: number;
  /** Which process this is: events of a later one have higher numbers. */
  readonly life: number;
  /** Events that are kept; with fewer, some clients cannot come back. */
  readonly maxEvents: number;
}

const EVENTS_PER_LIFE = 1_000_000;
const settings = JSON.parse(process.argv[2] ?? '') as ServerSettings;
const die = new Die(settings.seed * 1_000 + settings.life);
const deeds = new DeedWriter(join(settings.folder, 'deeds'));
deeds.write({ did: 'start' });
const http = createServer();
const io = await open();
let lastId = settings.life * EVENTS_PER_LIFE;
let isHushed = false;

/** Loads what it needs, and no more: it is begun often. */
async function open(): Promise<Server> {
  const { kind, folder, maxEvents } = settings;
  // Dead connections are noticed soon, though not at once.
  const options = { pingInterval: 400, pingTimeout: 600, connectionStateRecovery: {} };
  if (kind === 'socket.io') return new (await import('socket.io')).Server(http, options);
  const { Server } = await import('websockets.io');
  const history =
    kind === 'memory'
      ? { maxEvents }
      : {
          maxEvents,
          log: new (await import('websockets.io/history/sqlite')).SqliteLog(join(folder, 'history.db')),
        };
  return new Server(http, { ...options, history }) as unknown as Server;
}

io.on('connection', (socket) => {
  const rooms = [...socket.rooms].filter((room) => room !== socket.id).sort();
  const { id: sid, recovered } = socket;
  deeds.write({ did: 'enter', sid, recovered, rooms, data: socket.data.command });
  for (const did of ['join', 'leave'] as const) {
    socket.on(did, (room: string, command: string, done: () => void) => {
      deeds.write({ did, sid, room, command });
      socket.data.command = command;
      void socket[did](room);
      done();
    });
  }
});

function say(rooms: readonly string[], except: readonly string[]): void {
  const id = (lastId += 1);
  deeds.write({ did: 'emit', id, rooms, except });
  io.to([...rooms])
    .except([...except])
    .emit('said', id, ...payloadOf(id));
}

function sayToSome(): void {
  const sids = [...io.of('/').sockets.keys()];
  const sid = sids.length === 0 ? [] : [die.one(sids)];
  const [rooms, except] = die.one<[readonly string[], readonly string[]]>([
    [[], []],
    [[die.one(ROOMS)], []],
    [[die.one(ROOMS)], []],
    [die.some(ROOMS), die.some(ROOMS)],
    [[], [die.one(ROOMS)]],
    [[], sid],
    [sid, []],
    [[...sid, die.one(ROOMS)], []],
  ]);
  say(rooms, except);
}

function work(): void {
  const count = deeds.count;
  if (!isHushed) for (let left = die.below(5); left > 0; left -= 1) sayToSome();
  // The flush of the turn in which the deeds above were done is over.
  setImmediate(() => setImmediate(() => deeds.write({ did: 'flush', deeds: count })));
  setTimeout(work, 2 + die.below(12));
}

process.on('message', (word) => {
  isHushed = true;
  if (word === 'fence') {
    say([], []);
    process.send?.({ fence: lastId });
  }
});
process.on('disconnect', () => process.exit());
await once(http.listen(0, '127.0.0.1'), 'listening');
process.send?.({ port: (http.address() as AddressInfo).port });
work();
