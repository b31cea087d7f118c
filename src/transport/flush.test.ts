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

  it('counts turns and the sockets in them, by size', async () => {
    const flush = new Flush();
    assert.deepEqual(flush.counts.toJSON(), { turns: 0, sockets: 0, bySize: {} });
    for (const sockets of [1, 2, 3, 4, 5, 1_000]) {
      for (let index = 0; index < sockets; index += 1) flush.schedule({ flush() {} });
      await turn();
    }
    flush.before(() => {});
    await turn();
    assert.deepEqual(flush.counts.toJSON(), {
      turns: 6,
      sockets: 1_015,
      bySize: { 1: 1, 2: 1, 4: 2, 8: 1, 1024: 1 },
    });
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
