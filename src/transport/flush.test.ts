import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { turn, uncaughtIn } from '../../test/engine-stage.ts';
import { PreparedPacket } from '../rooms/prepared-packet.ts';
import { Flush } from './flush.ts';

describe('Flush', () => {
  it('flushes each target once, in order, at the end of the turn', async () => {
    const flush = new Flush();
    const flushed: string[] = [];
    flush.schedule({ flush: () => flushed.push('a') });
    flush.schedule({ flush: () => flushed.push('b') });
    await Promise.resolve();
    assert.deepEqual(flushed, []);
    await turn();
    assert.deepEqual(flushed, ['a', 'b']);
  });

  it('leaves what is scheduled while it flushes for the next turn', async () => {
    const flush = new Flush();
    let rounds = 0;
    const target = {
      flush(): void {
        rounds += 1;
        if (rounds < 3) flush.schedule(target);
      },
    };
    flush.schedule(target);
    await turn();
    await turn();
    assert.equal(rounds, 3);
  });

  it('flushes the others when one throws', async (t) => {
    const thrown = uncaughtIn(t);
    const flush = new Flush();
    const flushed: string[] = [];
    flush.schedule({
      flush() {
        throw new Error('mine');
      },
    });
    flush.schedule({ flush: () => flushed.push('b') });
    await turn();
    assert.deepEqual([flushed, thrown], [['b'], ['mine']]);
  });

  it('starts a new chain each turn, so that what was sent can be forgotten', async () => {
    const flush = new Flush();
    const { start } = flush;
    start.append(new PreparedPacket([{ type: 'noop' }]));
    assert.equal(flush.start, start);
    flush.schedule({ flush() {} });
    await turn();
    assert.notEqual(flush.start, start);
  });
});
