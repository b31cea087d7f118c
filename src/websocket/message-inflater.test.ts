import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { constants, deflateRawSync } from 'node:zlib';
import * as fc from 'fast-check';
import { ProtocolError } from '../errors.ts';
import { seededRandom } from './feed-in-every-way.ts';
import { MessageInflater, type MessageInflaterOptions } from './message-inflater.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const defaults = { contextTakeover: false, windowBits: 15, maxMessageBytes: 1_000_000 };

/** The messages as Latin-1, then the close code if one of them was refused. */
function inflate(
  payloads: readonly (string | Buffer)[],
  options: Partial<MessageInflaterOptions> = {},
): unknown[] {
  const inflater = new MessageInflater({ ...defaults, ...options });
  const messages: unknown[] = [];
  try {
    for (const payload of payloads) {
      messages.push(
        inflater.inflate(typeof payload === 'string' ? hex(payload) : payload).toString('latin1'),
      );
    }
  } catch (error) {
    assert.ok(error instanceof ProtocolError, String(error));
    messages.push(error.closeCode);
  }
  return messages;
}

/** As a sender whose flush is a final block: without what §7.2.1 removes, and without the block that it adds before. */
const finished = (text: string | Buffer): Buffer => deflateRawSync(text);
const flushed = (text: string | Buffer, dictionary?: Buffer): Buffer =>
  deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH, ...(dictionary && { dictionary }) }).subarray(
    0,
    -4,
  );

describe('§7.2.3 examples', () => {
  it('§7.2.3.1: one compressed block', () => assert.deepEqual(inflate(['f248cdc9c90700']), ['Hello']));
  it('§7.2.3.2: sharing the window', () => {
    const two = ['f248cdc9c90700', 'f200110000'];
    assert.deepEqual(inflate(two, { contextTakeover: true }), ['Hello', 'Hello']);
    assert.deepEqual(inflate(two), ['Hello', 1007], 'without a context there is nothing to refer to');
  });
  it('§7.2.3.3: a block without compression', () => {
    assert.deepEqual(inflate(['00 0500 faff 48656c6c6f 00']), ['Hello']);
  });
  it('§7.2.3.4: a block with BFINAL set', () => assert.deepEqual(inflate(['f348cdc9c90700 00']), ['Hello']));
  it('§7.2.3.5: two blocks', () => assert.deepEqual(inflate(['f24805000000ffff cac9c90700']), ['Hello']));
  it('§7.2.3.6: an empty message', () => assert.deepEqual(inflate(['00', '0200']), ['', '']));
});

describe('§7.2.2 decompression', () => {
  it('takes no bytes at all for an empty message', () => {
    assert.deepEqual(inflate(['f248cdc9c90700', '', 'f200110000'], { contextTakeover: true }), [
      'Hello',
      '',
      'Hello',
    ]);
  });

  it('refuses what does not end with whole blocks', () => {
    assert.deepEqual(inflate(['f248cdc9c907']), [1007], 'without the header of the empty block');
    assert.deepEqual(
      inflate(['f248cdc9c90700 0000ffff']),
      [1007],
      'with the four bytes that are to be removed',
    );
    assert.deepEqual(inflate(['f248cd']), [1007]);
    assert.deepEqual(inflate(['00 0500 faff 4865']), [1007]);
    const whole = flushed('the quick brown fox jumps over the lazy dog, '.repeat(4));
    for (let end = 1; end < whole.length; end++)
      assert.deepEqual(inflate([whole.subarray(0, end)]), [1007], `${end}`);
  });

  it('refuses what is no DEFLATE at all', () => {
    for (const bad of ['ff', '07', '00 0500 0000', 'ed', '48656c6c6f', 'deadbeef'])
      assert.deepEqual(inflate([bad]), [1007], bad);
  });

  it('refuses a distance beyond the window of the sender', () => {
    const first = Buffer.from(Array.from({ length: 600 }, (_, i) => (i * 7919) % 251));
    const near = flushed(first.subarray(-200), first);
    const far = flushed(first.subarray(0, 200), first);
    const options = { contextTakeover: true, windowBits: 8 };
    assert.deepEqual(
      inflate([flushed(first), near], options).at(-1),
      first.subarray(-200).toString('latin1'),
    );
    assert.deepEqual(inflate([flushed(first), far], options).at(-1), 1007);
    assert.deepEqual(inflate([flushed(first), far], { ...options, windowBits: 10 }).length, 2);
  });

  it('does not let a receiver who changes a message change the window', () => {
    const inflater = new MessageInflater({ ...defaults, contextTakeover: true });
    inflater.inflate(hex('f248cdc9c90700')).fill(0);
    assert.equal(inflater.inflate(hex('f200110000')).toString(), 'Hello');
  });
});

describe('§7.2.1 final blocks in the middle', () => {
  it('inflates what follows, with the window of what came before', () => {
    const follow = flushed('HelloHello', Buffer.from('Hello'));
    assert.deepEqual(inflate([Buffer.concat([finished('Hello'), follow])]), ['HelloHelloHello']);
    assert.deepEqual(inflate([Buffer.concat([finished('a'), finished('b'), hex('00')])]), ['ab']);
    const kept = inflate([Buffer.concat([finished('Hel'), flushed('lo')]), 'f200110000'], {
      contextTakeover: true,
    });
    assert.deepEqual(kept, ['Hello', 'Hello']);
    const referring = Buffer.concat([finished('x'), flushed('Hello', Buffer.from('Hellox'))]);
    assert.deepEqual(inflate(['f248cdc9c90700', referring], { contextTakeover: true }), ['Hello', 'xHello']);
  });

  it('refuses garbage behind it', () => {
    assert.deepEqual(inflate([Buffer.concat([finished('Hello'), hex('deadbeef')])]), [1007]);
    assert.deepEqual(inflate([finished('Hello')]), [1007], 'the octet 0x00 "is necessary" (§7.2.3.4)');
  });

  it('refuses more than sixteen, since each costs a zlib stream', () => {
    const empty = hex('0300');
    const finals = (count: number): Buffer => Buffer.concat([...Array<Buffer>(count).fill(empty), hex('00')]);
    assert.deepEqual(inflate([finals(16)]), ['']);
    assert.deepEqual(inflate([finals(17)]), [1007]);
    assert.deepEqual(inflate([finals(400_000)]), [1007]);
  });

  it('counts all parts against the limit', () => {
    const two = Buffer.concat([finished(Buffer.alloc(600)), flushed(Buffer.alloc(400))]);
    assert.equal(String(inflate([two], { maxMessageBytes: 1000 })[0]).length, 1000);
    assert.deepEqual(inflate([two], { maxMessageBytes: 999 }), [1009]);
    const exact = Buffer.concat([finished(Buffer.alloc(600)), flushed('x')]);
    assert.deepEqual(inflate([exact], { maxMessageBytes: 600 }), [1009]);
    assert.equal(
      String(inflate([Buffer.concat([finished(Buffer.alloc(600)), hex('00')])], { maxMessageBytes: 600 })[0])
        .length,
      600,
    );
  });
});

describe('§10.4 (RFC 6455) the limit on what a message inflates to', () => {
  it('is exact', () => {
    const payload = flushed(Buffer.alloc(70_000, 'x'));
    assert.equal(String(inflate([payload], { maxMessageBytes: 70_000 })[0]).length, 70_000);
    assert.deepEqual(inflate([payload], { maxMessageBytes: 69_999 }), [1009]);
    assert.equal(String(inflate([payload], { maxMessageBytes: Infinity })[0]).length, 70_000);
  });

  it('holds while inflating: 1 GiB of zeros costs no more than the limit', () => {
    const mebibyte = deflateRawSync(Buffer.alloc(1024 * 1024), { finishFlush: constants.Z_SYNC_FLUSH });
    const bomb = Buffer.concat([...Array<Buffer>(1024).fill(mebibyte), hex('00')]);
    const peakBefore = process.resourceUsage().maxRSS;
    for (const contextTakeover of [false, true]) {
      assert.deepEqual(inflate([bomb], { contextTakeover, maxMessageBytes: 1024 * 1024 }), [1009]);
    }
    const grownKiB = process.resourceUsage().maxRSS - peakBefore;
    assert.ok(grownKiB < 32 * 1024, `${grownKiB} KiB`);
  });

  it('holds behind a final block, and for what the window multiplies', () => {
    const zeros = Buffer.alloc(10_000_000);
    assert.deepEqual(inflate([Buffer.concat([finished('x'), flushed(zeros)])]), [1009]);
    assert.deepEqual(inflate([flushed('x'), flushed(zeros, Buffer.from('x'))], { contextTakeover: true }), [
      'x',
      1009,
    ]);
  });
});

describe('anything at all', () => {
  const check = (payloads: readonly Buffer[]): void => {
    for (const outcome of inflate(payloads, { contextTakeover: true, maxMessageBytes: 5000 })) {
      assert.ok(typeof outcome === 'string' ? outcome.length <= 5000 : outcome === 1007 || outcome === 1009);
    }
  };

  it('has a documented outcome', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
          { maxLength: 4 },
        ),
        check,
      ),
    );
    const random = seededRandom(1951);
    const text = 'the quick brown fox '.repeat(30);
    for (let round = 0; round < 2000; round++) {
      const payload = Buffer.from(flushed(text.slice(0, 1 + random() * 600)));
      for (let n = 0; n < 1 + random() * 3; n++)
        payload[Math.floor(random() * payload.length)] = random() * 256;
      check([flushed(text), payload, payload.subarray(0, random() * payload.length)]);
    }
  });
});
