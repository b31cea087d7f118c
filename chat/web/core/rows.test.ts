import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '../../shared/events.ts';
import type { Unsent } from './outbox.ts';
import { layOut, type Row } from './rows.ts';
import { message } from './testing.ts';

const noon = new Date(2026, 4, 20, 12).getTime();
const minute = 60_000;
const jo = { id: 7, name: 'Jo' };

function rowsOf(list: Message[], unsent: Unsent[] = [], names = new Map<number, string>()): Row[] {
  return layOut({ window: list.map((one) => ({ key: `k${one.seq}`, message: one })), names }, unsent, jo);
}
const shape = (rows: Row[]): string[] =>
  rows.map((row) => (row.kind === 'day' ? 'day' : row.startsGroup ? 'group' : 'row'));
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
    message(4, { at: noon + 11 * minute, from: { id: 2, name: 'Bob' } }),
  ]);
  assert.deepEqual(shape(rows), ['day', 'group', 'row', 'group', 'group']);
});

test('a day starts with its label and a new group', () => {
  const midnight = new Date(2026, 4, 21).getTime();
  const rows = rowsOf([message(1, { at: midnight - 1 }), message(2, { at: midnight })]);
  assert.deepEqual(shape(rows), ['day', 'group', 'day', 'group']);
});

test('what is not confirmed stands below everything else, under today', () => {
  const rows = rowsOf([message(1, { at: noon })], [unsent('mine', noon - 3 * 3_600_000)]);
  assert.deepEqual(shape(rows), ['day', 'group', 'group']);
  assert.deepEqual(rows.at(-1)?.at, noon);
});

test('what is confirmed already is not shown twice', () => {
  assert.equal(rowsOf([message(1, { at: noon })], [unsent('k1', noon)]).length, 2);
});

test('what somebody else left unsent in this browser is not shown', () => {
  assert.equal(rowsOf([], [unsent('theirs', noon, 8)]).length, 0);
});

test('people have the name of now', () => {
  const [, row] = rowsOf([message(1, { at: noon })], [], new Map([[1, 'Annette']]));
  assert.ok(row?.kind === 'message');
  assert.equal(row.from.name, 'Annette');
});
