import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { applyMask } from './mask.ts';
import { canMaskVectors } from './simd-mask.ts';

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

  it('masks right beyond one page of vectors', () => {
    for (const length of [511, 512, 513, 65_535, 65_536, 65_537, 131_072, 200_003]) {
      for (const offset of [0, 1, 3]) {
        const memory = Buffer.alloc(length + 2, 0xaa);
        const bytes = memory.subarray(1, length + 1);
        for (let i = 0; i < length; i++) bytes[i] = i & 0xff;
        const expected = asSpecified(bytes, key, offset);
        applyMask(bytes, key, offset);
        assert.ok(bytes.equals(expected), `length ${length}, offset ${offset}`);
        assert.deepEqual([memory[0], memory[length + 1]], [0xaa, 0xaa]);
      }
    }
  });

  it('has vectors on this machine, and without WebAssembly a loop that does the same', () => {
    assert.equal(canMaskVectors, true);
    // TypeScript's stripping needs WebAssembly itself, so the child gets JavaScript.
    const [simd, mask] = ['simd-mask.ts', 'mask.ts'].map((name) =>
      stripTypeScriptTypes(readFileSync(new URL(name, import.meta.url), 'utf8')),
    );
    const module = (text = ''): string =>
      `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`;
    const program = `
      import { applyMask } from '${module(mask?.replace('./simd-mask.ts', module(simd)))}';
      import { canMaskVectors } from '${module(simd)}';
      const bytes = Buffer.alloc(100_003, 7);
      applyMask(bytes, 0x01020304, 1);
      console.log(canMaskVectors, bytes.every((byte, at) => byte === (7 ^ (1 + ((at + 1) % 4)))));
    `;
    const { stdout } = spawnSync(process.execPath, ['--jitless', '--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    assert.equal(stdout, 'false true\n');
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
