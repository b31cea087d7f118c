import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Announcer, speakers } from './announcer.ts';
import { message } from './testing.ts';

test('once every two seconds, however many messages arrive', (context) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  context.after(() => mock.timers.reset());
  const said: number[][] = [];
  const announcer = new Announcer((messages) => said.push(messages.map(({ seq }) => seq)));
  announcer.add(message(1));
  announcer.add(message(2));
  announcer.add(message(3));
  assert.deepEqual(said, [[1]]);
  mock.timers.tick(2_000);
  assert.deepEqual(said, [[1], [2, 3]]);
  mock.timers.tick(10_000);
  announcer.add(message(4));
  assert.deepEqual(said.at(-1), [4]);
});

test('names three speakers, and counts the others', () => {
  const by = (id: number, name: string) => message(id, { from: { id, name, role: 'member' } });
  const heard = [by(1, 'Ann'), by(2, 'Bob'), by(1, 'Ann'), by(3, 'Cem'), by(4, 'Dee'), by(5, 'Eve')];
  assert.deepEqual(speakers(heard), { names: ['Ann', 'Bob', 'Cem'], more: 2 });
});
