import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { openCodec, type Parser } from './codec.ts';
import type { Packet } from './packet.ts';
import { formatParserPacket, type ParserPacket, parseParserPacket } from './parser-packet.ts';

const packets: readonly Packet[] = [
  { type: 'connect', namespace: '/a', data: { sid: 'x' } },
  { type: 'disconnect', namespace: '/' },
  { type: 'event', namespace: '/', data: ['name', 1, Buffer.from([1])] },
  { type: 'event', namespace: '/a', id: 3, data: ['name'] },
  { type: 'ack', namespace: '/', id: 0, data: [null] },
  { type: 'connect error', namespace: '/', data: { message: 'no' } },
];

/** As Socket.IO's parsers are made: a packet is one message. */
function jsonParser(decode: (message: string | Buffer) => unknown): Parser {
  return {
    Encoder: class {
      encode(packet: ParserPacket): string[] {
        return [JSON.stringify(packet)];
      }
    },
    Decoder: class extends EventEmitter {
      add(message: string | Buffer): void {
        const decoded = decode(message);
        for (const packet of Array.isArray(decoded) ? decoded : [decoded]) this.emit('decoded', packet);
      }
    },
  };
}

describe('Codec', () => {
  it('our own: what is encoded is decoded', () => {
    const codec = openCodec({ maxAttachments: 10 });
    for (const packet of packets) {
      const decoder = codec.openDecoder();
      assert.deepEqual(
        codec
          .encode(packet)
          .map((message) => decoder.receive(message))
          .at(-1),
        packet,
      );
    }
  });

  it('the shape of socket.io-parser and back', () => {
    for (const packet of packets) assert.deepEqual(parseParserPacket(formatParserPacket(packet)), packet);
    assert.deepEqual(formatParserPacket({ type: 'event', namespace: '/a', id: 3, data: ['x'] }), {
      type: 2,
      nsp: '/a',
      id: 3,
      data: ['x'],
    });
  });

  it('a parser of the user: what it makes is checked as our own is', () => {
    const codec = openCodec(
      { maxAttachments: 10 },
      jsonParser((message) => JSON.parse(String(message))),
    );
    const decoder = codec.openDecoder();
    const [message] = codec.encode({ type: 'event', namespace: '/', data: ['name', 1] });
    assert.deepEqual(decoder.receive(message ?? ''), { type: 'event', namespace: '/', data: ['name', 1] });
    const refused: readonly unknown[] = [
      { type: 2, nsp: '/', data: ['connect'] },
      { type: 2, nsp: '/', data: [{}] },
      { type: 2, nsp: '/', data: 'no list' },
      { type: 2, nsp: '/', id: 'one', data: ['x'] },
      { type: 3, nsp: '/', data: [] },
      { type: 7, nsp: '/', data: ['x'] },
      { type: '__proto__', nsp: '/' },
      { type: 2, data: ['x'] },
      { type: 0, nsp: '/', data: [] },
      null,
    ];
    for (const packet of refused) {
      assert.equal(
        codec.openDecoder().receive(JSON.stringify(packet)).type,
        'invalid',
        JSON.stringify(packet),
      );
    }
    assert.equal(decoder.receive('no JSON').type, 'invalid');
  });

  it('a parser that waits for more, and one that makes two packets of a message', () => {
    const waiting = openCodec(
      { maxAttachments: 10 },
      jsonParser(() => []),
    );
    assert.equal(waiting.openDecoder().receive('x').type, 'incomplete');
    const packet = { type: 2, nsp: '/', data: ['x'] };
    const twice = openCodec(
      { maxAttachments: 10 },
      jsonParser(() => [packet, packet]),
    );
    const decoder = twice.openDecoder();
    assert.equal(decoder.receive('x').type, 'invalid');
    decoder.discard();
  });

  it('property: a parser that makes anything never makes us throw', () => {
    fc.assert(
      fc.property(fc.anything(), (made) => {
        const codec = openCodec(
          { maxAttachments: 10 },
          jsonParser(() => [made]),
        );
        assert.equal(typeof codec.openDecoder().receive('x').type, 'string');
      }),
    );
  });
});
