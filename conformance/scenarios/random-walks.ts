/** Long walks through the API, thrown by a seeded die: what no scenario says in advance must be the same all the same. */
import type { Socket } from 'socket.io';
import type { Socket as ClientSocket } from 'socket.io-client';
import { ask, connected, hear, nameOf } from '../clients.ts';
import { Die } from '../die.ts';
import type { ClientVersion, Connect, Mode, Scenario, ServerUnderTest, Stage } from '../scenario.ts';

const PEOPLE = ['alice', 'bob', 'carol', 'dave'];
const ROOMS = ['red', 'blue', 'green'];
const STEPS = 60;

class Walk {
  readonly #die: Die;
  readonly #stage: Stage;
  readonly #connect: Connect;
  readonly #sockets: Map<string, Socket>;
  readonly #clients = new Map<string, ClientSocket>();

  constructor(seed: number, connect: Connect, stage: Stage, sockets: Map<string, Socket>) {
    this.#die = new Die(seed);
    this.#connect = connect;
    this.#stage = stage;
    this.#sockets = sockets;
  }

  async enter(name: string): Promise<void> {
    const client = this.#connect({ auth: { name } });
    hear(client, this.#stage, name, ['said', 'bytes', 'disconnect']);
    client.on('question', (step: number, answer: (word: string) => void) => answer(`${name} ${step}`));
    this.#clients.set(name, client);
    await connected(client);
    // One more round trip: the server's part is done, too.
    await ask(client, 'fence');
  }

  async step(step: number): Promise<void> {
    const die = this.#die;
    const name = die.one(PEOPLE);
    const socket = this.#sockets.get(name);
    if (socket?.connected !== true) {
      await this.enter(name);
      return;
    }
    const { io, notes } = this.#stage;
    const acts: (() => unknown)[] = [
      () => socket.join(die.some(ROOMS)),
      () => socket.join(die.one(ROOMS)),
      () => socket.leave(die.one(ROOMS)),
      () => io.to(die.some(ROOMS)).except(die.one(ROOMS)).emit('said', step),
      () => io.to(die.one(ROOMS)).emit('bytes', step, Buffer.from([step])),
      () => socket.to(die.one(ROOMS)).to(die.one(ROOMS)).emit('said', step),
      () => socket.broadcast.except(die.some(ROOMS)).emit('said', step),
      () => socket.emit('said', step, die.one([null, 'é', [1], { a: [Buffer.from('b')] }])),
      () => io.except(socket.id).emit('said', step),
      () => io.in(die.one(ROOMS)).socketsJoin(die.some(ROOMS)),
      () => io.in(die.one(ROOMS)).socketsLeave(die.one(ROOMS)),
      async () => {
        const answers: string[] = await io.timeout(5_000).to(die.some(ROOMS)).emitWithAck('question', step);
        notes.note('server', 'answers', step, [...answers].sort());
      },
      async () => {
        const found = await io.in(die.one(ROOMS)).except(die.one(ROOMS)).fetchSockets();
        notes.note('server', 'found', step, found.map(nameOf).sort());
      },
      // By polling it is luck which side notices first that the connection ends.
      () => socket.disconnect(this.#stage.mode !== 'polling' && die.below(2) === 0),
    ];
    await die.one(acts)();
    await this.settle();
    this.#noteRooms(step);
  }

  /** Until everybody has heard all that was sent. */
  async settle(): Promise<void> {
    for (const [name, client] of this.#clients) {
      const isIn = this.#sockets.get(name)?.connected === true;
      if (isIn) await ask(client, 'fence');
      else if (client.connected)
        await new Promise<void>((resolve) => client.once('disconnect', () => resolve()));
    }
  }

  #noteRooms(step: number): void {
    const { adapter } = this.#stage.io.sockets;
    const who = (room: string): string[] =>
      [...(adapter.rooms.get(room) ?? [])]
        .map((id) => PEOPLE.find((name) => this.#sockets.get(name)?.id === id) ?? 'a stranger')
        .sort();
    this.#stage.notes.note('server', 'rooms', step, ...ROOMS.map(who));
  }
}

function walk(seed: number, mode: Mode, versions: readonly ClientVersion[] = ['4']): Scenario {
  const played = new WeakMap<ServerUnderTest, Map<string, Socket>>();
  return {
    name: `walk ${seed}`,
    modes: [mode],
    versions,
    server(io) {
      const sockets = new Map<string, Socket>();
      played.set(io, sockets);
      io.on('connection', (socket) => {
        sockets.set(nameOf(socket), socket);
        socket.on('fence', (answer: () => void) => answer());
      });
    },
    async client(connect, stage) {
      const walker = new Walk(seed, connect, stage, played.get(stage.io) ?? new Map<string, Socket>());
      for (const name of PEOPLE) await walker.enter(name);
      for (let step = 0; step < STEPS; step += 1) await walker.step(step);
    },
  };
}

export const randomWalkScenarios: readonly Scenario[] = [
  ...[1, 2, 3, 4, 5, 6].map((seed) => walk(seed, 'websocket')),
  ...[7, 8].map((seed) => walk(seed, 'polling')),
  walk(9, 'websocket', ['3', '2', '1.7']),
  walk(10, 'polling', ['3', '2']),
];
