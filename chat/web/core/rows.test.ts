import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message, Person } from '../../shared/events.ts';
import type { Unsent } from './outbox.ts';
import { People } from './people.ts';
import { layOut, type Layout, type Row } from './rows.ts';
import { message } from './testing.ts';

const noon = new Date(2026, 4, 20, 12).getTime();
const minute = 60_000;
const jo: Person = { id: 7, name: 'Jo', role: 'member' };

function rowsOf(list: Message[], more: Partial<Layout> = {}): Row[] {
  const window = list.map((one) => ({ key: `k${one.seq}`, message: one }));
  return layOut({
    window,
    unsent: [],
    people: new People(() => undefined),
    me: jo,
    dividerAfter: null,
    ...more,
  });
}
const shape = (rows: Row[]): string[] =>
  rows.map((row) => (row.kind !== 'message' ? row.kind : row.startsGroup ? 'group' : 'row'));
const unsent = (nonce: string, at: number, by = 7): Unsent => ({
  nonce,
  by,
  room: 'general',
  body: nonce,
  at,
  state: { kind: 'pending' },
});

test('rows of one author within five minutes are one group', () => {
  const rows = rowsOf([
    message(1, { at: noon }),
    message(2, { at: noon + 5 * minute }),
    message(3, { at: noon + 10 * minute + 1 }),
    message(4, { at: noon + 11 * minute, from: { id: 2, name: 'Bob', role: 'member' } }),
  ]);
  assert.deepEqual(shape(rows), ['day', 'group', 'row', 'group', 'group']);
});

test('a day starts with its label and a new group', () => {
  const midnight = new Date(2026, 4, 21).getTime();
  const rows = rowsOf([message(1, { at: midnight - 1 }), message(2, { at: midnight })]);
  assert.deepEqual(shape(rows), ['day', 'group', 'day', 'group']);
});

test('the label of a day is the same row whatever stands below it, and no two rows are the same', () => {
  const tomorrow = noon + 24 * 3_600_000;
  const messages = [noon, noon + 1, tomorrow, noon + 2].map((at, index) => message(index + 1, { at }));
  const keys = (list: Message[]): string[] => rowsOf(list).map(({ key }) => key);
  assert.equal(keys(messages)[0], keys(messages.slice(1))[0]);
  assert.equal(new Set(keys(messages)).size, 7, 'a clock that was set back has a day again');
});

test('what is not confirmed stands below everything else, under today', () => {
  const rows = rowsOf([message(1, { at: noon })], { unsent: [unsent('mine', noon - 3 * 3_600_000)] });
  assert.deepEqual(shape(rows), ['day', 'group', 'group']);
  const last = rows.at(-1);
  assert.equal(last?.kind === 'message' && last.message.at, noon);
});

test('what is confirmed already is not shown twice', () => {
  assert.equal(rowsOf([message(1, { at: noon })], { unsent: [unsent('k1', noon)] }).length, 2);
});

test('what somebody else left unsent in this browser is not shown', () => {
  assert.equal(rowsOf([], { unsent: [unsent('theirs', noon, 8)] }).length, 0);
});

test('people have the name of now', () => {
  const people = new People(() => undefined);
  people.learn([{ id: 1, name: 'Annette', role: 'member' }]);
  const [, row] = rowsOf([message(1, { at: noon })], { people });
  assert.ok(row?.kind === 'message');
  assert.equal(row.from.name, 'Annette');
});

test('the divider stands above the first unread message, which starts a group', () => {
  const list = [1, 2, 3].map((seq) => message(seq, { at: noon + seq }));
  assert.deepEqual(shape(rowsOf(list, { dividerAfter: 1 })), ['day', 'group', 'divider', 'group', 'row']);
  assert.deepEqual(shape(rowsOf(list, { dividerAfter: 3 })), ['day', 'group', 'row', 'row']);
  assert.deepEqual(shape(rowsOf(list, { dividerAfter: 0 })), ['day', 'divider', 'group', 'row', 'row']);
});

test('a reply, an action and what happened in the room stand for themselves', () => {
  const quote = { seq: 1, from: jo, excerpt: 'x' };
  const rows = rowsOf([
    message(1, { at: noon }),
    message(2, { at: noon, replyTo: quote }),
    message(3, { at: noon, kind: 'action' }),
    message(4, { at: noon }),
    message(5, { at: noon, kind: 'system', event: { what: 'joined' } }),
    message(6, { at: noon }),
  ]);
  assert.deepEqual(shape(rows), ['day', 'group', 'group', 'group', 'group', 'system', 'group']);
});

test('a row knows whether it is mine and whether it is for me', () => {
  const rows = rowsOf([
    message(1, { at: noon, from: jo, mentionsRoom: true }),
    message(2, { at: noon, mentions: [{ person: 7, as: 'Jo' }] }),
    message(3, { at: noon, mentionsRoom: true }),
  ]).filter((row) => row.kind === 'message');
  assert.deepEqual(
    rows.map(({ isMine, mentionsMe }) => [isMine, mentionsMe]),
    [
      [true, false],
      [false, true],
      [false, true],
    ],
  );
});
