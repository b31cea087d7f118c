import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { historyLaws } from '../testing/history-laws.ts';
import type { LogEntry, LogStream, PageLimits } from './history-log.ts';
import { MemoryLog } from './memory-log.ts';

const UNLIMITED: PageLimits = { maxEntries: Infinity, maxBytes: Infinity };
const FOR_EVER = { maxAgeMs: Infinity, maxEvents: Infinity, maxBytes: Infinity };

function entry(
  offset: number,
  rooms: readonly string[],
  shelf = '',
  message: string | Buffer = 'x',
): LogEntry {
  return { offset, at: 0, rooms, except: [], shelf, messages: [message] };
}

function offsetsOf(stream: LogStream, room: string): number[] {
  const { entries } = stream.since(0, { rooms: new Set([room]), everybody: false }, UNLIMITED);
  return entries.map(({ offset }) => offset);
}

historyLaws('MemoryLog', () => ({ log: new MemoryLog() }));

describe('MemoryLog', () => {
  it('does not outlive its process', () => {
    assert.equal(new MemoryLog().outlivesProcess, false);
  });

  it('forgets a stream that is closed', () => {
    const log = new MemoryLog();
    const stream = log.open('/');
    stream.commit({ entries: [entry(1, [])], notes: [] });
    const position = stream.position(1);
    assert.equal(log.open('/'), stream);
    stream.close();
    const next = log.open('/');
    assert.notEqual(next, stream);
    assert.equal(next.head, 0);
    next.commit({ entries: [entry(1, [])], notes: [] });
    assert.equal(next.offsetOf(position), undefined);
    stream.close();
    assert.equal(log.open('/'), next);
  });

  it('trims a room whose entries lie on two shelves, at its beginning, middle and end', () => {
    const stream = new MemoryLog().open('/');
    const entries = Array.from({ length: 300 }, (_, at) => entry(at + 1, ['r'], at % 3 === 0 ? 'short' : ''));
    stream.commit({ entries, notes: [] });
    stream.trim('short', { ...FOR_EVER, maxEvents: 10 }, 0);
    assert.deepEqual(
      offsetsOf(stream, 'r'),
      Array.from({ length: 300 }, (_, at) => at + 1).filter((offset) => offset % 3 !== 1 || offset > 270),
    );
    stream.trim('', { ...FOR_EVER, maxEvents: 1 }, 0);
    stream.trim('short', { ...FOR_EVER, maxEvents: 0 }, 0);
    assert.deepEqual(offsetsOf(stream, 'r'), [300]);
    stream.commit({ entries: [entry(301, ['r'])], notes: [] });
    assert.deepEqual(offsetsOf(stream, 'r'), [300, 301]);
  });

  it('goes round for long in little memory', () => {
    const stream = new MemoryLog().open('/');
    for (let offset = 1; offset <= 10_000; offset += 1) {
      stream.commit({ entries: [entry(offset, ['all', `${offset}`])], notes: [] });
      stream.trim('', { ...FOR_EVER, maxEvents: 5 }, 0);
      if (offset > 5) assert.equal(stream.goneThrough(''), offset - 5);
    }
    assert.deepEqual(offsetsOf(stream, 'all'), [9_996, 9_997, 9_998, 9_999, 10_000]);
    assert.deepEqual(offsetsOf(stream, '9995'), []);
    assert.deepEqual(offsetsOf(stream, '9996'), [9_996]);
  });

  it('keeps no large chunk alive for a small part of it', () => {
    const stream = new MemoryLog().open('/');
    const chunk = Buffer.alloc(65_536, 1);
    const whole = Buffer.alloc(100, 2);
    stream.commit({
      entries: [entry(1, ['r'], '', chunk.subarray(5, 15)), entry(2, ['r'], '', whole)],
      notes: [],
    });
    chunk.fill(9);
    const { entries } = stream.since(0, { rooms: new Set(['r']), everybody: false }, UNLIMITED);
    const [small, large] = entries.map(({ messages }) => messages[0] as Buffer);
    assert.deepEqual(small, Buffer.alloc(10, 1));
    assert.equal(small?.buffer.byteLength, 10);
    assert.equal(large, whole);
  });

  it('keeps a note as it is, whatever it is', () => {
    const stream = new MemoryLog().open('/');
    const value = { call: (): number => 5 };
    stream.commit({ entries: [], notes: [{ kind: 'session', key: 'a', at: 0, value }] });
    assert.equal(stream.note('session', 'a')?.value, value);
  });
});
