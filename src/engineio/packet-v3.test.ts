import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { ProtocolError } from '../errors.ts';
import { formatPacketV3, formatTextPacketV3, parsePacketV3 } from './packet-v3.ts';
import type { EnginePacket } from './packet.ts';

interface OfficialPacket {
  type: string;
  data?: string | Buffer;
}
/** Not an export of its package: what engine.io itself speaks to old clients. */
const official = createRequire(import.meta.url)(
  join(import.meta.dirname, '../../node_modules/engine.io/build/parser-v3/index.js'),
) as {
  encodePacket(
    packet: OfficialPacket,
    supportsBinary: boolean,
    utf8: boolean,
    done: (message: string | Buffer) => void,
  ): void;
  decodePacket(message: string | Buffer): OfficialPacket;
};

function officialEncode(packet: EnginePacket, supportsBinary: boolean): string | Buffer {
  let encoded: string | Buffer = '';
  official.encodePacket(packet, supportsBinary, false, (message) => (encoded = message));
  return encoded;
}

const packets: fc.Arbitrary<EnginePacket> = fc.oneof(
  fc
    .string({ unit: 'grapheme' })
    .chain((data) =>
      fc.constantFrom<EnginePacket>({ type: 'open', data }, { type: 'ping', data }, { type: 'pong', data }),
    ),
  fc.constantFrom<EnginePacket>({ type: 'close' }, { type: 'upgrade' }, { type: 'noop' }),
  fc
    .oneof(
      fc.string({ unit: 'grapheme' }),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    )
    .map((data): EnginePacket => ({ type: 'message', data })),
);

/** Where there is no data, engine.io leaves it out. */
function asOfficial(packet: EnginePacket): OfficialPacket {
  return 'data' in packet && packet.data !== '' ? packet : { type: packet.type };
}

describe('packet of revision 3', () => {
  test('text is that of revision 4', () => {
    assert.deepEqual(parsePacketV3('4hello'), { type: 'message', data: 'hello' });
    assert.deepEqual(parsePacketV3('2probe'), { type: 'ping', data: 'probe' });
    assert.equal(formatPacketV3({ type: 'pong', data: 'probe' }), '3probe');
  });

  test('a binary packet names its type, as a byte or as a digit', () => {
    const packet: EnginePacket = { type: 'message', data: Buffer.from([1, 2, 3, 4]) };
    assert.deepEqual(formatPacketV3(packet), Buffer.from([4, 1, 2, 3, 4]));
    assert.equal(formatTextPacketV3(packet), 'b4AQIDBA==');
    assert.deepEqual(parsePacketV3(Buffer.from([4, 1, 2, 3, 4])), packet);
    assert.deepEqual(parsePacketV3('b4AQIDBA=='), packet);
    assert.deepEqual(parsePacketV3(Buffer.from([2, 0x78])), { type: 'ping', data: 'x' });
    assert.deepEqual(parsePacketV3('b1'), { type: 'close' });
  });

  for (const wire of [
    '',
    '7',
    'x',
    'b',
    'b7AAAA',
    'b AAAA',
    'b4A',
    'b4AAA*',
    Buffer.of(),
    Buffer.of(7),
    Buffer.of(52),
  ]) {
    test(`refuses ${JSON.stringify(wire)}`, () => {
      assert.throws(() => parsePacketV3(wire), ProtocolError);
    });
  }

  test('property: we read what engine.io writes, and it reads what we write', () => {
    fc.assert(
      fc.property(packets, (packet) => {
        assert.deepEqual(formatPacketV3(packet), officialEncode(packet, true));
        assert.deepEqual(formatTextPacketV3(packet), officialEncode(packet, false));
        for (const wire of [formatPacketV3(packet), formatTextPacketV3(packet)]) {
          assert.deepEqual(parsePacketV3(wire), packet);
          assert.deepEqual(official.decodePacket(wire), asOfficial(packet));
        }
      }),
    );
  });

  test('property: whatever comes is a packet or a ProtocolError', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(anything, (wire) => {
        try {
          assert.equal(typeof parsePacketV3(wire).type, 'string');
        } catch (error) {
          assert.ok(error instanceof ProtocolError, String(error));
        }
      }),
    );
  });
});
