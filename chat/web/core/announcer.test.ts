import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Announcer } from './announcer.ts';
import { message } from './testing.ts';

test('one sentence every two seconds, however many messages arrive', (context) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  context.after(() => mock.timers.reset());
  const said: string[] = [];
  const announcer = new Announcer((sentence) => said.push(sentence));
  announcer.add(message(1, { body: 'lunch?' }));
  announcer.add(message(2));
  announcer.add(message(3, { from: { id: 2, name: 'Bob' } }));
  assert.deepEqual(said, ['Ann: lunch?']);
  mock.timers.tick(2_000);
  assert.deepEqual(said, ['Ann: lunch?', '2 new messages from Ann, Bob']);
  mock.timers.tick(10_000);
  announcer.add(message(4, { body: 'soup' }));
  assert.deepEqual(said.at(-1), 'Ann: soup');
});
