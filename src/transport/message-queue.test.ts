import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MessageQueue } from './message-queue.ts';

describe('MessageQueue', () => {
  const queue = (): MessageQueue =>
    new MessageQueue(
      () => {},
      () => {},
    ).enter();

  it('serves several takers in order, and ends all', async () => {
    const messages = queue();
    const taken = [messages.next(), messages.next(), messages.next()];
    messages.push('a');
    messages.push('b');
    messages.end();
    const values = await Promise.all(taken);
    assert.deepEqual(
      values.map(({ value }) => value as unknown),
      ['a', 'b', undefined],
    );
  });

  it('keeps for the next loop what the last one left', async () => {
    const messages = queue();
    messages.push('a');
    messages.push('b');
    for await (const message of messages) {
      assert.equal(message, 'a');
      break;
    }
    assert.equal((await messages.enter().next()).value, 'b');
    await messages.return();
    messages.push('nobody waits');
    messages.push('still nobody');
    messages.end();
    assert.equal((await messages.enter().next()).done, true);
  });

  it('stops reading while something waits, and reads on when all was taken', async () => {
    const calls: string[] = [];
    const messages = new MessageQueue(
      () => calls.push('pause'),
      () => calls.push('resume'),
    ).enter();
    messages.push('a');
    messages.push('b');
    assert.deepEqual(calls, ['pause', 'pause']);
    await messages.next();
    await messages.next();
    assert.equal(calls.includes('resume'), false);
    const third = messages.next();
    assert.equal(calls.at(-1), 'resume');
    messages.push('c');
    assert.equal((await third).value, 'c');
    assert.equal(calls.at(-1), 'resume', 'nothing waits');
  });
});
