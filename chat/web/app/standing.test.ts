/** Where the list stands after "back", "forward", a reload, and an address that names a message. */
import assert from 'node:assert/strict';
import { mock, test, type TestContext } from 'node:test';
import type { Message } from '../../shared/events.ts';
import type { Standpoint } from '../core/standpoints.ts';
import { memoryStorage } from '../core/storage.ts';
import { entered, hello, messages, myRoom } from '../core/testing.ts';
import type { Conversation } from './conversation.ts';
import { greet, openApp, type Bench } from './testing.ts';

const general = myRoom('general', { lastSeq: 200, rev: 200, read: 200 });
const other = myRoom('other');

async function opened(
  context: TestContext,
  options: Parameters<typeof openApp>[1] = { path: '/r/general' },
): Promise<Bench> {
  const bench = openApp(context, options);
  await bench.drawn();
  assert.deepEqual(bench.wire.asked('history'), [], 'nothing is asked before there is a connection');
  await greet(bench, { rooms: [general, other] });
  bench.wire.asked('enter')[0]?.answer({ ok: true, ...entered(messages(101, 200), { room: general }) });
  await bench.drawn();
  return bench;
}

function shown({ app }: Bench): Conversation {
  assert.ok(app.conversation.value);
  return app.conversation.value;
}

/** The person has scrolled, and the list tells where it stands. */
function scroll(bench: Bench, at: Standpoint): void {
  const conversation = shown(bench);
  conversation.aim.value = null;
  conversation.stopFollowing();
  conversation.standpoint = at;
}

/** The list has taken its aim; it answers what it was. */
async function aimed(bench: Bench): Promise<unknown> {
  await bench.drawn();
  const aim = shown(bench).aim.value;
  shown(bench).aim.value = null;
  return aim;
}

function page(bench: Bench, list: Message[], focus: number): void {
  const answer = { ok: true as const, messages: list, older: true, newer: true, rev: 200, focus };
  bench.wire.asked('history').at(-1)?.answer(answer);
}

test('"back" and "forward" lead to the same lines, in the same room and from another', async (context) => {
  const bench = await opened(context);
  const { app, history } = bench;
  scroll(bench, { seq: 120, top: -7 });
  app.places.toRoom('general', 190);
  assert.deepEqual(await aimed(bench), { kind: 'seq', seq: 190, marks: true });
  scroll(bench, { seq: 170, top: 3 });
  app.places.toRoom('other');
  await bench.drawn();
  history.back();
  assert.deepEqual(await aimed(bench), { kind: 'stand', at: { seq: 170, top: 3 } });
  scroll(bench, { seq: 170, top: 3 });
  history.back();
  assert.deepEqual(await aimed(bench), { kind: 'stand', at: { seq: 120, top: -7 } });
  scroll(bench, { seq: 121, top: 0 });
  history.forward();
  assert.deepEqual(await aimed(bench), { kind: 'stand', at: { seq: 170, top: 3 } });
  assert.equal(app.toasts.current.value, null);
});

test('"back" from a message to the end leads to the end, also when the end is kept no more', async (context) => {
  const bench = await opened(context);
  bench.app.places.toRoom('general', 20);
  await bench.drawn();
  page(bench, messages(1, 50), 20);
  assert.deepEqual(await aimed(bench), { kind: 'seq', seq: 20, marks: true });
  bench.history.back();
  assert.deepEqual(await aimed(bench), { kind: 'end' });
  assert.equal(bench.wire.asked('history').at(-1)?.ask.before, Number.MAX_SAFE_INTEGER);
  assert.equal(shown(bench).isFollowing.value, true);
});

test('a reload keeps the place of who reads further up, and the end of who is there', async (context) => {
  for (const at of [{ seq: 120, top: -7 }, null]) {
    const session = memoryStorage();
    const first = await opened(context, { path: '/r/general/150', session });
    if (at) scroll(first, at);
    else shown(first).newest();
    window.dispatchEvent(new Event('pagehide'));
    mock.timers.reset();
    const second = await opened(context, { session, history: first.history });
    assert.deepEqual(await aimed(second), at ? { kind: 'stand', at } : { kind: 'end' });
    mock.timers.reset();
  }
});

test('the same room again by its link moves nothing', async (context) => {
  const bench = await opened(context);
  scroll(bench, { seq: 120, top: -7 });
  bench.app.places.toRoom('general');
  assert.equal(await aimed(bench), null);
});

test('the divider moves nobody again who has read on from it', async (context) => {
  const bench = openApp(context, { path: '/r/general' });
  const unread = myRoom('general', { lastSeq: 200, rev: 200, read: 150, unread: 50 });
  await greet(bench, { rooms: [unread] });
  bench.wire.asked('enter')[0]?.answer({ ok: true, ...entered(messages(101, 200), { room: unread }) });
  assert.deepEqual(await aimed(bench), { kind: 'divider' });
  scroll(bench, { seq: 170, top: 0 });
  bench.app.places.go('/settings');
  bench.app.closeDialog();
  assert.equal(await aimed(bench), null);
  assert.equal(shown(bench).hasDivider, true);
});

test('whoever comes back to a room by its link stands where they read', async (context) => {
  const bench = await opened(context);
  scroll(bench, { seq: 120, top: -7 });
  bench.app.places.toRoom('other');
  bench.app.places.toRoom('general');
  assert.deepEqual(await aimed(bench), { kind: 'stand', at: { seq: 120, top: -7 } });
});

test('an address without a message leads to the nearest one, and says so', async (context) => {
  const bench = await opened(context, { path: '/r/general/999' });
  assert.equal(bench.wire.asked('history')[0]?.ask.around, 999);
  page(bench, messages(151, 200), 200);
  assert.deepEqual(await aimed(bench), { kind: 'seq', seq: 200, marks: true });
  assert.match(bench.app.toasts.current.value?.text ?? '', /no message at this address/);
});

test('in a hole, too; what was read last need not be there', async (context) => {
  const bench = await opened(context);
  const { app, wire, drawn } = bench;
  app.places.toRoom('general', 60);
  await drawn();
  page(bench, [...messages(40, 59), ...messages(61, 80)], 61);
  assert.deepEqual(await aimed(bench), { kind: 'seq', seq: 61, marks: true });
  assert.ok(app.toasts.current.value);
  app.toasts.dismiss();
  void shown(bench).jumpToLastRead();
  assert.equal(wire.asked('history').at(-1)?.ask.around, 200);
  page(bench, messages(150, 199), 199);
  assert.deepEqual(await aimed(bench), { kind: 'seq', seq: 199, marks: true });
  assert.equal(app.toasts.current.value, null);
});

test('a page that the server wrote messages into waits for what it has to show first', async (context) => {
  const session = memoryStorage();
  const boot = {
    hello: hello({ rooms: [general] }),
    entered: entered(messages(101, 200), { room: general }),
  };
  const beyond = await opened(context, { path: '/r/general/999', boot });
  page(beyond, messages(151, 200), 200);
  assert.deepEqual(await aimed(beyond), { kind: 'seq', seq: 200, marks: true });
  assert.ok(beyond.app.toasts.current.value);
  mock.timers.reset();

  const first = await opened(context, { path: '/r/general', session });
  scroll(first, { seq: 20, top: 4 });
  window.dispatchEvent(new Event('pagehide'));
  mock.timers.reset();
  const again = await opened(context, { session, history: first.history, boot });
  page(again, messages(1, 50), 20);
  assert.deepEqual(await aimed(again), { kind: 'stand', at: { seq: 20, top: 4 } });
});
