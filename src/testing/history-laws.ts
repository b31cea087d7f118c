/** The laws of `HistoryLog`, one test each, for whoever writes one. They stand in `history/history-log.ts`. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogStream, PageLimits, Wanted } from '../history/history-log.ts';
import { noteLaws } from './history-note-laws.ts';
import {
  ALL,
  alsoReopened,
  commit,
  EMPTY,
  entry,
  everything,
  FOR_EVER,
  note,
  noNote,
  offsets,
  type OpenLog,
  trim,
  UNLIMITED,
  wanted,
  withStream,
} from './history-stage.ts';
import { walkHistory } from './history-walk.ts';

/**
 * Registers tests with `node:test`.
 *
 * @param open called for each test. What it needs to clean up is for `after` of `node:test`: the log is closed by then
 */
export function historyLaws(name: string, open: OpenLog): void {
  describe(`${name}: the laws of a history log`, () => {
    it('1. offsets grow, and none is given twice', () => {
      alsoReopened(
        open,
        (stream) => {
          assert.equal(stream.head, 0);
          commit(stream, entry(1), entry(2));
          commit(stream, entry(3));
          // A gap, where something could not be kept.
          commit(stream, entry(5), entry(6));
          trim(stream, '', { maxEvents: 0 });
        },
        (stream) => assert.equal(stream.head, 6),
      );
    });

    it('2. a batch is kept as a whole, or refused as a whole', () => {
      alsoReopened(
        open,
        (stream) => {
          stream.commit({ entries: [entry(1), entry(2)], notes: [note('kept', 5)] });
          for (const refused of [[2], [0], [-3], [3, 3], [4, 3], [3.5], [NaN], [Infinity], [3, 2 ** 53]]) {
            const batch = {
              entries: refused.map((offset) => entry(offset, { shelf: 'b', rooms: ['b'] })),
              notes: [noNote('kept'), note('refused', 5)],
            };
            assert.throws(() => stream.commit(batch), RangeError, refused.join());
          }
          stream.commit(EMPTY);
          stream.commit({ entries: [], notes: [note('alone', 5)] });
        },
        (stream) => {
          assert.equal(stream.head, 2);
          assert.deepEqual(everything(stream), [entry(1), entry(2)]);
          assert.deepEqual(stream.note('session', 'kept'), note('kept', 5));
          assert.deepEqual(stream.note('session', 'alone'), note('alone', 5));
          assert.equal(stream.note('session', 'refused'), undefined);
          assert.equal(stream.goneThrough('b'), 0);
        },
      );
    });

    it('2. an entry comes back as it was', () => {
      const entries = [
        entry(1, { at: 1_790_000_000_123.5, rooms: ['a', ''], except: ['b', 'ü\0"'], shelf: 'a' }),
        entry(2, { messages: ['451-["', Buffer.from([0, 255, 10]), Buffer.alloc(0)] }),
        entry(3, { messages: [Buffer.from('only binary'), 'then text', ''] }),
        entry(4, { messages: [''] }),
        entry(5, { messages: ['2["line\\n","\u{1f600} ünï\0code"]'], rooms: ['c'], shelf: 'ü\0' }),
        entry(6, { messages: [] }),
        entry(7, { messages: ['x'.repeat(100_000), Buffer.alloc(100_000, 7)] }),
      ];
      alsoReopened(
        open,
        (stream) => commit(stream, ...entries),
        (stream) => assert.deepEqual(everything(stream), entries),
      );
    });

    it('3. since: what matches, once, oldest first', () => {
      alsoReopened(
        open,
        (stream) => {
          commit(stream, entry(1), entry(2, { rooms: ['a'] }), entry(3, { rooms: ['a', 'b'] }));
          commit(stream, entry(4, { rooms: ['b'] }), entry(5), entry(6, { rooms: ['c'], except: ['a'] }));
        },
        (stream) => {
          const since = (after: number, which: Wanted): number[] =>
            offsets(stream.since(after, which, UNLIMITED).entries);
          assert.deepEqual(since(0, wanted('a')), [2, 3]);
          assert.deepEqual(since(2, wanted('a', 'b')), [3, 4]);
          assert.deepEqual(since(0, { rooms: new Set(), everybody: true }), [1, 5]);
          assert.deepEqual(since(1, { rooms: new Set(['b', 'nobody']), everybody: true }), [3, 4, 5]);
          assert.deepEqual(since(0, wanted('', 'nobody')), []);
          assert.deepEqual(since(6, ALL), []);
          assert.deepEqual(since(0, wanted()), []);
        },
      );
    });

    it('3. since: pages', () => {
      alsoReopened(
        open,
        (stream) => {
          for (let offset = 1; offset <= 20; offset += 1) {
            const rooms = [['a'], ['b'], ['a', 'b'], [], ['c']][offset % 5] ?? [];
            commit(stream, entry(offset, { rooms, messages: ['x'.repeat(10)] }));
          }
        },
        (stream) => {
          const page = (after: number, maxEntries: number, maxBytes: number): [number[], number] => {
            const { entries, through } = stream.since(after, wanted('a', 'b'), { maxEntries, maxBytes });
            return [offsets(entries), through];
          };
          assert.deepEqual(page(0, 3, Infinity), [[1, 2, 5], 5]);
          assert.deepEqual(page(5, Infinity, 25), [[6, 7], 7]);
          assert.deepEqual(page(7, 1, Infinity), [[10], 10]);
          // One at least, however small the limits are.
          assert.deepEqual(page(10, 5, 1), [[11], 11]);
          assert.deepEqual(page(11, 0, 0), [[12], 12]);
          // Exactly full, and nothing left.
          assert.deepEqual(page(15, 3, Infinity), [[16, 17, 20], 20]);
          assert.deepEqual(page(15, Infinity, 30), [[16, 17, 20], 20]);
          // The last entries are not ours: they have been looked at.
          const { entries, through } = stream.since(14, wanted('c'), UNLIMITED);
          assert.deepEqual([offsets(entries), through], [[19], 20]);
          assert.deepEqual(stream.since(20, ALL, UNLIMITED), { entries: [], through: 20 });
        },
      );
    });

    it('3. before: the newest below an offset, oldest first', () => {
      alsoReopened(
        open,
        (stream) => {
          commit(stream, entry(1), entry(2, { rooms: ['a'] }), entry(3, { rooms: ['a', 'b'] }));
          commit(stream, entry(4, { rooms: ['b'] }), entry(5), entry(6, { rooms: ['c'] }));
        },
        (stream) => {
          const before = (offset: number, which: Wanted, limits: Partial<PageLimits> = {}): number[] =>
            offsets(stream.before(offset, which, { ...UNLIMITED, ...limits }));
          assert.deepEqual(before(7, ALL), [1, 2, 3, 4, 5, 6]);
          assert.deepEqual(before(Infinity, ALL, { maxEntries: 2 }), [5, 6]);
          assert.deepEqual(before(6, ALL, { maxEntries: 2 }), [4, 5]);
          assert.deepEqual(before(5, wanted('a', 'b'), { maxEntries: 2 }), [3, 4]);
          assert.deepEqual(before(3, wanted('a', 'b')), [2]);
          assert.deepEqual(before(6, ALL, { maxBytes: 13 }), [4, 5]);
          assert.deepEqual(before(6, ALL, { maxBytes: 1 }), [5]);
          assert.deepEqual(before(6, ALL, { maxEntries: 0 }), [5]);
          assert.deepEqual(before(1, ALL), []);
          assert.deepEqual(before(7, wanted('nobody')), []);
        },
      );
    });

    it('4. trim takes what is over the rule of its shelf, and says so', () => {
      alsoReopened(
        open,
        (stream) => {
          for (let offset = 1; offset <= 12; offset += 1) {
            const onA = { rooms: ['a', 'b'], shelf: 'a' };
            commit(stream, entry(offset, { messages: ['x'.repeat(10)], ...(offset % 2 === 0 ? onA : {}) }));
          }
          const all = offsets(everything(stream));
          trim(stream, '', {}, 2 ** 52);
          trim(stream, 'nobody', { maxEvents: 0 });
          assert.deepEqual(offsets(everything(stream)), all);
          assert.deepEqual([stream.goneThrough(''), stream.goneThrough('a')], [0, 0]);
          trim(stream, '', { maxAgeMs: 5_000 }, 8_000);
          assert.deepEqual(offsets(everything(stream)), [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
          trim(stream, 'a', { maxEvents: 4 });
          assert.deepEqual(offsets(everything(stream)), [3, 5, 6, 7, 8, 9, 10, 11, 12]);
          trim(stream, '', { maxBytes: 39 });
        },
        (stream) => {
          assert.deepEqual(offsets(everything(stream)), [6, 7, 8, 9, 10, 11, 12]);
          assert.deepEqual([stream.goneThrough(''), stream.goneThrough('a')], [5, 4]);
          assert.deepEqual(offsets(stream.since(0, wanted('b'), UNLIMITED).entries), [6, 8, 10, 12]);
        },
      );
    });

    it('4. what is gone stays gone, though its shelf is empty, or many are', () => {
      alsoReopened(
        open,
        (stream) => {
          commit(stream, entry(1), entry(2, { shelf: 'a' }), entry(3), entry(4, { shelf: 'b' }));
          trim(stream, 'a', { maxEvents: 0 });
          trim(stream, '', { maxEvents: 0 });
          commit(stream, entry(5));
        },
        (stream) => {
          assert.equal(stream.goneThrough(''), 3);
          assert.equal(stream.goneThrough('a'), 2);
          assert.equal(stream.goneThrough('b'), 0);
          assert.deepEqual(offsets(everything(stream)), [4, 5]);
          assert.deepEqual([...stream.shelves()].sort(), ['', 'b']);
        },
      );
      const shelves = Array.from({ length: 3_000 }, (_, at) => `room ${at}`);
      alsoReopened(
        open,
        (stream) => {
          commit(stream, ...shelves.map((shelf, at) => entry(at + 1, { shelf })));
          for (const shelf of shelves) trim(stream, shelf, { maxEvents: 0 });
        },
        (stream) => {
          for (const [at, shelf] of shelves.entries()) assert.ok(stream.goneThrough(shelf) >= at + 1, shelf);
          assert.ok(stream.goneThrough('never seen') <= stream.head);
        },
      );
    });

    it('5. positions: this stream’s own, and no others', () => {
      const given: string[] = [];
      alsoReopened(
        open,
        (stream) => {
          given.push(stream.position(0), stream.position(1));
          assert.equal(stream.offsetOf(stream.position(1)), undefined, 'not there yet');
          commit(stream, entry(1), entry(2), entry(50));
          trim(stream, '', { maxEvents: 1 });
          given.push(...[2, 49, 50].map((offset) => stream.position(offset)));
        },
        (stream) => {
          assert.deepEqual(
            given.map((position) => stream.offsetOf(position)),
            [0, 1, 2, 49, 50],
          );
          assert.deepEqual(
            [0, 1, 2, 49, 50].map((offset) => stream.position(offset)),
            given,
          );
          const last = stream.position(50);
          const variants = [
            ` ${last}`,
            `${last} `,
            `${last}.1`,
            last.toUpperCase(),
            last.slice(1),
            `x${last}`,
          ];
          for (const foreign of ['', '0', '50', '.', 'constructor', '\0', ...variants, stream.position(51)]) {
            assert.equal(stream.offsetOf(foreign), undefined, foreign);
          }
        },
      );
      withStream(open, (stream, log) => {
        const other = log.open('/other', 0);
        commit(stream, entry(1));
        commit(other, entry(1));
        for (const foreign of [...given, other.position(0), other.position(1)]) {
          assert.equal(stream.offsetOf(foreign), undefined, foreign);
        }
      });
    });

    it('5. positions: named but not kept before a restart, they are not those of another entry', () => {
      const { log, reopen } = open();
      const stream = log.open('/', 0);
      commit(stream, entry(1));
      const [kept, lost] = [stream.position(1), stream.position(2)];
      log.close();
      if (reopen === undefined) return;
      for (const last of [2, 3]) {
        const again = reopen();
        const stream = again.open('/', 0);
        commit(stream, entry(last));
        assert.equal(stream.offsetOf(kept), 1);
        assert.equal(stream.offsetOf(lost), undefined);
        assert.equal(stream.offsetOf(stream.position(2)), 2);
        assert.notEqual(stream.position(2), lost);
        again.close();
      }
    });

    noteLaws(open);

    it('7. streams know nothing of each other, and a name is a stream', () => {
      withStream(open, (stream, log) => {
        const other = log.open('/other', 0);
        stream.commit({ entries: [entry(1), entry(2, { rooms: ['a'] })], notes: [note('a', 5)] });
        assert.equal(other.head, 0);
        assert.deepEqual(everything(other), []);
        assert.equal(other.note('session', 'a'), undefined);
        commit(other, entry(1, { rooms: ['a'], messages: ['other'] }));
        trim(stream, '', { maxEvents: 0 });
        stream.sweep('session', 100, 0);
        assert.deepEqual(everything(stream), []);
        assert.equal(other.goneThrough(''), 0);
        assert.deepEqual(everything(other), [entry(1, { rooms: ['a'], messages: ['other'] })]);
        commit(log.open('/', 0), entry(3));
        assert.deepEqual(everything(stream), [entry(3)]);
        other.close();
        assert.deepEqual(everything(stream), [entry(3)]);
      });
    });

    it('8. closed is closed', () => {
      const { log } = open();
      const [stream, other] = [log.open('/', 0), log.open('/other', 0)];
      commit(stream, entry(1));
      commit(other, entry(1));
      const checkClosed = (closed: LogStream): void => {
        const calls: readonly (() => void)[] = [
          () => closed.commit(EMPTY),
          () => closed.since(0, ALL, UNLIMITED),
          () => closed.before(2, ALL, UNLIMITED),
          () => closed.trim('', FOR_EVER, 0),
          () => closed.goneThrough(''),
          () => closed.shelves(),
          () => closed.position(1),
          () => closed.offsetOf(''),
          () => closed.note('session', 'a'),
          () => closed.sweep('session', 0, 0),
        ];
        for (const call of calls) assert.throws(call, Error, String(call));
        closed.close();
      };
      stream.close();
      checkClosed(stream);
      assert.deepEqual(everything(other), [entry(1)]);
      const again = log.open('/', 0);
      commit(again, entry(again.head + 1));
      stream.close();
      assert.equal(everything(again).at(-1)?.offset, again.head);
      log.close();
      checkClosed(other);
      checkClosed(again);
      assert.throws(() => log.open('/', 0));
      log.close();
    });

    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      it(`a random walk stays beside a plain list, seed ${seed}`, () => walkHistory(open(), seed));
    }
  });
}
