import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { ProtocolError } from '../errors.ts';
import { feedInEveryWay } from './feed-in-every-way.ts';
import { type Frame, type Role, Opcode } from './frame.ts';
import { FrameDecoder, type FrameDecoderOptions } from './frame-decoder.ts';
import { encodeFrame } from './frame-encoder.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const mask = hex('37fa213d');

/** What a decoder makes of the bytes: the frames, and the close code if it gave up. */
function decode(
  bytes: Buffer,
  options: Partial<FrameDecoderOptions> = {},
): { frames: Frame[]; error?: number } {
  return feedInEveryWay(bytes, (chunks) => {
    const decoder = new FrameDecoder({ role: 'client', maxPayloadBytes: 1_000_000, ...options });
    const frames: Frame[] = [];
    try {
      for (const chunk of chunks) {
        decoder.push(chunk);
        for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) frames.push(frame);
      }
    } catch (error) {
      assert.ok(error instanceof ProtocolError, String(error));
      return { frames, error: error.closeCode };
    }
    return { frames };
  });
}

const refused = (bytes: string, options?: Partial<FrameDecoderOptions>): number | undefined =>
  decode(hex(bytes), options).error;

describe('§5.7 examples', () => {
  const hello = { fin: true, rsv1: false, opcode: Opcode.text, payload: Buffer.from('Hello') };

  it('decodes an unmasked text frame', () => {
    assert.deepEqual(decode(hex('81 05 48656c6c6f')), { frames: [hello] });
  });
  it('decodes a masked text frame', () => {
    assert.deepEqual(decode(hex('81 85 37fa213d 7f9f4d5158'), { role: 'server' }), { frames: [hello] });
  });
  it('decodes the fragments of a text', () => {
    assert.deepEqual(decode(hex('01 03 48656c 80 02 6c6f')).frames, [
      { fin: false, rsv1: false, opcode: Opcode.text, payload: Buffer.from('Hel') },
      { fin: true, rsv1: false, opcode: Opcode.continuation, payload: Buffer.from('lo') },
    ]);
  });
  it('decodes ping and masked pong', () => {
    assert.equal(decode(hex('89 05 48656c6c6f')).frames[0]?.opcode, Opcode.ping);
    assert.equal(decode(hex('8a 85 37fa213d 7f9f4d5158'), { role: 'server' }).frames[0]?.opcode, Opcode.pong);
  });
});

describe('§5.1 masking', () => {
  it('refuses an unmasked frame from a client', () =>
    assert.equal(refused('81 00', { role: 'server' }), 1002));
  it('refuses a masked frame from a server', () => assert.equal(refused('81 80 00000000'), 1002));
});

describe('§5.2 base framing', () => {
  it('refuses reserved bits', () => {
    for (const bits of ['c1', 'a1', '91', 'f1']) assert.equal(refused(`${bits} 00`), 1002, bits);
  });
  it('allows RSV1 when an extension does, on the first data frame only', () => {
    const allowRsv1 = true;
    assert.equal(decode(hex('c1 00'), { allowRsv1 }).frames[0]?.rsv1, true);
    assert.equal(decode(hex('c2 00'), { allowRsv1 }).frames[0]?.rsv1, true);
    for (const bits of ['a1', '91', 'e1', 'c0', 'c8', 'c9', 'ca']) {
      assert.equal(refused(`${bits} 00`, { allowRsv1 }), 1002, bits);
    }
  });
  it('refuses reserved opcodes', () => {
    for (const opcode of [3, 4, 5, 6, 7, 0xb, 0xc, 0xd, 0xe, 0xf]) {
      assert.equal(refused(`8${opcode.toString(16)} 00`), 1002, String(opcode));
    }
  });
  it('refuses a length that is not in its shortest form', () => {
    assert.equal(refused('82 7e 007d'), 1002);
    assert.equal(refused('82 7f 000000000000ffff'), 1002);
    assert.equal(refused('82 7f 0000000000000001'), 1002);
    assert.equal(decode(hex('82 7e 007e')).error, undefined);
    assert.equal(decode(hex('82 7f 0000000000010000')).error, undefined);
  });
  it('refuses a 64-bit length with its top bit set', () =>
    assert.equal(refused('82 7f 8000000000000000'), 1002));
  it('refuses a length over 2^53 even without a limit', () => {
    assert.equal(refused('82 7f 0020000000000000', { maxPayloadBytes: Infinity }), 1009);
    assert.equal(refused('82 7f 7fffffffffffffff', { maxPayloadBytes: Infinity }), 1009);
  });
});

describe('§5.5 control frames', () => {
  it('refuses a fragment', () => {
    for (const bits of ['08', '09', '0a']) assert.equal(refused(`${bits} 00`), 1002, bits);
  });
  it('refuses more than 125 bytes before the length is known', () => {
    for (const bits of ['88', '89', '8a']) {
      assert.equal(refused(`${bits} 7e`), 1002, bits);
      assert.equal(refused(`${bits} 7f`), 1002, bits);
    }
    assert.equal(decode(encodeFrame(Opcode.ping, Buffer.alloc(125))).frames.length, 1);
  });
});

describe('§10.4 limits', () => {
  it('refuses a payload over maxPayloadBytes from its header alone', () => {
    assert.equal(refused('82 7e 0081', { maxPayloadBytes: 128 }), 1009);
    assert.equal(refused('82 7f 0000000000100000', { maxPayloadBytes: 0xfffff }), 1009);
    assert.equal(
      decode(encodeFrame(Opcode.binary, Buffer.alloc(128)), { maxPayloadBytes: 128 }).frames.length,
      1,
    );
  });

  it('allocates little for a header that promises much', () => {
    const decoders: FrameDecoder[] = [];
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 100; i++) {
      const decoder = new FrameDecoder({ role: 'client', maxPayloadBytes: Infinity });
      decoder.push(hex('82 7f 0000000100000000 00'));
      assert.equal(decoder.next(), undefined);
      decoders.push(decoder);
    }
    assert.ok(process.memoryUsage().arrayBuffers - before < 100 * 20_000);
  });

  it('keeps nothing of a chunk but the incomplete frame', async () => {
    const decoders: FrameDecoder[] = [];
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 100; i++) {
      const decoder = new FrameDecoder({ role: 'client', maxPayloadBytes: 1_000_000 });
      decoder.push(Buffer.concat([encodeFrame(Opcode.binary, Buffer.alloc(60_000)), hex('82')]));
      assert.equal(decoder.next()?.payload.length, 60_000);
      assert.equal(decoder.next(), undefined);
      decoders.push(decoder);
    }
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as NodeJS.GCFunction;
    const kept = (): number => process.memoryUsage().arrayBuffers - before;
    // What one collection frees may be counted only by the next.
    for (let round = 0; round < 10 && kept() >= 1_000_000; round += 1) await gc({ execution: 'async' });
    assert.ok(kept() < 1_000_000, `${kept()} bytes are kept for ${decoders.length} decoders`);
  });

  it('joins a large payload from small chunks in linear time', () => {
    const bytes = encodeFrame(Opcode.binary, Buffer.alloc(16 * 1024 * 1024, 7), { mask });
    const decoder = new FrameDecoder({ role: 'server', maxPayloadBytes: Infinity });
    let frame: Frame | undefined;
    for (let start = 0; start < bytes.length; start += 1000) {
      decoder.push(Buffer.from(bytes.subarray(start, start + 1000)));
      frame = decoder.next();
    }
    assert.ok(frame?.payload.every((byte) => byte === 7));
  });
});

describe('chunks', () => {
  it('gives views of a chunk that holds whole frames', () => {
    const chunk = Buffer.concat([encodeFrame(Opcode.text, 'a'), encodeFrame(Opcode.text, 'b')]);
    const decoder = new FrameDecoder({ role: 'client', maxPayloadBytes: 10 });
    decoder.push(chunk);
    assert.equal(decoder.next()?.payload.buffer, chunk.buffer);
    assert.equal(decoder.next()?.payload.buffer, chunk.buffer);
    assert.equal(decoder.next(), undefined);
  });

  it('keeps what was not taken before the next push', () => {
    const decoder = new FrameDecoder({ role: 'client', maxPayloadBytes: 10 });
    decoder.push(hex('81 01 61 81 01 62 81'));
    assert.equal(decoder.next()?.payload.toString(), 'a');
    decoder.push(hex('01 63'));
    assert.equal(decoder.next()?.payload.toString(), 'b');
    assert.equal(decoder.next()?.payload.toString(), 'c');
  });

  it('shows what is new of the frame that is arriving, once', () => {
    const decoder = new FrameDecoder({ role: 'server', maxPayloadBytes: 10 });
    decoder.push(hex('81 85 37fa213d 7f9f'));
    assert.equal(decoder.takeArriving(), undefined);
    assert.equal(decoder.next(), undefined);
    const head = { fin: true, rsv1: false, opcode: Opcode.text, payloadLength: 5 };
    assert.deepEqual(decoder.takeArriving(), { ...head, latest: Buffer.from('He') });
    assert.equal(decoder.takeArriving(), undefined);
    decoder.push(hex('4d51'));
    assert.equal(decoder.next(), undefined);
    assert.deepEqual(decoder.takeArriving(), { ...head, latest: Buffer.from('ll') });
    assert.equal(decoder.next(), undefined);
    assert.equal(decoder.takeArriving(), undefined);
  });

  it('shows a header before any of its payload has come', () => {
    const decoder = new FrameDecoder({ role: 'client', maxPayloadBytes: 100_000 });
    decoder.push(hex('82 7e ffff'));
    assert.equal(decoder.next(), undefined);
    const { latest, payloadLength } = decoder.takeArriving() ?? {};
    assert.deepEqual([latest?.length, payloadLength], [0, 65_535]);
  });

  it('ignores everything after discard()', () => {
    const decoder = new FrameDecoder({ role: 'client', maxPayloadBytes: 10 });
    decoder.push(hex('81 00 81 05 48'));
    decoder.discard();
    decoder.push(hex('83 ff'));
    assert.equal(decoder.next(), undefined);
  });
});

describe('encode and decode', () => {
  const sizes = [0, 1, 124, 125, 126, 127, 128, 65_534, 65_535, 65_536, 65_537];
  const shape = {
    fin: fc.boolean(),
    rsv1: fc.boolean(),
    opcode: fc.constantFrom(Opcode.text, Opcode.binary),
    payload: fc
      .tuple(fc.oneof(fc.constantFrom(...sizes), fc.nat(300)), fc.nat(255))
      .map(([size, seed]) => Buffer.alloc(size).map((_, i) => (i * 31 + seed) & 0xff) as Buffer),
  };
  const anyFrame = fc.record(shape, { noNullPrototype: true });

  for (const role of ['server', 'client'] satisfies Role[]) {
    it(`are inverse to each other towards a ${role}`, () => {
      const property = fc.property(fc.array(anyFrame, { maxLength: 3 }), fc.nat(2 ** 31), (frames, seed) => {
        const options = role === 'server' ? { mask } : {};
        const bytes = Buffer.concat(
          frames.map(({ opcode, payload, fin, rsv1 }) =>
            encodeFrame(opcode, payload, { fin, rsv1, ...options }),
          ),
        );
        const decoder = new FrameDecoder({ role, maxPayloadBytes: Infinity, allowRsv1: true });
        const decoded: Frame[] = [];
        const step = 1 + (seed % Math.max(1, bytes.length));
        for (let start = 0; start < bytes.length; start += step) {
          decoder.push(Buffer.from(bytes.subarray(start, start + step)));
          for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) decoded.push(frame);
        }
        assert.deepEqual(decoded, frames);
      });
      fc.assert(property, { numRuns: 60 });
    });
  }
});
