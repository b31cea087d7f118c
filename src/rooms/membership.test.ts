import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { walkAudience, withRooms } from './audience.ts';
import { Membership } from './membership.ts';

const ids = ['s1', 's2', 's3', 's4', '__proto__'];
// Of these, some have the ids of sockets for names, as the rooms that sockets have for themselves.
const rooms = ['r1', 'r2', 's1', 's2', '__proto__', 'constructor'];
const steps = fc.array(
  fc.record({ id: fc.constantFrom(...ids), room: fc.constantFrom(...rooms), joins: fc.boolean() }),
  { maxLength: 60 },
);

function play(list: readonly { id: string; room: string; joins: boolean }[]): Membership {
  const membership = new Membership();
  for (const { id, room, joins } of list) {
    if (joins) membership.join(id, room);
    else membership.leave(id, room);
  }
  return membership;
}

describe('Membership', () => {
  it('says what a step changed', () => {
    const membership = new Membership();
    assert.equal(membership.join('s1', 'r1'), 'created');
    assert.equal(membership.join('s1', 'r1'), 'nothing');
    assert.equal(membership.join('s2', 'r1'), 'joined');
    assert.equal(membership.leave('s1', 'r1'), 'left');
    assert.equal(membership.leave('s1', 'r1'), 'nothing');
    assert.equal(membership.leave('s2', 'r1'), 'emptied');
  });

  it('property: the two maps stay mirror images, and no room is empty', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const membership = play(list);
        for (const [room, members] of membership.rooms) {
          assert.ok(members.size > 0);
          for (const id of members) assert.ok(membership.sids.get(id)?.has(room));
        }
        for (const [id, joined] of membership.sids) {
          for (const room of joined) assert.ok(membership.rooms.get(room)?.has(id));
        }
        const pairs = new Set<string>();
        for (const { id, room, joins } of list) {
          if (joins) pairs.add(`${id} ${room}`);
          else pairs.delete(`${id} ${room}`);
        }
        const found = [...membership.sids].flatMap(([id, joined]) =>
          [...joined].map((room) => `${id} ${room}`),
        );
        assert.deepEqual(found.toSorted(), [...pairs].toSorted());
      }),
    );
  });
});

describe('walkAudience', () => {
  const some = fc.subarray([...rooms, 'nobody is here']);

  it('property: visits each connected socket of the rooms once, and nobody who is excepted', () => {
    fc.assert(
      fc.property(steps, some, some, fc.nat(3), (list, to, except, absent) => {
        const membership = play(list);
        const audience = { rooms: new Set(to), except: new Set(except) };
        const present = [...membership.sids.keys()].filter((_id, at) => at !== absent);
        const connected = new Map(present.map((id) => [id, { id }]));
        const visited: string[] = [];
        walkAudience(audience, membership.rooms, connected, ({ id }) => visited.push(id));
        const isIn = (id: string, some: readonly string[]): boolean =>
          some.some((room) => membership.sids.get(id)?.has(room));
        const expected = present.filter((id) => (to.length === 0 || isIn(id, to)) && !isIn(id, except));
        assert.deepEqual(visited.sort(), expected.sort());
      }),
    );
  });

  it('refining a set of rooms leaves it as it was', () => {
    const first = withRooms(new Set(), 'r1');
    const second = withRooms(first, ['r1', 'r2']);
    assert.deepEqual([[...first], [...second]], [['r1'], ['r1', 'r2']]);
  });
});
