import assert from 'node:assert/strict';
import { mock, test, type TestContext } from 'node:test';
import { entered, message, messages, myRoom } from '../core/testing.ts';
import { announce } from './announce.ts';
import { greet, openApp, type Bench } from './testing.ts';

const from = { id: 1, name: 'Ann', role: 'member' } as const;

/** In a room with thirty messages, the last ten of them unread. */
async function inRoom(context: TestContext): Promise<Bench> {
  const bench = openApp(context, { path: '/r/general' });
  const general = myRoom('general', { lastSeq: 30, rev: 30, read: 20, unread: 10, mentions: 1 });
  await greet(bench, { rooms: [general] });
  bench.wire.asked('enter')[0]?.answer({ ok: true, ...entered(messages(1, 30), { room: general }) });
  await bench.drawn();
  return bench;
}

test('a badge goes with the mention that it stood for, asked for once', async (context) => {
  const { app, wire, drawn } = await inRoom(context);
  assert.match(app.title.value, /^\(1\)/);
  for (const seq of [29, 30]) {
    const gone = message(seq, { rev: seq + 10, body: '', deleted: { at: 1, by: from } });
    wire.listeners?.heard('message', gone);
  }
  mock.timers.tick(1_000);
  assert.deepEqual(
    wire.asked('read').map(({ ask }) => ask),
    [{ room: 'general', seq: 20 }],
  );
  wire.asked('read')[0]?.answer({ ok: true, room: 'general', read: 20, unread: 8, mentions: 0 });
  await drawn();
  assert.deepEqual([app.myRoom('general')?.unread, app.title.value], [8, 'general']);
});

test('a mention that an edit put into what was read goes when the end is seen again', async (context) => {
  const { app, wire, drawn } = await inRoom(context);
  const reads = (): number[] => wire.asked('read').map(({ ask }) => ask.seq);
  const look = async (seq: number): Promise<void> => {
    app.conversation.value?.see(seq);
    mock.timers.tick(500);
    await drawn();
  };
  const told = { room: 'general', read: 30, unread: 0, mentions: 0 };
  await look(30);
  wire.asked('read')[0]?.answer({ ok: true, ...told });
  await look(30);
  assert.deepEqual(reads(), [30]);
  wire.listeners?.heard('read', { ...told, mentions: 1 });
  assert.match(app.title.value, /^\(1\)/);
  await look(12);
  assert.deepEqual(reads(), [30], 'further up it waits');
  await look(30);
  assert.deepEqual(reads(), [30, 30]);
  wire
    .asked('read')
    .at(-1)
    ?.answer({ ok: true, ...told });
  await drawn();
  await look(30);
  assert.deepEqual([reads().length, app.title.value], [2, 'general']);
});

test('marked unread, it stays so until the person goes away or acts', async (context) => {
  const { app, wire, drawn } = await inRoom(context);
  const reads = (): number[] => wire.asked('read').map(({ ask }) => ask.seq);
  const look = async (): Promise<void> => {
    app.conversation.value?.see(30);
    mock.timers.tick(500);
    await drawn();
  };
  const mark = async (): Promise<void> => {
    void app.messages.markUnread(message(25));
    const answer = { ok: true as const, room: 'general', read: 24, unread: 6, mentions: 0 };
    wire.asked('read').at(-1)?.answer(answer);
    await drawn();
  };
  await mark();
  await look();
  app.places.go('/settings');
  app.closeDialog();
  await look();
  assert.deepEqual([reads(), app.conversation.value?.hasDivider], [[24], true]);
  app.conversation.value?.newest();
  await look();
  assert.deepEqual(reads(), [24, 30]);

  await mark();
  app.conversation.value?.dropDivider();
  await look();
  assert.deepEqual(reads(), [24, 30, 24, 30]);

  await mark();
  app.places.toRoom('other');
  app.places.toRoom('general');
  await look();
  assert.deepEqual(reads(), [24, 30, 24, 30, 24, 30]);
});

test('a refused message comes back whole: its text, what it was, and what it answered', async (context) => {
  const { app, wire, drawn } = await inRoom(context);
  // Fetched while a command is being typed.
  await import('./commands.ts');
  app.composing.reply(message(3));
  app.composing.write('/me nods');
  app.sending.send();
  await drawn();
  const { nonce } = wire.asked('send')[0]?.ask ?? { nonce: '' };
  wire.asked('send')[0]?.answer({ ok: false, code: 'not allowed', text: 'Not now.' });
  await drawn();
  assert.deepEqual([app.composing.text.value, app.composing.replyTo.value], ['', undefined]);
  app.sending.rewrite(nonce);
  assert.deepEqual([app.composing.text.value, app.composing.replyTo.value?.seq], ['/me nods', 3]);
  assert.deepEqual(app.outbox.entries, []);
});

test('what is said aloud is plain, short, and does not tell what is covered', () => {
  const say = (body: string): string => announce([message(1, { body, from })]);
  assert.equal(say('**Dinner** at `eight`,\n> he said'), 'Ann: Dinner at eight, > he said');
  assert.equal(say('the butler: ||did it||'), 'Ann: the butler: ▒▒▒');
  assert.equal(say('👩‍👩‍👧‍👦'.repeat(300)), `Ann: ${'👩‍👩‍👧‍👦'.repeat(145)}…`);
  assert.equal(say('word '.repeat(300)), `Ann: ${'word '.repeat(40).trimEnd()}…`);
});
