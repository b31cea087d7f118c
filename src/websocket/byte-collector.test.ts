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

  it('never allocates over its limit, nor from the shared pool', () => {
    const collector = new ByteCollector(5, 100);
    collector.append(Buffer.from('12345'));
    assert.equal(collector.bytes.buffer.byteLength, 5);
  });
});
