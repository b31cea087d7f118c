import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import {
  type ClosingState,
  advance,
  encodeClosePayload,
  fitReason,
  isValidCloseCode,
  parseClosePayload,
  transitions,
} from './closing.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

describe('§7.4 close codes', () => {
  it('allows those that may be on the wire', () => {
    for (const code of [1000, 1003, 1007, 1014, 3000, 4999]) assert.ok(isValidCloseCode(code), String(code));
    const bad = [
      0,
      999,
      1004,
      1005,
      1006,
      1015,
      1016,
      1100,
      2000,
      2999,
      5000,
      65_535,
      1000.5,
      Number.NaN,
      -1,
    ];
    for (const code of bad) assert.ok(!isValidCloseCode(code), String(code));
  });
});

describe('§5.5.1 the payload of a close frame', () => {
  it('is empty without a code', () => {
    assert.equal(encodeClosePayload().length, 0);
    assert.deepEqual(parseClosePayload(hex('')), { code: 1005, reason: '' });
  });
  it('is code and reason', () => {
    assert.equal(encodeClosePayload(1000).toString('hex'), '03e8');
    assert.equal(encodeClosePayload(1001, 'é').toString('hex'), '03e9c3a9');
    assert.deepEqual(parseClosePayload(hex('03e9c3a9')), { code: 1001, reason: 'é' });
    assert.deepEqual(parseClosePayload(hex('0fa0')), { code: 4000, reason: '' });
  });
  it('is refused from the peer when it is not valid', () => {
    assert.throws(() => parseClosePayload(hex('03')), { name: 'ProtocolError', closeCode: 1002 });
    for (const code of ['0000', '03e7', '03ec', '03ed', '03ee', '03f7', '0bb7', '1388', 'ffff']) {
      assert.throws(() => parseClosePayload(hex(code)), { name: 'ProtocolError', closeCode: 1002 }, code);
    }
    assert.throws(() => parseClosePayload(hex('03e8ff')), { name: 'ProtocolError', closeCode: 1007 });
  });
  it('is refused from the caller when it may not be sent', () => {
    assert.throws(() => encodeClosePayload(1005), RangeError);
    assert.throws(() => encodeClosePayload(Number.NaN), RangeError);
    assert.throws(() => encodeClosePayload('1000' as unknown as number), TypeError);
    assert.throws(() => encodeClosePayload(undefined, 'why'), TypeError);
    assert.throws(() => encodeClosePayload(1000, 'é'.repeat(62)), /"124" bytes/);
    assert.equal(encodeClosePayload(1000, 'x'.repeat(123)).length, 125);
  });
  it('gets as much of our own reason as fits', () => {
    assert.equal(fitReason('short é'), 'short é');
    assert.equal(fitReason('x'.repeat(200)), 'x'.repeat(123));
    assert.equal(fitReason(`${'x'.repeat(121)}€`), 'x'.repeat(121));
    assert.equal(fitReason(`${'x'.repeat(120)}€€`), `${'x'.repeat(120)}€`);
  });
});

describe('§7.1 the states of closing', () => {
  const open: ClosingState = { name: 'open' };

  it('knows who began', () => {
    assert.deepEqual(advance(open, 'receiveClose', 1001, 'bye'), {
      name: 'ending',
      ending: { code: 1001, reason: 'bye', by: 'peer' },
    });
    assert.deepEqual(advance(advance(open, 'sendClose'), 'receiveClose', 1000), {
      name: 'ending',
      ending: { code: 1000, reason: '', by: 'us' },
    });
    assert.deepEqual(advance(open, 'fail', 1002, 'x'), {
      name: 'ending',
      ending: { code: 1002, reason: 'x', by: 'us' },
    });
    assert.deepEqual(advance(open, 'receiveEnd'), {
      name: 'ending',
      ending: { code: 1006, reason: '', by: 'peer' },
    });
  });

  it('stays where a step means nothing', () => {
    const closed: ClosingState = { name: 'closed' };
    for (const step of ['sendClose', 'receiveClose', 'fail', 'receiveEnd', 'report'] as const) {
      assert.equal(advance(closed, step), closed);
    }
    const closing = advance(open, 'sendClose');
    assert.equal(advance(closing, 'sendClose'), closing);
  });

  it('is drawn in the README as the table says', () => {
    const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
    for (const [from, steps] of Object.entries(transitions)) {
      const tos = new Set(Object.values(steps));
      for (const to of tos) {
        const names = Object.entries(steps).flatMap(([step, name]) => (name === to ? [step] : []));
        assert.ok(
          readme.includes(`${from} --> ${to}: ${names.join(', ')}`),
          `${from} --> ${to}: ${names.join(', ')}`,
        );
      }
    }
  });
});
