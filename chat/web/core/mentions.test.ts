import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message, Person } from '../../shared/events.ts';
import { rankPeople, recentSpeakers } from './mentions.ts';

const person = (id: number, name: string): Person => ({ id, name, role: 'member' });
const [ada, adam, zoe, mary, me] = [
  person(1, 'Ada Lovelace'),
  person(2, 'Adam'),
  person(3, 'Zoë'),
  person(4, 'Mary Ada Jones'),
  person(9, 'Adrian'),
];
const all = [ada, adam, me, mary, zoe];
const rank = (like: string, speakers: readonly Person[] = [], people: readonly Person[] = all): string[] =>
  rankPeople(people, { like, speakers, me: me.id, most: 3 }).map(({ name }) => name);

test('who begins so is offered, before those with another word that does', () => {
  assert.deepEqual(rank('ad'), ['Ada Lovelace', 'Adam', 'Mary Ada Jones']);
  assert.deepEqual(rank('ZOE'), ['Zoë']);
  assert.deepEqual(rank('ada l'), ['Ada Lovelace']);
  assert.deepEqual(rank('ada jo'), ['Mary Ada Jones']);
  assert.deepEqual(rank('dam'), []);
});

test('who spoke last is first, but not before a better match', () => {
  assert.deepEqual(rank('ad', [mary, adam]), ['Adam', 'Ada Lovelace', 'Mary Ada Jones']);
  assert.deepEqual(rank('', [zoe, adam]), ['Zoë', 'Adam', 'Ada Lovelace']);
});

test('offline, those who spoke are offered all the same', () => {
  assert.deepEqual(rank('ad', [me, adam], []), ['Adam']);
});

test('speakers are counted once, the newest first, as they were called last', () => {
  const said = (seq: number, from: Person): Message => ({
    room: 'general',
    seq,
    rev: seq,
    from,
    body: '',
    at: seq,
  });
  const messages = [said(1, zoe), said(2, person(2, 'Adam the Old')), said(3, ada), said(4, adam)];
  assert.deepEqual(recentSpeakers(messages, 2), [adam, ada]);
  assert.deepEqual(recentSpeakers(messages, 9), [adam, ada, zoe]);
});
