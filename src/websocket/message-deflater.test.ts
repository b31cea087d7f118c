import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { constants, inflateRawSync } from 'node:zlib';
import * as fc from 'fast-check';
import { Opcode } from './frame.ts';
import { FrameDecoder } from './frame-decoder.ts';
import { MessageDeflater, encodeCompressedFrame } from './message-deflater.ts';
import { MessageInflater } from './message-inflater.ts';

const long = 'a message that is long enough to become smaller, '.repeat(3);

describe('§7.2.1 compression', () => {
  it('§7.2.3.2: refers to earlier messages where a context is kept', () => {
    const without = new MessageDeflater(false, 15, { threshold: 0 });
    assert.deepEqual(without.deflate(long), without.deflate(Buffer.from(long)));
    const kept = new MessageDeflater(true, 15, { threshold: 0 });
    const [first, second] = [kept.deflate(long), kept.deflate(long)];
    assert.deepEqual(first, without.deflate(long));
    assert.ok(first !== undefined && second !== undefined && second.length < 10 && first.length > 40);
  });

  it('sends as it is what is below the threshold, in bytes', () => {
    const deflater = new MessageDeflater(false, 15, { threshold: 100 });
    assert.equal(deflater.deflate('x'.repeat(99)), undefined);
    assert.notEqual(deflater.deflate('x'.repeat(100)), undefined);
    assert.equal(deflater.deflate('é'.repeat(49)), undefined);
    assert.notEqual(deflater.deflate('é'.repeat(50)), undefined);
    assert.equal(deflater.deflate(Buffer.alloc(99)), undefined);
    assert.notEqual(deflater.deflate(new Uint8Array(100)), undefined);
    const byDefault = new MessageDeflater(false, 15, {});
    assert.equal(byDefault.deflate('x'.repeat(1023)), undefined);
    assert.notEqual(byDefault.deflate('x'.repeat(1024)), undefined);
    assert.equal(
      new MessageDeflater(false, 15, { threshold: Infinity }).deflate('x'.repeat(10_000)),
      undefined,
    );
  });

  it('sends as it is what would not become smaller', () => {
    const deflater = new MessageDeflater(false, 15, { threshold: 0 });
    for (const message of ['', 'x', randomBytes(5000)]) assert.equal(deflater.deflate(message), undefined);
  });

  it('does not put into the window what was sent as it is', () => {
    const deflater = new MessageDeflater(true, 15, { threshold: 20 });
    const inflater = new MessageInflater({ contextTakeover: true, windowBits: 15, maxMessageBytes: 1e6 });
    const noise = randomBytes(3000);
    const messages = [
      'short',
      long,
      noise,
      long,
      noise.subarray(0, 1000),
      'short',
      `${long}${noise.toString('hex')}`,
    ];
    let compressedCount = 0;
    for (const message of messages) {
      const compressed = deflater.deflate(message);
      if (compressed === undefined) continue;
      compressedCount += 1;
      assert.deepEqual(inflater.inflate(compressed), Buffer.from(message));
    }
    assert.equal(compressedCount, 3);
  });

  it('keeps a window only with a context', () => {
    assert.equal(new MessageDeflater(true, 15, {}).sharedWindowBits, undefined);
    assert.equal(new MessageDeflater(false, 11, {}).sharedWindowBits, 11);
  });

  it('throws for options out of range, 8 bits among them', () => {
    assert.throws(() => new MessageDeflater(false, 8, {}), RangeError);
    assert.throws(() => new MessageDeflater(false, 16, {}), RangeError);
    assert.throws(() => new MessageDeflater(false, 15, { level: 10 }), /level "10"/);
  });
});

describe('encodeCompressedFrame', () => {
  it('encodes one frame with RSV1, the same each time', () => {
    const frame = encodeCompressedFrame(Opcode.text, long, { windowBits: 15 });
    assert.ok(frame !== undefined);
    const decoder = new FrameDecoder({ role: 'client', maxPayloadBytes: 1000, allowRsv1: true });
    decoder.push(Buffer.from(frame));
    const decoded = decoder.next();
    assert.ok(decoded?.rsv1 === true && decoded.fin && decoded.opcode === Opcode.text);
    const inflater = new MessageInflater({ contextTakeover: false, windowBits: 15, maxMessageBytes: 1000 });
    assert.equal(inflater.inflate(decoded.payload).toString(), long);
    assert.deepEqual(encodeCompressedFrame(Opcode.text, Buffer.from(long), { windowBits: 15 }), frame);
    assert.equal(
      encodeCompressedFrame(Opcode.binary, long, { windowBits: 9, level: 1, memLevel: 1 })?.[0],
      0xc2,
    );
  });

  it('gives nothing for what would not become smaller', () => {
    assert.equal(encodeCompressedFrame(Opcode.text, 'x', { windowBits: 15 }), undefined);
  });

  it('throws for options out of range', () => {
    assert.throws(() => encodeCompressedFrame(Opcode.text, long, { windowBits: 8 }), /windowBits "8"/);
    assert.throws(
      () => encodeCompressedFrame(Opcode.text, long, { windowBits: 15, memLevel: 10 }),
      /memLevel "10"/,
    );
  });
});

describe('§7.1.2 window sizes', () => {
  it('never refers further back than the window, in one message', () => {
    const words = fc.array(fc.constantFrom('alpha', 'beta', 'gamma ', 'x', '0123456789'), {
      maxLength: 1500,
    });
    fc.assert(
      fc.property(
        words,
        fc.integer({ min: 9, max: 12 }),
        fc.integer({ min: 0, max: 9 }),
        (parts, windowBits, level) => {
          const message = parts.join('');
          const compressed = new MessageDeflater(false, windowBits, { threshold: 0, level }).deflate(message);
          if (compressed === undefined) return;
          const input = Buffer.concat([compressed, Buffer.from('0000ffff', 'hex')]);
          // With output chunks this small, what is further back must come from zlib's window, which has this size.
          const chunkSize = constants.Z_MIN_CHUNK;
          const options = { windowBits, chunkSize, finishFlush: constants.Z_SYNC_FLUSH };
          assert.equal(inflateRawSync(input, options).toString(), message);
        },
      ),
    );
  });
});
