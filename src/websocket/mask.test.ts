import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { applyMask } from './mask.ts';

const key = Buffer.from('37fa213d', 'hex');

/** §5.3, word for word: octet i is XORed with octet i modulo 4 of the key. */
function asSpecified(bytes: Buffer, key: Buffer, offset: number): Buffer {
  return Buffer.from(bytes.map((byte, i) => byte ^ key.readUInt8((i + offset) % 4)));
}

describe('§5.3 masking', () => {
  it('unmasks the "Hello" of §5.7', () => {
    const bytes = Buffer.from('7f9f4d5158', 'hex');
    applyMask(bytes, key);
    assert.equal(bytes.toString(), 'Hello');
  });

  it('takes the key as a number too', () => {
    const bytes = Buffer.from('7f9f4d5158', 'hex');
    applyMask(bytes, 0x37fa213d);
    assert.equal(bytes.toString(), 'Hello');
  });

  it('leaves bytes alone when the key is zero', () => {
    const bytes = Buffer.from('as it is');
    applyMask(bytes, 0);
    assert.equal(bytes.toString(), 'as it is');
  });

  it('masks right at every alignment, length and offset, and touches nothing else', () => {
    for (const length of [0, 1, 2, 3, 4, 5, 7, 8, 255, 256, 257, 258, 259, 1000]) {
      for (let start = 0; start < 8; start++) {
        for (const offset of [0, 1, 2, 3, 4, 65_537, 2 ** 40 + 3]) {
          const memory = Buffer.alloc(length + 16, 0xaa);
          const bytes = memory.subarray(start, start + length);
          for (let i = 0; i < length; i++) bytes[i] = i & 0xff;
          const expected = asSpecified(bytes, key, offset);
          applyMask(bytes, key, offset);
          assert.ok(bytes.equals(expected), `length ${length}, start ${start}, offset ${offset}`);
          assert.ok(memory.subarray(0, start).every((byte) => byte === 0xaa));
          assert.ok(memory.subarray(start + length).every((byte) => byte === 0xaa));
        }
      }
    }
  });

  it('is its own inverse', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.integer(), fc.nat(), (array, key, offset) => {
        const bytes = Buffer.from(array);
        applyMask(bytes, key, offset);
        applyMask(bytes, key, offset);
        assert.deepEqual(bytes, Buffer.from(array));
      }),
    );
  });
});
