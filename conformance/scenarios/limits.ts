/** What happens to a client that asks too much, and that the others do not notice. */
import { ask, nameOf, settled } from '../clients.ts';
import { ALL_VERSIONS, type Scenario } from '../scenario.ts';

export const limitScenarios: readonly Scenario[] = [
  {
    name: 'a message over maxHttpBufferSize ends that client alone',
    versions: ALL_VERSIONS,
    options: { maxHttpBufferSize: 10_000 },
    server(io, { notes }) {
      io.on('connection', (socket) => {
        const party = `server about ${nameOf(socket)}`;
        socket.on('text', (text: string, answer: (length: number) => void) => {
          notes.note(party, 'text', text.length);
          answer(text.length);
        });
        socket.on('disconnect', (reason) => notes.note(party, 'disconnect', reason));
      });
    },
    async client(connect, stage) {
      const { notes } = stage;
      const bob = connect({ auth: { name: 'bob' } });
      const alice = connect({ auth: { name: 'alice' } });
      bob.on('disconnect', (reason) => notes.note('bob', 'disconnect', reason));
      alice.on('disconnect', (reason) => notes.note('alice', 'disconnect', reason));
      await settled(stage, alice, bob);
      notes.note('alice', 'answer', await ask(alice, 'text', 'x'.repeat(9_000)));
      alice.emit('text', 'x'.repeat(11_000));
      await notes.until('alice', 'disconnect');
      await notes.until('server about alice', 'disconnect');
      notes.note('bob', 'answer', await ask(bob, 'text', 'still here'));
      notes.note('bob', 'state', bob.connected);
    },
  },
  {
    name: 'the limit counts bytes, not characters',
    versions: ['4', '3', '2'],
    options: { maxHttpBufferSize: 1_000 },
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.on('text', (text: string, answer: (length: number) => void) => answer(text.length));
        socket.on('disconnect', (reason) => notes.note('server', 'disconnect', reason));
      });
    },
    async client(connect, stage) {
      const alice = connect();
      alice.on('disconnect', (reason) => stage.notes.note('alice', 'disconnect', reason));
      await settled(stage, alice);
      stage.notes.note('alice', 'answer', await ask(alice, 'text', 'é'.repeat(450)));
      alice.emit('text', 'é'.repeat(600));
      await stage.notes.until('server', 'disconnect');
      await stage.notes.until('alice', 'disconnect');
    },
  },
  {
    name: 'many small messages together may pass the limit of one',
    options: { maxHttpBufferSize: 2_000 },
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.on('text', (text: string) => notes.note('server', 'text', text));
        socket.on('disconnect', (reason) => notes.note('server', 'disconnect', reason));
      });
    },
    async client(connect, stage) {
      const alice = connect();
      await settled(stage, alice);
      for (let index = 0; index < 50; index += 1) alice.emit('text', `${index} ${'x'.repeat(200)}`);
      await stage.notes.until('server', 'text', 50);
    },
  },
  {
    name: 'a connection that joins no namespace is closed after connectTimeout',
    modes: ['websocket'],
    options: { connectTimeout: 60 },
    server(io, { notes }) {
      io.engine.on('connection', (conn: { on: (event: string, heard: (reason: string) => void) => void }) => {
        notes.note('engine', 'connection');
        conn.on('close', (reason) => notes.note('engine', 'close', reason));
      });
      io.on('connection', () => notes.note('server', 'connection'));
    },
    async client(_connect, { notes, url }) {
      const tcp = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
      tcp.addEventListener('close', () => notes.note('client', 'close'));
      await notes.until('client', 'close');
      await notes.until('engine', 'close');
    },
  },
];
