import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ByteCollector } from './byte-collector.ts';

describe('ByteCollector', () => {
  it('joins what was appended, over any growth', () => {
    const collector = new ByteCollector(1000, 0);
    const expected: number[] = [];
    for (let i = 0; i < 250; i++) {
      collector.append(Buffer.alloc(i % 5, i));
      for (let n = 0; n < i % 5; n++) expected.push(i);
    }
    assert.deepEqual([...collector.bytes], expected);
    assert.equal(collector.length, expected.length);
  });

  it('returns the place of the piece, where it may be changed', () => {
    const collector = new ByteCollector(10, 10);
    collector.append(Buffer.from('ab'));
    collector.append(Buffer.from('cd')).fill('x');
    assert.equal(collector.bytes.toString(), 'abxx');
  });

  it('keeps large pieces where they are until they are asked for, and joins all in order', () => {
    const sizes = [3, 20_000, 5, 0, 16_384, 40_000, 1, 16_383];
    const collector = new ByteCollector(1_000_000, 0);
    const pieces = sizes.map((size, at) => {
      const piece = Buffer.alloc(size, at + 1);
      assert.equal(collector.append(piece) === piece, size >= 16_384);
      return piece;
    });
    assert.equal(collector.length, 92_776);
    assert.deepEqual(collector.bytes, Buffer.concat(pieces));
    collector.append(Buffer.from('more'));
    assert.deepEqual(collector.bytes, Buffer.concat([...pieces, Buffer.from('more')]));
    assert.equal(collector.bytes, collector.bytes);
  });

  it('does not hold on to a large chunk for a part of it', () => {
    const chunk = Buffer.alloc(64 * 1024);
    const collector = new ByteCollector(1_000_000, 0);
    collector.append(chunk.subarray(0, 20_000));
    assert.notEqual(collector.bytes.buffer, chunk.buffer);
    assert.equal(collector.append(chunk.subarray(0, 32 * 1024)).buffer, chunk.buffer);
  });

  it('never allocates over its limit, nor from the shared pool', () => {
    const collector = new ByteCollector(5, 100);
    collector.append(Buffer.from('12345'));
    assert.equal(collector.bytes.buffer.byteLength, 5);
  });
});
