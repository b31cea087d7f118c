import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { Encoder, PacketType } from 'socket.io-parser';
import { encodePacket } from './packet-encoder.ts';
import type { Packet } from './packet.ts';

const EXAMPLES: readonly [packet: Packet, text: string][] = [
  [{ type: 'connect', namespace: '/' }, '0'],
  [{ type: 'connect', namespace: '/', data: { sid: 'a' } }, '0{"sid":"a"}'],
  [{ type: 'connect', namespace: '/admin', data: { sid: 'a' } }, '0/admin,{"sid":"a"}'],
  [{ type: 'connect', namespace: '/', data: null }, '0'],
  [{ type: 'disconnect', namespace: '/' }, '1'],
  [{ type: 'disconnect', namespace: '/admin' }, '1/admin,'],
  [{ type: 'event', namespace: '/', data: ['hello', 'world'] }, '2["hello","world"]'],
  [{ type: 'event', namespace: '/', data: [7, undefined] }, '2[7,null]'],
  [{ type: 'event', namespace: '/', id: 0, data: ['a'] }, '20["a"]'],
  [{ type: 'event', namespace: '/admin', id: 12, data: ['a', { b: 1 }] }, '2/admin,12["a",{"b":1}]'],
  [{ type: 'event', namespace: '/', data: ['at', new Date(0)] }, '2["at","1970-01-01T00:00:00.000Z"]'],
  [{ type: 'ack', namespace: '/', id: 12, data: [] }, '312[]'],
  [{ type: 'ack', namespace: '/admin', id: 0, data: ['ok'] }, '3/admin,0["ok"]'],
  [
    { type: 'connect error', namespace: '/admin', data: { message: 'No', data: { code: 1 } } },
    '4/admin,{"message":"No","data":{"code":1}}',
  ],
];

const WIRE = {
  connect: PacketType.CONNECT,
  disconnect: PacketType.DISCONNECT,
  event: PacketType.EVENT,
  ack: PacketType.ACK,
  'connect error': PacketType.CONNECT_ERROR,
} as const;

function encodeOfficially(packet: Packet): unknown[] {
  return new Encoder().encode({
    type: WIRE[packet.type],
    nsp: packet.namespace,
    data: 'data' in packet ? packet.data : undefined,
    id: 'id' in packet ? packet.id : undefined,
  } as Parameters<Encoder['encode']>[0]);
}

describe('encodePacket', () => {
  for (const [packet, text] of EXAMPLES) {
    test(`${packet.type}: ${text}`, () => {
      assert.deepEqual(encodePacket(packet), { text, attachments: [] });
      assert.deepEqual(encodeOfficially(packet), [text]);
    });
  }

  test('an event with binary', () => {
    const data = ['file', Buffer.from([1]), { b: new Uint8Array([2]) }] as const;
    assert.deepEqual(encodePacket({ type: 'event', namespace: '/', data }), {
      text: '52-["file",{"_placeholder":true,"num":0},{"b":{"_placeholder":true,"num":1}}]',
      attachments: [Buffer.from([1]), Buffer.from([2])],
    });
  });

  test('an ack with binary, in a namespace', () => {
    assert.deepEqual(encodePacket({ type: 'ack', namespace: '/admin', id: 3, data: [new ArrayBuffer(1)] }), {
      text: '61-/admin,3[{"_placeholder":true,"num":0}]',
      attachments: [Buffer.alloc(1)],
    });
  });

  test("data that cannot be encoded is the caller's fault", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    assert.throws(() => encodePacket({ type: 'event', namespace: '/', data: ['a', cycle] }), TypeError);
    assert.throws(() => encodePacket({ type: 'event', namespace: '/', data: ['a', 1n] }), TypeError);
  });
});

test('property: socket.io-parser encodes the same text and attachments', () => {
  const bytes = fc.uint8Array().map((bytes) => Buffer.from(bytes));
  const value = fc.letrec((tie) => ({
    // Unlike socket.io-parser we keep an own "__proto__" of data with binary.
    value: fc.oneof(
      { depthSize: 'small' },
      fc.jsonValue({ maxDepth: 0 }),
      fc.date(),
      bytes,
      fc.constant(undefined),
      fc.array(tie('value')),
      fc.dictionary(
        fc.string().filter((key) => key !== '__proto__'),
        tie('value'),
      ),
    ),
  })).value;
  const packet: fc.Arbitrary<Packet> = fc.oneof(
    fc.record({
      type: fc.constant('event' as const),
      namespace: fc.constantFrom('/', '/admin'),
      data: fc.tuple(fc.string(), value, value),
    }),
    fc.record({
      type: fc.constant('ack' as const),
      namespace: fc.constantFrom('/', '/admin'),
      id: fc.nat(),
      data: fc.array(value),
    }),
  );
  fc.assert(
    fc.property(packet, (packet) => {
      const { text, attachments } = encodePacket(packet);
      assert.deepEqual([text, ...attachments], encodeOfficially(packet));
    }),
    { numRuns: 500 },
  );
});
