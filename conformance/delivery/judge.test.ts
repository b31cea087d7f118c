import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Deed } from './deeds.ts';
import { judge } from './judge.ts';

const enter = (sid: string, recovered = false, rooms: string[] = [], data?: string): Deed => ({
  did: 'enter',
  sid,
  recovered,
  rooms,
  data,
});
const emit = (id: number, rooms: string[] = [], except: string[] = []): Deed => ({
  did: 'emit',
  id,
  rooms,
  except,
});
const move = (did: 'join' | 'leave', sid: string, room: string, command: string): Deed => ({
  did,
  sid,
  room,
  command,
});

/** What is wrong when the client of session `a` has heard this. */
function wrong(deeds: Deed[], ids: number[], confirmed: string[] = []): Record<string, number> {
  const flushed: Deed[] = [
    { did: 'start' },
    ...deeds,
    { did: 'flush', deeds: deeds.length + 1 },
    { did: 'start' },
  ];
  const { counts } = verdict(flushed, ids, confirmed);
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

function verdict(deeds: Deed[], ids: number[], confirmed: string[] = []): ReturnType<typeof judge> {
  return judge(deeds, [{ name: 'alice', hearings: [{ sid: 'a', ids }], confirmed: new Set(confirmed) }]);
}

describe('the judge of deliveries', () => {
  it('sees what is lost, doubled, out of order, and for others', () => {
    const deeds = [
      emit(1),
      enter('a'),
      emit(2),
      emit(3, ['red']),
      emit(4, ['a']),
      emit(5, [], ['a']),
      emit(6),
      emit(7),
    ];
    assert.deepEqual(wrong(deeds, [2, 4, 6, 7]), {});
    assert.deepEqual(wrong(deeds, [2, 4]), {}, 'a session may end early');
    assert.deepEqual(wrong(deeds, [2, 6, 7]), { lost: 1 });
    assert.deepEqual(wrong(deeds, [4, 6, 7]), { lost: 1 });
    assert.deepEqual(wrong(deeds, [2, 4, 4, 6, 2]), { doubled: 2 });
    assert.deepEqual(wrong(deeds, [2, 6, 4, 7]), { 'out of order': 1 });
    assert.deepEqual(wrong(deeds, [1, 2, 3, 4, 5, 6]), { 'not for it': 3 });
  });

  it('knows who was in which room, and when', () => {
    const deeds = [
      enter('a'),
      emit(1, ['red']),
      move('join', 'a', 'red', '1'),
      emit(2, ['red']),
      emit(3, [], ['red']),
      enter('a', true, ['red'], '1'),
      emit(4, ['red', 'blue']),
      move('leave', 'a', 'red', '2'),
      emit(5, ['red']),
    ];
    assert.deepEqual(wrong(deeds, [2, 4]), {});
    assert.deepEqual(wrong(deeds, [1, 2, 3, 4, 5]), { 'not for it': 3 });
    assert.deepEqual(wrong([...deeds, enter('a', true, ['red'], '2')], [2, 4]), { 'wrong rooms': 1 });
    assert.deepEqual(wrong([...deeds, enter('a', true, [], '1')], [2, 4]), { 'wrong rooms': 1 });
    assert.deepEqual(wrong([enter('a', true)], []), { 'wrong rooms': 1 });
  });

  it('what a killed process did last counts if anybody knows of it', () => {
    const killed: Deed[] = [
      { did: 'start' },
      enter('a'),
      enter('b'),
      move('join', 'a', 'red', '1'),
      emit(1, ['red']),
      emit(2),
      { did: 'start' },
      emit(3),
      { did: 'flush', deeds: 2 },
    ];
    const lost = (ids: number[], confirmed: string[] = []): number =>
      verdict(killed, ids, confirmed).counts.lost;
    assert.equal(lost([3]), 0);
    assert.equal(lost([1, 3], ['1']), 0);
    assert.equal(lost([2, 3]), 1, 'what it did before is done, too');
    assert.equal(verdict(killed, [1, 3]).counts['not for it'], 0, 'it was in the room by then');
    const both = judge(killed, [
      { name: 'alice', hearings: [{ sid: 'a', ids: [3] }], confirmed: new Set() },
      { name: 'bob', hearings: [{ sid: 'b', ids: [2, 3] }], confirmed: new Set() },
    ]);
    assert.deepEqual([both.counts.lost, both.heard], [2, 3], 'bob heard it, so alice should have');
  });
});
