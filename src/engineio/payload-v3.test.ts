import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { ProtocolError } from '../errors.ts';
import type { EnginePacket } from './packet.ts';
import {
  decodeByteString,
  formatBinaryPart,
  formatTextPart,
  parseBinaryPayload,
  parseTextPayload,
} from './payload-v3.ts';

const require = createRequire(import.meta.url);
const modules = join(import.meta.dirname, '../../node_modules');

interface OfficialPacket {
  type: string;
  data?: string | Buffer;
}
interface OfficialParser {
  encodePayload(packets: OfficialPacket[], binary: boolean, done: (payload: string | Buffer) => void): void;
  encodePayloadAsBinary(packets: OfficialPacket[], done: (payload: Buffer) => void): void;
  decodePayload(payload: string | Buffer, each: (packet: OfficialPacket) => void): void;
}
/** Engine.io's own, not an export of its package, and that of the clients 1.x. */
const official = require(join(modules, 'engine.io/build/parser-v3/index.js')) as OfficialParser;
const client1 = require(
  join(modules, 'socket.io-client-1.7/node_modules/engine.io-parser/lib/index.js'),
) as OfficialParser;

const NO_LIMIT = { maxPackets: Infinity };
const message = (data: string | Buffer): EnginePacket => ({ type: 'message', data });
const texts = fc.string({ unit: 'grapheme' });
const binaries = fc.uint8Array().map((bytes) => Buffer.from(bytes));
const textPackets = fc.array(
  fc.oneof(texts.map(message), fc.constantFrom<EnginePacket>({ type: 'close' }, { type: 'ping', data: '' })),
  { minLength: 1 },
);
const packets = fc.array(fc.oneof(texts, binaries).map(message), { minLength: 1 });

function officialEncode(
  parser: OfficialParser,
  packets: readonly EnginePacket[],
  binary: boolean,
): string | Buffer {
  let encoded: string | Buffer = '';
  parser.encodePayload([...packets], binary, (payload) => (encoded = payload));
  return encoded;
}

/** What engine.io hands on for a packet without data has none. */
function officialDecode(payload: string | Buffer): OfficialPacket[] {
  const found: OfficialPacket[] = [];
  official.decodePayload(payload, (packet) => found.push(packet));
  return found.map((packet) => (packet.type === 'close' ? packet : { data: '', ...packet }));
}

const textOf = (packets: readonly EnginePacket[]): string =>
  Buffer.concat(packets.map(formatTextPart)).toString();
const bytesOf = (packets: readonly EnginePacket[]): Buffer => Buffer.concat(packets.map(formatBinaryPart));

describe('payload of revision 3: text', () => {
  test('lengths are UTF-16 units', () => {
    assert.equal(textOf([message('hello'), message('€😀'), { type: 'noop' }]), '6:4hello4:4€😀1:6');
    assert.equal(textOf([message(Buffer.from([1, 2, 3, 4]))]), '10:b4AQIDBA==');
    assert.deepEqual(parseTextPayload('6:4hello4:4€😀1:6', NO_LIMIT), [
      message('hello'),
      message('€😀'),
      { type: 'noop' },
    ]);
  });

  test('"0:" is nothing', () => {
    assert.deepEqual(parseTextPayload('0:', NO_LIMIT), []);
  });

  for (const body of [
    '',
    ':',
    ':4a',
    '4a',
    '2',
    '2:',
    '2:4',
    '3:4a',
    '2:4ax',
    '2:4a2:',
    '-2:4a',
    ' 2:4a',
    '2.0:4a',
  ]) {
    test(`refuses ${JSON.stringify(body)} as a whole`, () => {
      assert.throws(() => parseTextPayload(body, NO_LIMIT), ProtocolError);
    });
  }
  for (const body of ['1e0:4', '0x1:4', '1:9', '1:\x00', '3:b4A', '00000000001:4', `${'9'.repeat(400)}:4`]) {
    test(`refuses ${JSON.stringify(body.slice(0, 20))}`, () => {
      assert.throws(() => parseTextPayload(body, NO_LIMIT), ProtocolError);
    });
  }

  test('limit: maxPackets', () => {
    assert.equal(parseTextPayload('1:61:6', { maxPackets: 2 }).length, 2);
    assert.throws(() => parseTextPayload('1:61:61:6', { maxPackets: 2 }), /more than 2 packets/);
  });

  test('property: we read what engine.io writes, and it reads what we write', () => {
    fc.assert(
      fc.property(packets, textPackets, (mixed, plain) => {
        for (const each of [mixed, plain]) {
          const text = textOf(each);
          assert.equal(text, officialEncode(official, each, false));
          assert.deepEqual(parseTextPayload(text, NO_LIMIT), each);
          assert.deepEqual(officialDecode(text), each);
        }
      }),
    );
  });

  test('property: we read what clients before 2.0 write, who encode the UTF-8 of text twice', () => {
    fc.assert(
      fc.property(textPackets, (each) => {
        // engine.io-parser 1.x gives a string of bytes. A browser sends it as UTF-8, and we decode that once.
        const body = officialEncode(client1, each, false);
        assert.deepEqual(parseTextPayload(String(body), NO_LIMIT, decodeByteString), each);
      }),
    );
    assert.throws(() => decodeByteString('€'), ProtocolError);
    assert.throws(() => decodeByteString('4ä'), ProtocolError);
  });
});

describe('payload of revision 3: bytes', () => {
  test('a kind, digits, 255, and the packet', () => {
    assert.deepEqual(formatBinaryPart(message('€')), Buffer.from([0, 4, 255, 0x34, 0xe2, 0x82, 0xac]));
    assert.deepEqual(formatBinaryPart(message(Buffer.from([7]))), Buffer.from([1, 2, 255, 4, 7]));
    assert.deepEqual(
      formatBinaryPart(message('a'.repeat(11))).subarray(0, 5),
      Buffer.from([0, 1, 2, 255, 0x34]),
    );
  });

  for (const body of [
    [],
    [0],
    [2, 1, 255, 0x36],
    [0, 255],
    [0, 1],
    [0, 1, 255],
    [0, 1, 0x36],
    [0, 10, 255, 0x36],
    [0, 2, 255, 0x36],
    [0, 0, 255],
    [1, 0, 255],
    [0, 1, 255, 0x36, 0],
    [0, 2, 255, 0x34, 0xff],
    [1, 1, 255, 9],
    [0, ...Array.from({ length: 11 }, () => 0), 255, 0x36],
  ]) {
    test(`refuses ${JSON.stringify(body)} as a whole`, () => {
      assert.throws(() => parseBinaryPayload(Buffer.from(body), NO_LIMIT), ProtocolError);
    });
  }

  test('limit: maxPackets', () => {
    const body = Buffer.from([0, 1, 255, 0x36, 0, 1, 255, 0x36]);
    assert.equal(parseBinaryPayload(body, { maxPackets: 2 }).length, 2);
    assert.throws(() => parseBinaryPayload(body, { maxPackets: 1 }), /more than 1 packets/);
  });

  test('property: we read what engine.io and clients 1.x write, and engine.io reads what we write', () => {
    fc.assert(
      fc.property(packets, (each) => {
        const bytes = bytesOf(each);
        for (const parser of [official, client1]) {
          parser.encodePayloadAsBinary([...each], (payload) => assert.deepEqual(payload, bytes));
        }
        assert.deepEqual(parseBinaryPayload(bytes, NO_LIMIT), each);
        assert.deepEqual(officialDecode(bytes), each);
      }),
    );
  });
});

test('property: whatever comes is packets or a ProtocolError', () => {
  const few = fc.uint8Array({ maxLength: 12 });
  const likely = fc.array(fc.constantFrom(0, 1, 2, 4, 9, 255, 0x34, 0x3a, 0x62), { maxLength: 12 });
  fc.assert(
    fc.property(fc.oneof(few, likely), (body) => {
      for (const parse of [
        () => parseBinaryPayload(Buffer.from(body), NO_LIMIT),
        () => parseTextPayload(Buffer.from(body).toString('latin1'), NO_LIMIT),
        () => parseTextPayload(Buffer.from(body).toString('latin1'), NO_LIMIT, decodeByteString),
      ]) {
        try {
          assert.ok(Array.isArray(parse()));
        } catch (error) {
          assert.ok(error instanceof ProtocolError, String(error));
        }
      }
    }),
    { numRuns: 2_000 },
  );
});
