import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { feedInEveryWay } from './feed-in-every-way.ts';
import { Utf8Check } from './utf8-check.ts';

/** 'bad' as soon as one piece is refused, else whether the text may end. */
function judge(bytes: Buffer): 'bad' | 'complete' | 'open' {
  return feedInEveryWay(bytes, (chunks) => {
    const check = new Utf8Check();
    if (!chunks.every((chunk) => check.accept(chunk))) return 'bad';
    return check.isComplete ? 'complete' : 'open';
  });
}
const judgeHex = (hex: string): string => judge(Buffer.from(hex, 'hex'));

describe('§8.1 UTF-8 in pieces', () => {
  it('accepts characters of every length', () =>
    assert.equal(judge(Buffer.from('aé€😀\u{10ffff}\0')), 'complete'));

  it('waits for the rest of a character', () => {
    for (const hex of ['c3', 'e2', 'e282', 'f0', 'f09f', 'f09f98']) assert.equal(judgeHex(hex), 'open', hex);
  });

  it('refuses at the first bad byte', () => {
    const overlong = ['c0', 'c1', 'e080', 'e09f', 'f080', 'f08f'];
    const surrogatesAndBeyond = ['eda0', 'edbf', 'f490', 'f5', 'ff', 'fe'];
    const broken = ['80', 'bf', 'c341', 'e28241', 'f09f9841', '61e2e2'];
    for (const hex of [...overlong, ...surrogatesAndBeyond, ...broken])
      assert.equal(judgeHex(hex), 'bad', hex);
  });

  it('agrees with isUtf8 on all pairs of bytes and on random ones', () => {
    for (let pair = 0; pair < 0x10000; pair++) {
      const bytes = Buffer.from([pair >> 8, pair & 0xff]);
      const check = new Utf8Check();
      assert.equal(check.accept(bytes) && check.isComplete, isUtf8(bytes), bytes.toString('hex'));
    }
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 8 }).map((array) => Buffer.from(array)),
      fc.tuple(fc.string({ unit: 'binary' }), fc.nat(), fc.nat(255)).map(([text, at, byte]) => {
        const bytes = Buffer.from(text);
        if (bytes.length > 0) bytes[at % bytes.length] = byte;
        return bytes;
      }),
    );
    fc.assert(fc.property(bytes, (bytes) => assert.equal(judge(bytes) === 'complete', isUtf8(bytes))));
  });
});
