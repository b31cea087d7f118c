import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { OwnTyping, Typing } from './typing.ts';

const ann = { id: 1, name: 'Ann', role: 'member' } as const;
const bob = { id: 2, name: 'Bob', role: 'guest' } as const;

test('writing is over after five seconds without a repeat, or with the message', (context) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  context.after(() => mock.timers.reset());
  let changes = 0;
  const typing = new Typing(() => changes++);
  const names = (): string[] => typing.in('general').map(({ name }) => name);
  typing.heard('general', ann);
  typing.heard('general', bob);
  mock.timers.tick(4_000);
  typing.heard('general', ann);
  mock.timers.tick(1_000);
  assert.deepEqual(names(), ['Ann']);
  typing.over('general', 1);
  typing.over('general', 1);
  assert.deepEqual(names(), []);
  assert.equal(changes, 5);
  assert.deepEqual(typing.in('elsewhere'), []);
});

test('says that I am writing at once, and then every three seconds; after sending anew', () => {
  const told: string[] = [];
  let now = 0;
  const own = new OwnTyping(
    (room) => told.push(`${room} ${now}`),
    () => now,
  );
  for (now = 0; now < 7_000; now += 1_000) own.wrote('general');
  assert.deepEqual(told, ['general 0', 'general 3000', 'general 6000']);
  own.wrote('kiln');
  own.sent();
  own.wrote('kiln');
  assert.deepEqual(told.slice(3), ['kiln 7000', 'kiln 7000']);
});
