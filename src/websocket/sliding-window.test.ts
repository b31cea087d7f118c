import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { SlidingWindow } from './sliding-window.ts';

describe('SlidingWindow', () => {
  it('keeps the last bytes, whatever the pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 8 }), (pieces) => {
        const window = new SlidingWindow(8);
        for (const piece of pieces) window.append(piece);
        assert.deepEqual(window.bytes, Buffer.concat(pieces).subarray(-256));
      }),
    );
  });

  it('holds nothing at first, and never more than its size', () => {
    const window = new SlidingWindow(15);
    assert.equal(window.bytes.buffer.byteLength, 0);
    window.append(Buffer.alloc(100));
    assert.equal(window.bytes.buffer.byteLength, 200);
    for (let i = 0; i < 1000; i++) window.append(Buffer.alloc(100));
    assert.equal(window.bytes.buffer.byteLength, 32_768);
  });
});
