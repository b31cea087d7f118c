import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ManualClock } from 'websockets.io/testing';
import { turn } from '../test/fake-client.ts';
import { Drain, type DrainHost, drainOf, type DrainOptions, type Leaver } from './drain.ts';
import { Server } from './server.ts';
import { TimerWheel } from './transport/clock.ts';

class FakeLeaver implements Leaver {
  isOwed = false;
  hasLeft = false;

  leave(): void {
    this.hasLeft = true;
  }
}

interface Stage {
  clients: FakeLeaver[];
  clock: ManualClock;
  drain: Drain;
  gone(): number;
  isDone(): Promise<boolean>;
}

function start(
  count: number,
  options: DrainOptions = {},
  prepare: (clients: FakeLeaver[]) => void = () => {},
): Stage {
  const clock = new ManualClock();
  const clients = Array.from({ length: count }, () => new FakeLeaver());
  prepare(clients);
  const gone = (): number => clients.filter(({ hasLeft }) => hasLeft).length;
  const host: DrainHost = {
    wheel: new TimerWheel(clock),
    get isEmpty() {
      return gone() === count;
    },
  };
  const resolved = drainOf({ drain: options });
  assert.ok(resolved !== undefined);
  const drain = new Drain(host, clients, resolved);
  let isDone = false;
  void drain.done.then(() => (isDone = true));
  return {
    clients,
    clock,
    drain,
    gone,
    isDone: async () => {
      await turn();
      return isDone;
    },
  };
}

describe('a drain', () => {
  it('sends the first batch away at once, and the others in pauses that differ', async () => {
    const stage = start(250);
    assert.equal(stage.gone(), 100);
    stage.clock.advance(40);
    assert.equal(stage.gone(), 100);
    stage.clock.advance(120);
    assert.ok(stage.gone() >= 200);
    stage.clock.advance(160);
    assert.deepEqual([stage.gone(), await stage.isDone()], [250, true]);
    assert.equal(stage.clock.pending, 0);

    const pauses = new Set<number>();
    const slow = start(30, { batchSize: 1, batchInterval: 100 });
    let [seen, last, now] = [slow.gone(), 0, 0];
    for (; slow.gone() < 30; now += 1) {
      slow.clock.advance(1);
      if (slow.gone() === seen) continue;
      assert.ok(now - last >= 49 && now - last <= 161, `a pause of ${now - last}`);
      pauses.add(now - last);
      [seen, last] = [slow.gone(), now];
    }
    assert.ok(pauses.size > 1);
  });

  it('is through with very many in half of its time', () => {
    const stage = start(10_000, { timeout: 1_000, batchInterval: 100 });
    assert.equal(stage.gone(), 2_000);
    stage.clock.advance(800);
    assert.equal(stage.gone(), 10_000);
  });

  it('lets nobody go who is owed an answer, until it has come', async () => {
    const stage = start(3, { batchInterval: 100 }, ([first]) => Object.assign(first ?? {}, { isOwed: true }));
    assert.equal(stage.gone(), 2);
    stage.clock.advance(5_000);
    assert.deepEqual([stage.gone(), await stage.isDone()], [2, false]);
    Object.assign(stage.clients[0] ?? {}, { isOwed: false });
    stage.clock.advance(160);
    assert.deepEqual([stage.gone(), await stage.isDone()], [3, true]);
  });

  it('is over when its time is, or when it is ended', async () => {
    for (const act of ['wait', 'end'] as const) {
      const stage = start(1, { timeout: 1_000 }, ([first]) => Object.assign(first ?? {}, { isOwed: true }));
      stage.clock.advance(990);
      assert.equal(await stage.isDone(), false);
      if (act === 'wait') stage.clock.advance(20);
      else stage.drain.end();
      assert.deepEqual([await stage.isDone(), stage.gone(), stage.clock.pending], [true, 0, 0]);
    }
  });

  it('that is ended by the code of a user who leaves does not go on', () => {
    const clock = new ManualClock();
    const wheel = new TimerWheel(clock);
    let drain: Drain | undefined;
    const first: Leaver = { isOwed: true, leave: () => {} };
    const second: Leaver = { isOwed: false, leave: () => drain?.end() };
    const options = { timeoutMs: 1_000, batchSize: 1, batchIntervalMs: 10 };
    drain = new Drain({ wheel, isEmpty: false }, [first, { ...first, isOwed: false }, second], options);
    clock.advance(20);
    assert.equal(clock.pending, 0);
  });

  it('an option that cannot be is refused with its name', async () => {
    const refused = (drain: unknown, message: RegExp): Promise<void> =>
      assert.rejects(new Server().close({ drain } as { drain: boolean }), message);
    await refused({ timeout: 0 }, /"drain\.timeout" must be greater than 0/);
    await refused({ batchSize: -1 }, /"drain\.batchSize" must be greater than 0/);
    await refused({ batchInterval: '1' }, /"drain\.batchInterval" must be a number, got string/);
    await refused('yes', /"drain" must be true, false or an object/);
    await new Server().close({ drain: false });
    await new Server().close({ drain: true });
  });
});
