import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { describe, test } from 'node:test';
import * as official from 'engine.io-parser';
import * as fc from 'fast-check';
import { ProtocolError } from '../errors.ts';
import { formatPacket, parsePacket } from './packet.ts';
import type { EnginePacket } from './packet.ts';

const EXAMPLES: readonly [wire: string, packet: EnginePacket][] = [
  ['0{"sid":"a"}', { type: 'open', data: '{"sid":"a"}' }],
  ['1', { type: 'close' }],
  ['2', { type: 'ping', data: '' }],
  ['2probe', { type: 'ping', data: 'probe' }],
  ['3', { type: 'pong', data: '' }],
  ['3probe', { type: 'pong', data: 'probe' }],
  ['4', { type: 'message', data: '' }],
  ['4hello €', { type: 'message', data: 'hello €' }],
  ['5', { type: 'upgrade' }],
  ['6', { type: 'noop' }],
];

describe('packet: text', () => {
  for (const [wire, packet] of EXAMPLES) {
    test(`"${wire}" is ${packet.type}, in and out`, () => {
      assert.deepEqual(parsePacket(wire), packet);
      assert.equal(formatPacket(packet), wire);
    });

    test(`"${wire}" is the same to engine.io-parser`, () => {
      const decoded = official.decodePacket(wire);
      assert.equal(decoded.type, packet.type);
      assert.equal(decoded.data ?? '', 'data' in packet ? packet.data : '');
      official.encodePacket({ ...packet }, true, (encoded) => assert.equal(encoded, wire));
    });
  }

  for (const wire of ['', '7', '9', 'a', ' 4', '\x1e', '-1', 'constructor', '\ud83d']) {
    test(`refuses ${JSON.stringify(wire)}`, () => {
      assert.throws(() => parsePacket(wire), ProtocolError);
      assert.equal(official.decodePacket(wire).type, 'error');
    });
  }

  test('names the unknown type', () => {
    assert.throws(() => parsePacket('7x'), {
      message: 'Unknown packet type "7" (Engine.IO v4, packet encoding)',
    });
  });
});

describe('packet: binary', () => {
  test('a binary message is a message, uncopied in both directions', () => {
    const bytes = Buffer.from([1, 2, 3]);
    const packet = parsePacket(bytes);
    assert.equal(packet.type, 'message');
    assert.equal('data' in packet && packet.data, bytes);
    assert.equal(formatPacket(packet), bytes);
  });

  test('base64 in text is a binary message', () => {
    assert.deepEqual(parsePacket('bAQIDBA=='), { type: 'message', data: Buffer.from([1, 2, 3, 4]) });
    assert.deepEqual(parsePacket('b'), { type: 'message', data: Buffer.alloc(0) });
  });

  for (const wire of [
    'bAQIDBA',
    'bA',
    'b=',
    'b====',
    'bAQ=D',
    'bAQ ==',
    'bAQ-_',
    'bAQ%=',
    'bAQID\n',
    'bAQI=AQI=',
  ]) {
    test(`refuses malformed base64 ${JSON.stringify(wire)}`, () => {
      assert.throws(() => parsePacket(wire), { name: 'ProtocolError', message: /malformed base64/ });
    });
  }
});

test('property: what is formatted parses to the same packet', () => {
  const data = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(data, (data) => {
      const packet: EnginePacket = { type: 'message', data };
      assert.deepEqual(parsePacket(formatPacket(packet)), packet);
    }),
  );
});

test('fuzz: any text is a packet or a ProtocolError', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        parsePacket(text);
      } catch (error) {
        assert.ok(error instanceof ProtocolError);
      }
    }),
    { seed: 1, numRuns: 5000 },
  );
});
