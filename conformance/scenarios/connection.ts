/** The connection under the sockets: its events, its endings in detail, reconnection and repetition by the client. */
import type { Socket } from 'socket.io';
import { ask, connected, settled } from '../clients.ts';
import { frame, Opcode, RawConnection, text, upgradeRequest } from '../raw-connection.ts';
import { ALL_VERSIONS, type Scenario, type ServerUnderTest, type Stage } from '../scenario.ts';
import { noteUntil, openWire, PollingHand, portOf, withoutIds } from '../wire.ts';

const single: Pick<Scenario, 'modes'> = { modes: ['websocket'] };

function echo(io: ServerUnderTest): void {
  io.on('connection', (socket) => {
    socket.on('echo', (word: unknown, answer: (word: unknown) => void) => answer(word));
  });
}

function noteEnding(io: ServerUnderTest, { notes }: Stage): void {
  io.on('connection', (socket) => {
    for (const event of ['disconnecting', 'disconnect'] as const) {
      socket.on(event, (reason, description) =>
        // Besides an error, this server may give words.
        notes.note('server', event, reason, description instanceof Error),
      );
    }
    socket.conn.on('close', (reason) => notes.note('engine', 'close', reason, socket.conn.readyState));
    socket.on('close me', () => socket.conn.close());
    socket.on('drop me', () => socket.disconnect(true));
  });
}

/** One who has joined ends the connection in some way, by hand. */
function ending(name: string, act: (raw: RawConnection) => void, more: Partial<Scenario> = {}): Scenario {
  return {
    ...single,
    name: `ending: ${name}`,
    server: noteEnding,
    async client(_connect, stage) {
      const raw = await openWire(stage, 4);
      raw.send(text('40'));
      await raw.nextText();
      act(raw);
      // A server waits for the peer's end, too.
      void raw.ending().then(() => raw.destroy());
      await stage.notes.until('server', 'disconnect');
      await stage.notes.until('engine', 'close');
    },
    ...more,
  };
}

export const connectionScenarios: readonly Scenario[] = [
  ending('a Close frame', (raw) => raw.send(frame({ opcode: Opcode.close, payload: Buffer.from([3, 232]) }))),
  ending('FIN', (raw) => raw.halfClose()),
  ending('RST', (raw) => raw.reset()),
  ending('an unknown engine packet', (raw) => raw.send(text('9'))),
  ending('an unknown packet', (raw) => raw.send(text('49'))),
  ending('disconnect and leave', (raw) => raw.send(text('41'), frame({ opcode: Opcode.close }))),
  ending('socket.conn.close()', (raw) => raw.send(text('42["close me"]'))),
  ending('socket.disconnect(true)', (raw) => raw.send(text('42["drop me"]'))),
  ending('no pong in time', () => undefined, { options: { pingInterval: 20, pingTimeout: 20 } }),
  ending('a message over the limit', (raw) => raw.send(text(`42["${'x'.repeat(2_000)}"]`)), {
    options: { maxHttpBufferSize: 1_000 },
  }),
  {
    modes: ['polling', 'websocket', 'upgrade'],
    name: 'socket.conn: packet, packetCreate, data, close',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        const { conn } = socket;
        const start = (): void => {
          conn.on('packet', ({ type, data }) => {
            // Whether a heartbeat falls into these moments is up to the clock.
            if (type === 'message') notes.note('received', 'packet', type, data);
          });
          conn.on('data', (data) => notes.note('received', 'data', data));
          conn.on('packetCreate', ({ type, data }) => {
            if (type === 'message') notes.note('sent', 'packetCreate', type, data);
          });
          conn.once('drain', () => notes.note('engine', 'drain'));
          conn.on('close', (reason) => notes.note('engine', 'close', reason));
        };
        socket.on('start', (answer: () => void) => {
          start();
          setImmediate(answer);
        });
        socket.on('echo', (word: unknown, answer: (word: unknown) => void) => answer(word));
      });
    },
    async client(connect, stage) {
      const alice = connect();
      await settled(stage, alice);
      await ask(alice, 'start');
      await ask(alice, 'echo', 'é');
      await ask(alice, 'echo', Buffer.from('b'));
      alice.io.engine.close();
      await stage.notes.until('engine', 'close');
    },
  },
  {
    modes: ['upgrade'],
    name: 'socket.conn: upgrading, upgrade, transport, upgraded',
    server(io, { notes }) {
      // The probe may come before the client has joined a namespace.
      io.engine.on('connection', (conn: Socket['conn']) => {
        notes.note('server', 'starts', conn.transport.name, conn.upgraded, conn.protocol, conn.readyState);
        conn.once('upgrading', (transport) =>
          notes.note('server', 'upgrading', transport.name, conn.upgraded),
        );
        conn.once('upgrade', (transport) => notes.note('server', 'upgrade', transport.name, conn.upgraded));
      });
    },
    async client(connect, stage) {
      await settled(stage, connect());
      await stage.notes.until('server', 'upgrade');
    },
  },
  {
    modes: ['upgrade'],
    name: 'upgradeTimeout: who probes and goes no further is closed, its session stays',
    options: { upgradeTimeout: 40 },
    server: echo,
    async client(_connect, stage) {
      const { notes } = stage;
      const hand = await PollingHand.open(stage, 4);
      await hand.say('40');
      notes.note('hand', 'hears', withoutIds(await hand.hear()));
      const raw = await openWire(stage, 4, hand.sid);
      raw.send(text('2probe'));
      await noteUntil(raw, notes, 'never');
      await hand.say('420["echo","still by polling"]');
      await hand.noteUntil('430["still by polling"]');
    },
  },
  ...(
    [
      ['a wrong probe', '2wrong'],
      ['a message instead of a probe', '42["echo"]'],
    ] as const
  ).map(([what, packet]): Scenario => ({
    modes: ['upgrade'],
    name: `upgrade by hand: ${what}`,
    options: { upgradeTimeout: 200 },
    server: echo,
    async client(_connect, stage) {
      const { notes } = stage;
      const hand = await PollingHand.open(stage, 4);
      await hand.say('40');
      notes.note('hand', 'hears', withoutIds(await hand.hear()));
      const raw = await openWire(stage, 4, hand.sid);
      raw.send(text(packet));
      if (packet === '2wrong') notes.note('hand', 'wrong probe sent');
      await noteUntil(raw, notes, '3wrong');
      await hand.say('420["echo","still by polling"]');
      await hand.noteUntil('430["still by polling"]');
    },
  })),
  {
    modes: ['upgrade'],
    name: 'upgrade by hand: a session that is on WebSocket already is not disturbed; an unknown one is refused',
    options: { upgradeTimeout: 40 },
    server: echo,
    async client(_connect, stage) {
      const { notes } = stage;
      const first = await openWire(stage, 4);
      first.send(text('40'));
      const { sid } = JSON.parse((await first.nextText()).slice(2)) as { sid: string };
      for (const [party, id] of [
        ['second', sid],
        ['third', 'nobody'],
      ] as const) {
        const raw = await RawConnection.open(portOf(stage));
        stage.cleanUp(() => raw.destroy());
        raw.send(upgradeRequest({ path: `/socket.io/?EIO=4&transport=websocket&sid=${id}` }));
        const { status } = await raw.response();
        // Whether at once or by a WebSocket that leads nowhere.
        if (party === 'third') notes.note(party, 'status', status);
      }
      first.send(text('420["echo","still here"]'));
      notes.note('first', 'hears', await first.nextText());
    },
  },
  {
    modes: ['upgrade'],
    name: 'upgrade by hand: without a probe',
    differs: 'the protocol probes first; engine.io takes the upgrade all the same',
    options: { upgradeTimeout: 40 },
    server: echo,
    async client(_connect, stage) {
      const { notes } = stage;
      const hand = await PollingHand.open(stage, 4);
      await hand.say('40');
      notes.note('hand', 'hears', withoutIds(await hand.hear()));
      const raw = await openWire(stage, 4, hand.sid);
      raw.send(text('5'), text('420["echo","by WebSocket"]'));
      await noteUntil(raw, notes, '430["by WebSocket"]');
    },
  },
  {
    modes: ['websocket'],
    name: 'destroyUpgrade: an upgrade request for another path is ended',
    options: { destroyUpgrade: true, destroyUpgradeTimeout: 20 },
    server: echo,
    async client(connect, stage) {
      const { notes } = stage;
      const raw = await RawConnection.open(portOf(stage));
      stage.cleanUp(() => raw.destroy());
      raw.send(upgradeRequest({ path: '/other' }));
      await raw.ending();
      notes.note('hand', 'ended');
      notes.note('alice', 'echo', await ask(connect(), 'echo', 1));
    },
  },
  {
    modes: ['polling', 'websocket'],
    versions: ALL_VERSIONS,
    name: 'a client that reconnects by itself',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        notes.note('server', 'connection');
        socket.on('echo', (word: unknown, answer: (word: unknown) => void) => answer(word));
        // Which of the two connections is noticed first is up to the network.
        socket.on('disconnect', (reason) => notes.note('endings', 'disconnect', reason));
      });
    },
    async client(connect, { notes }) {
      const alice = connect({ reconnection: true, reconnectionDelay: 5, reconnectionDelayMax: 10 });
      alice.on('connect', () => notes.note('alice', 'connect'));
      alice.on('disconnect', (reason) => notes.note('alice', 'disconnect', reason));
      await connected(alice);
      alice.io.engine.close();
      await notes.until('server', 'connection', 2);
      await notes.until('alice', 'connect', 2);
      await notes.until('endings', 'disconnect');
      notes.note('alice', 'echo', await ask(alice, 'echo', 'back'));
    },
  },
  {
    modes: ['polling', 'websocket'],
    versions: ['4', '3'],
    name: 'a client that reconnects says so on its manager',
    server(io) {
      io.on('connection', (socket) => socket.on('close me', () => socket.conn.close()));
    },
    async client(connect, { notes }) {
      const alice = connect({ reconnection: true, reconnectionDelay: 5, reconnectionDelayMax: 10 });
      for (const event of ['reconnect_attempt', 'reconnect'] as const) {
        alice.io.on(event, (...details: unknown[]) => notes.note('manager', event, ...details));
      }
      alice.io.on('reconnect_error', (error) => notes.note('manager', 'reconnect_error', error));
      await connected(alice);
      alice.io.engine.close();
      await notes.until('manager', 'reconnect');
    },
  },
  {
    ...single,
    name: 'a client with retries repeats until it is answered, in order',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        let attempts = 0;
        socket.on('word', (word: string, answer: () => void) => {
          attempts += 1;
          notes.note('server', 'word', word);
          if (word === 'first' && attempts < 3) return;
          answer();
        });
      });
    },
    async client(connect, { notes }) {
      const alice = connect({ retries: 5, ackTimeout: 60 });
      alice.emit('word', 'first', (...details: unknown[]) => notes.note('alice', 'first', ...details));
      alice.emit('word', 'second', (...details: unknown[]) => notes.note('alice', 'second', ...details));
      await notes.until('alice', 'second');
    },
  },
  {
    modes: ['upgrade'],
    name: 'a client that tries all transports finds the one that is there',
    options: { transports: ['polling'] },
    server: echo,
    async client(connect, { notes }) {
      const alice = connect({ transports: ['websocket', 'polling'], tryAllTransports: true });
      notes.note('alice', 'echo', await ask(alice, 'echo', 1), alice.io.engine.transport.name);
    },
  },
  {
    modes: ['upgrade'],
    name: 'a client that begins by WebSocket though it knows polling',
    server: echo,
    async client(connect, { notes }) {
      const alice = connect({ transports: ['websocket', 'polling'] });
      notes.note('alice', 'echo', await ask(alice, 'echo', 1), alice.io.engine.transport.name);
    },
  },
  {
    ...single,
    name: 'two sockets for one namespace: each its own connection',
    versions: ALL_VERSIONS,
    server(io, { notes }) {
      io.on('connection', (socket) => {
        notes.note('server', 'connection', io.engine.clientsCount);
        socket.on('fence', (answer: () => void) => answer());
      });
    },
    async client(connect) {
      for (const options of [{}, { forceNew: false, multiplex: false }]) {
        const client = connect(options);
        await connected(client);
        await ask(client, 'fence');
      }
    },
  },
  {
    ...single,
    name: 'a client of a namespace that leaves while a function decides on it',
    server(io, { notes }) {
      io.of((_name, _auth, next) => {
        notes.note('server', 'asked');
        const wait = (): void => {
          if (io.engine.clientsCount > 0) {
            setImmediate(wait);
            return;
          }
          next(null, true);
          setImmediate(() => notes.note('server', 'decided', [...io._nsps.keys()]));
        };
        wait();
      }).on('connection', () => notes.note('server', 'connection'));
    },
    async client(connect, { notes }) {
      const alice = connect({ namespace: '/dynamic' });
      await notes.until('server', 'asked');
      alice.io.engine.close();
      await notes.until('server', 'decided');
    },
  },
];
