/** The laws of the notes that a `HistoryLog` keeps beside its entries. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Note } from '../history/history-log.ts';
import { alsoReopened, note, noNote, type OpenLog } from './history-stage.ts';

export function noteLaws(open: OpenLog): void {
  it('6. notes are as they were noted last', () => {
    const value = { rooms: ['a'], data: { at: new Date(5), seen: new Set([1]), bytes: Buffer.from('x') } };
    alsoReopened(
      open,
      (stream) => {
        stream.commit({ entries: [], notes: [note('a', 1), note('b', 2, value), note('c', 3)] });
        stream.commit({ entries: [], notes: [note('a', 4, 'again'), noNote('c')] });
        stream.commit({ entries: [], notes: [{ ...note('a', 5, null), kind: 'answer' }] });
        stream.commit({ entries: [], notes: [note('d', 1), noNote('d'), note('d', 3, [])] });
      },
      (stream) => {
        assert.deepEqual(stream.note('session', 'a'), note('a', 4, 'again'));
        assert.deepEqual(stream.note('session', 'b'), note('b', 2, value));
        assert.equal(stream.note('session', 'c'), undefined);
        assert.deepEqual(stream.note('session', 'd'), note('d', 3, []));
        assert.deepEqual(stream.note('answer', 'a'), { ...note('a', 5, null), kind: 'answer' });
        assert.equal(stream.note('answer', 'b'), undefined);
        assert.equal(stream.note('session', '__proto__'), undefined);
      },
    );
  });

  it('6. a sweep takes what is too old, and the oldest of too many, but not what does not grow old', () => {
    alsoReopened(
      open,
      (stream) => {
        const notes = [
          ['e', 50],
          ['old', 10],
          ['d', 40],
          ['c', 30],
          ['b', 20],
        ] as const;
        stream.commit({
          entries: [],
          notes: [
            ...notes.map(([key, at]) => note(key, at)),
            { ...note('open', Infinity), kind: 'answer' },
            { ...note('answer', 1), kind: 'answer' },
          ],
        });
        stream.sweep('session', 20, 4);
        stream.sweep('answer', -Infinity, 1);
        assert.equal(stream.note('session', 'old'), undefined);
        assert.deepEqual(stream.note('session', 'b'), note('b', 20));
        assert.deepEqual(stream.note('answer', 'answer'), { ...note('answer', 1), kind: 'answer' });
        stream.sweep('session', 20, 2);
        stream.sweep('answer', -Infinity, 0);
      },
      (stream) => {
        const left = ['b', 'c', 'd', 'e'].filter((key) => stream.note('session', key) !== undefined);
        assert.deepEqual(left, ['d', 'e']);
        assert.equal(stream.note('answer', 'answer'), undefined);
        assert.deepEqual(stream.note('answer', 'open'), { ...note('open', Infinity), kind: 'answer' });
      },
    );
  });

  it('6. sessions that a dead process left open are lost when the stream is opened', () => {
    const { log, reopen } = open();
    const first = log.open('/', 0);
    const answer: Note = { ...note('live', Infinity), kind: 'answer' };
    first.commit({ entries: [], notes: [note('live', Infinity), note('lost', 5), answer] });
    assert.deepEqual(first.note('session', 'live'), note('live', Infinity));
    log.close();
    if (reopen === undefined) return;
    const again = reopen();
    const stream = again.open('/', 700);
    assert.deepEqual(stream.note('session', 'live'), note('live', 700));
    assert.deepEqual(stream.note('session', 'lost'), note('lost', 5));
    assert.deepEqual(stream.note('answer', 'live'), answer);
    again.close();
  });
}
