import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Opcode } from './frame.ts';
import { encodeFrame } from './frame-encoder.ts';

describe('§5.7 examples', () => {
  it('encodes an unmasked text', () => {
    assert.equal(encodeFrame(Opcode.text, 'Hello').toString('hex'), '810548656c6c6f');
  });
  it('encodes a masked text', () => {
    const mask = Buffer.from('37fa213d', 'hex');
    assert.equal(encodeFrame(Opcode.text, 'Hello', { mask }).toString('hex'), '818537fa213d7f9f4d5158');
    assert.equal(mask.toString('hex'), '37fa213d');
  });
  it('encodes fragments', () => {
    assert.equal(encodeFrame(Opcode.text, 'Hel', { fin: false }).toString('hex'), '010348656c');
    assert.equal(encodeFrame(Opcode.continuation, 'lo').toString('hex'), '80026c6f');
  });
  it('encodes 256 bytes and 64 KiB', () => {
    assert.equal(encodeFrame(Opcode.binary, Buffer.alloc(256)).subarray(0, 4).toString('hex'), '827e0100');
    const long = encodeFrame(Opcode.binary, Buffer.alloc(65_536));
    assert.equal(long.subarray(0, 10).toString('hex'), '827f0000000000010000');
    assert.equal(long.length, 65_546);
  });
});

describe('§5.2 base framing', () => {
  it('writes the shortest length', () => {
    const header = (size: number): string =>
      encodeFrame(Opcode.binary, Buffer.alloc(size)).toString('hex', 0, 4);
    assert.equal(header(125), '827d0000');
    assert.equal(header(126), '827e007e');
    assert.equal(header(65_535), '827effff');
    assert.equal(header(65_536), '827f0000');
  });
  it('sets RSV1 for an extension', () => {
    assert.equal(encodeFrame(Opcode.text, '', { rsv1: true }).toString('hex'), 'c100');
  });
  it('counts a string in bytes, and never sends half a surrogate pair', () => {
    assert.equal(encodeFrame(Opcode.text, 'é😀').toString('hex'), '8106c3a9f09f9880');
    assert.equal(encodeFrame(Opcode.text, '\ud83d').toString('hex'), '8103efbfbd');
  });
  it('takes any bytes', () => {
    assert.equal(encodeFrame(Opcode.binary, new Uint8Array([1, 2])).toString('hex'), '82020102');
  });
});

describe('§5.5 control frames', () => {
  it('refuses more than 125 bytes', () => {
    assert.throws(() => encodeFrame(Opcode.ping, Buffer.alloc(126)), RangeError);
    assert.throws(() => encodeFrame(Opcode.pong, 'é'.repeat(63)), /"126" bytes are over the 125/);
  });
  it('refuses fragments', () => {
    assert.throws(() => encodeFrame(Opcode.close, '', { fin: false }), RangeError);
  });
  it('refuses a key that has not four bytes', () => {
    assert.throws(() => encodeFrame(Opcode.text, '', { mask: Buffer.alloc(3) }), RangeError);
  });
});
