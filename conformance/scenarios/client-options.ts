/** Options of the official client that a server has to go along with. */
import { ask, connected, settled } from '../clients.ts';
import {
  ALL_VERSIONS,
  type ConnectOptions,
  type Scenario,
  type ServerUnderTest,
  type Stage,
} from '../scenario.ts';

function echo(io: ServerUnderTest, { notes }: Stage): void {
  io.on('connection', (socket) => {
    notes.note('server', 'connection', socket.handshake.query['transport'], socket.handshake.query['b64']);
    socket.on('echo', (...details: unknown[]) => {
      const answer = details.pop() as (...words: unknown[]) => void;
      notes.note('server', 'echo', ...details);
      answer(...details);
      socket.emit('back', ...details);
    });
    socket.on('disconnect', (reason) => notes.note('server', 'disconnect', reason));
  });
}

/** With that option, text and bytes go both ways, before an upgrade and after it. */
function option(name: string, options: ConnectOptions, more: Partial<Scenario> = {}): Scenario {
  return {
    name,
    server: echo,
    async client(connect, stage) {
      const { notes } = stage;
      const alice = connect(options);
      await connected(alice);
      alice.on('back', (...details: unknown[]) => notes.note('alice', 'back', ...details));
      notes.note('answers', 'text', await ask(alice, 'echo', 'plain'));
      // Two at a time, so that more than one packet is on its way.
      const both = [
        ask(alice, 'echo', Buffer.from([0, 1, 255])),
        ask(alice, 'echo', { deep: [Buffer.from('b')] }),
      ];
      for (const answer of both) notes.note('answers', 'bytes', await answer);
      await notes.until('alice', 'back', 3);
      if (options.upgrade !== false) await settled(stage, alice);
      notes.note('alice', 'by', alice.io.engine.transport.name);
    },
    ...more,
  };
}

export const clientOptionScenarios: readonly Scenario[] = [
  option('forceBase64', { forceBase64: true }, { versions: ALL_VERSIONS, modes: ['polling', 'websocket'] }),
  option(
    'forceBase64 across an upgrade',
    { forceBase64: true },
    {
      modes: ['upgrade'],
      async client(connect, stage) {
        const alice = connect({ forceBase64: true });
        await settled(stage, alice);
        stage.notes.note('alice', 'bytes', await ask(alice, 'echo', Buffer.from([0, 1, 255])));
      },
    },
  ),
  option(
    'protocols: the first is taken',
    { protocols: ['chat', 'other'] },
    {
      modes: ['websocket'],
    },
  ),
  option('protocols: one', { protocols: 'chat' }, { modes: ['websocket'] }),
  option('upgrade: false', { upgrade: false }, { modes: ['upgrade'] }),
  option('timestampRequests', { timestampRequests: true, timestampParam: 'stamp' }),
  option('transportOptions and extraHeaders', {
    extraHeaders: { 'x-color': 'blue' },
    transportOptions: { polling: { extraHeaders: { 'x-color': 'red' } } },
  }),
  option(
    'perMessageDeflate asked for, where the server has it not',
    { perMessageDeflate: { threshold: 0 } },
    {
      modes: ['websocket'],
    },
  ),
  {
    name: 'rememberUpgrade: the second connection begins by WebSocket',
    modes: ['upgrade'],
    server: echo,
    async client(connect, stage) {
      // What is remembered is remembered by all clients of the process, until one opens by polling.
      await connected(connect({ transports: ['polling'] }));
      const alice = connect({ rememberUpgrade: true });
      await settled(stage, alice);
      alice.io.engine.close();
      await stage.notes.until('server', 'disconnect');
      alice.connect();
      await connected(alice);
      stage.notes.note('alice', 'by', alice.io.engine.transport.name);
    },
  },
  {
    name: 'multiplex and forceNew: one connection or two',
    modes: ['websocket'],
    server(io, { notes }) {
      for (const name of ['/', '/a']) {
        io.of(name).on('connection', () =>
          notes.note(`server ${name}`, 'connection', io.engine.clientsCount),
        );
      }
    },
    async client(connect, { notes }) {
      for (const options of [
        { forceNew: false },
        { forceNew: false, namespace: '/a' },
        { forceNew: false, namespace: '/a' },
        { forceNew: true, namespace: '/a' },
        { forceNew: false, multiplex: false },
      ]) {
        await connected(connect(options));
      }
      await notes.until('server /a', 'connection', 3);
      await notes.until('server /', 'connection', 2);
    },
  },
];
