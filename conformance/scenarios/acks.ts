/** Answers to events, from either side, in time or not. */
import { ask, connected } from '../clients.ts';
import { ALL_VERSIONS, type Scenario } from '../scenario.ts';

export const ackScenarios: readonly Scenario[] = [
  {
    name: 'the server answers a client',
    versions: ALL_VERSIONS,
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.on('sum', (one: number, other: number, answer: (sum: number) => void) => answer(one + other));
        socket.on('many', (answer: (...details: unknown[]) => void) =>
          answer(1, 'two', null, undefined, { four: [5] }),
        );
        socket.on('bytes', (bytes: Buffer, answer: (...details: unknown[]) => void) => {
          answer({ back: Buffer.concat([bytes, bytes]) }, 'and text');
        });
        socket.on('twice', (answer: (text: string) => void) => {
          answer('first');
          answer('second');
        });
        socket.on('later', (answer: (text: string) => void) => setImmediate(answer, 'late'));
        socket.on('no answer wanted', (...details: unknown[]) =>
          notes.note('server', 'details', details.length),
        );
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      const noted =
        (what: string) =>
        (...details: unknown[]): void =>
          notes.note('alice', what, ...details);
      alice.emit('later', noted('later'));
      await notes.until('alice', 'later');
      alice.emit('sum', 2, 3, noted('sum'));
      alice.emit('many', noted('many'));
      alice.emit('bytes', Buffer.from('ab'), noted('bytes'));
      alice.emit('twice', noted('twice'));
      alice.emit('no answer wanted', 1);
      await notes.until('server', 'details');
      notes.note('alice', 'fence', await ask(alice, 'sum', 1, 1));
    },
  },
  {
    name: 'a client answers the server, by callback and by promise',
    versions: ALL_VERSIONS,
    server(io, { notes }) {
      io.on('connection', async (socket) => {
        socket.emit('question', 'callback', (...details: unknown[]) =>
          notes.note('callback', 'answer', ...details),
        );
        const answer: unknown = await socket.emitWithAck('question', 'promise');
        notes.note('promise', 'answer', answer);
        socket.emit('bytes', Buffer.from('xyz'), (bytes: unknown) => notes.note('bytes', 'answer', bytes));
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      alice.on('question', (kind: string, answer: (...details: unknown[]) => void) =>
        answer(`by ${kind}`, 2),
      );
      alice.on('bytes', (bytes: Buffer, answer: (bytes: Buffer) => void) =>
        answer(Buffer.from([...bytes].toReversed())),
      );
      await notes.until('bytes', 'answer');
      await notes.until('callback', 'answer');
    },
  },
  {
    name: 'answers given out of order find their questions',
    versions: ALL_VERSIONS,
    server(io) {
      io.on('connection', (socket) => {
        const answers: ((number: number) => void)[] = [];
        socket.on('question', (_number: number, answer: (number: number) => void) => {
          answers.push(answer);
          if (answers.length < 20) return;
          for (const [index, give] of [...answers.entries()].toReversed()) give(index);
        });
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      for (let index = 0; index < 20; index += 1) {
        alice.emit('question', index, (answer: number) => notes.note('alice', 'answer', index, answer));
      }
      await notes.until('alice', 'answer', 20);
    },
  },
  {
    name: 'server: timeout by callback and by promise, and the late answer is ignored',
    versions: ALL_VERSIONS,
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.on('start', (done: () => void) => {
          socket.timeout(30).emit('silent', (...details: unknown[]) => {
            notes.note('callback', 'outcome', ...details);
            socket.emit('answer now');
          });
          socket
            .timeout(30)
            .emitWithAck('silent')
            .catch((error: unknown) => notes.note('promise', 'rejected', error));
          socket.timeout(5_000).emit('quick', (...details: unknown[]) => {
            notes.note('quick', 'outcome', ...details);
          });
          done();
        });
        socket.on('fence', (answer: () => void) => answer());
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      const late: (() => void)[] = [];
      alice.on('silent', (answer: () => void) => late.push(answer));
      alice.on('quick', (answer: (text: string) => void) => answer('here'));
      alice.on('answer now', () => notes.note('alice', 'answer now'));
      await ask(alice, 'start');
      await notes.until('callback', 'outcome');
      await notes.until('promise', 'rejected');
      await notes.until('quick', 'outcome');
      await notes.until('alice', 'answer now');
      for (const answer of late) answer();
      await ask(alice, 'fence');
      notes.note('alice', 'late answers', late.length);
    },
  },
  {
    name: 'client: timeout when the server stays silent',
    server(io) {
      io.on('connection', (socket) => {
        socket.on('silent', () => undefined);
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      await connected(alice);
      alice.timeout(30).emit('silent', (error: unknown) => notes.note('alice', 'outcome', error));
      await notes.until('alice', 'outcome');
    },
  },
  {
    name: 'a question that is open when the client leaves',
    versions: ALL_VERSIONS,
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket
          .timeout(60)
          .emit('leave now', (...details: unknown[]) => notes.note('timed', 'outcome', ...details));
        socket.emit('never', () => notes.note('untimed', 'outcome'));
        socket.on('disconnect', (reason) => notes.note('server', 'disconnect', reason));
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      alice.on('leave now', () => alice.disconnect());
      await notes.until('server', 'disconnect');
      await notes.until('timed', 'outcome');
    },
  },
];
