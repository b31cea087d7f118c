import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { describe, test } from 'node:test';
import * as official from 'engine.io-parser';
import * as fc from 'fast-check';
import { ProtocolError } from '../errors.ts';
import type { EnginePacket } from './packet.ts';
import { formatPayload, formatPayloadPart, PAYLOAD_SEPARATOR, parsePayload } from './payload.ts';

const NO_LIMIT = { maxPackets: Infinity };

describe('payload', () => {
  test('joins packets with the record separator, binary as base64', () => {
    const packets: EnginePacket[] = [
      { type: 'message', data: 'hello' },
      { type: 'ping', data: '' },
      { type: 'message', data: Buffer.from([1, 2, 3, 4]) },
    ];
    assert.equal(formatPayload(packets), '4hello\x1e2\x1ebAQIDBA==');
    assert.deepEqual(parsePayload('4hello\x1e2\x1ebAQIDBA==', NO_LIMIT), packets);
  });

  test('a part is text even when the packet is binary', () => {
    assert.equal(formatPayloadPart({ type: 'message', data: Buffer.from([1]) }), 'bAQ==');
    assert.equal(formatPayloadPart({ type: 'noop' }), '6');
    assert.equal(PAYLOAD_SEPARATOR, '\x1e');
  });

  for (const body of ['', '\x1e', '4a\x1e', '\x1e4a', '4a\x1e\x1e4b', '4a\x1e9', '4a\x1ebA']) {
    test(`refuses ${JSON.stringify(body)} as a whole`, () => {
      assert.throws(() => parsePayload(body, NO_LIMIT), ProtocolError);
    });
  }

  test('limit: maxPackets', () => {
    assert.equal(parsePayload('4a\x1e4b', { maxPackets: 2 }).length, 2);
    assert.throws(() => parsePayload('4a\x1e4b\x1e4c', { maxPackets: 2 }), {
      name: 'ProtocolError',
      message: 'Cannot accept payload: it has more than 2 packets',
    });
  });

  test('limit: maxPackets is checked before any packet is parsed', () => {
    assert.throws(() => parsePayload('9\x1e'.repeat(500_000), { maxPackets: 10 }), /more than 10 packets/);
  });
});

const packet: fc.Arbitrary<EnginePacket> = fc.oneof(
  fc
    .string()
    .map((text) => text.replaceAll('\x1e', ''))
    .map((data) => ({ type: 'message' as const, data })),
  fc.uint8Array().map((bytes) => ({ type: 'message' as const, data: Buffer.from(bytes) })),
  fc.constantFrom<EnginePacket>({ type: 'pong', data: '' }, { type: 'close' }, { type: 'noop' }),
);

test('property: what is formatted parses to the same packets', () => {
  fc.assert(
    fc.property(fc.array(packet, { minLength: 1 }), (packets) => {
      assert.deepEqual(parsePayload(formatPayload(packets), NO_LIMIT), packets);
    }),
  );
});

test('property: engine.io-parser formats and parses the same', () => {
  fc.assert(
    fc.property(fc.array(packet, { minLength: 1 }), (packets) => {
      const body = formatPayload(packets);
      official.encodePayload(
        packets.map((packet) => ({ ...packet })),
        (encoded) => assert.equal(encoded, body),
      );
      const decoded = official
        .decodePayload(body, 'nodebuffer')
        .map(({ type, data }) => ({ type, data: data ?? '' }));
      const ours = packets.map((packet) => ({
        type: packet.type,
        data: 'data' in packet ? packet.data : '',
      }));
      assert.deepEqual(decoded, ours);
    }),
  );
});

test('fuzz: any body is packets or a ProtocolError', () => {
  const part = fc.oneof(fc.constantFrom('4a', 'bAQ==', '\x1e', '2', 'b', ''), fc.string());
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      try {
        parsePayload(parts.join(''), { maxPackets: 5 });
      } catch (error) {
        assert.ok(error instanceof ProtocolError);
      }
    }),
    { seed: 1, numRuns: 5000 },
  );
});
