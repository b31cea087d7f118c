import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogEntry } from './history-log.ts';
import { RecentEntries } from './recent-entries.ts';

function entryOf(offset: number, bytes: number): LogEntry {
  return { offset, at: 0, rooms: [], except: [], shelf: '', messages: ['x'.repeat(bytes)] };
}

describe('RecentEntries', () => {
  it('gives the very entries back, and lets the oldest go when there are too many bytes', () => {
    const recent = new RecentEntries(1_000);
    const entries = [1, 2, 3].map((offset) => entryOf(offset, 200));
    for (const entry of entries) recent.add(entry);
    assert.deepEqual(
      [1, 2, 3].map((offset) => recent.get(offset) === entries[offset - 1]),
      [false, true, true],
    );
  });

  it('keeps none that is too large, and goes on', () => {
    const recent = new RecentEntries(1_000);
    recent.add(entryOf(1, 2_000));
    recent.add(entryOf(2, 200));
    assert.deepEqual([recent.get(1), recent.get(2)?.offset], [undefined, 2]);
  });
});
