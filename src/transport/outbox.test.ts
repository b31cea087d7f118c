import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { BINARY_V3, TEXT_V3, TEXT_V4, V3, V3_BASE64, V4, V4_BASE64 } from '../engineio/dialect.ts';
import type { EnginePacket } from '../engineio/packet.ts';
import { PreparedPacket, type FrameForm } from '../rooms/prepared-packet.ts';
import { WebSocket } from '../websocket/websocket.ts';
import { Outbox } from './outbox.ts';

const say = (text: string): PreparedPacket =>
  PreparedPacket.of({ type: 'event', namespace: '/', data: [text] });

const form = ({ formatPacket }: typeof V4, deflate?: FrameForm['deflate']): FrameForm => ({
  formatPacket,
  deflate,
});

/** What a client that agreed on compression hears, and how many of the frames were compressed (RFC 7692 §6). */
function heard(frames: Buffer): { messages: (string | Buffer)[]; compressed: number } {
  const both = { serverNoContextTakeover: true, clientNoContextTakeover: true };
  const deflate = { ...both, serverMaxWindowBits: 15, clientMaxWindowBits: 15 };
  const client = new WebSocket({ role: 'client', maxMessageBytes: Infinity, deflate });
  const messages: (string | Buffer)[] = [];
  let compressed = 0;
  for (let at = 0; at < frames.length;) {
    const [first = 0, second = 0] = frames.subarray(at);
    if ((first & 0x40) !== 0) compressed += 1;
    const end = at + (second === 126 ? 4 + frames.readUInt16BE(at + 2) : 2 + second);
    client.receive(Buffer.from(frames.subarray(at, end)), (event) => {
      if (event.type === 'text') messages.push(event.text);
      if (event.type === 'binary') messages.push(event.bytes);
    });
    at = end;
  }
  return { messages, compressed };
}

describe('Outbox', () => {
  it('gives one node, and so one buffer, to all sockets with the same past', () => {
    const start = Outbox.empty();
    const [a, b] = [say('a'), say('b')];
    const tails = Array.from({ length: 5 }, () => start.append(a)).map((tail) => tail.append(b));
    assert.equal(new Set(tails).size, 1);
    assert.equal(new Set(tails.map((tail) => tail.frames)).size, 1);
  });

  it('keeps different pasts apart, in order', () => {
    const [a, b, secret] = [say('a'), say('b'), say('secret')];
    const common = Outbox.empty().append(a);
    const theirs = common.append(secret).append(b);
    const ours = common.append(b);
    assert.deepEqual(ours.frames, Buffer.concat([a.frames, b.frames]));
    assert.deepEqual(theirs.frames, Buffer.concat([a.frames, secret.frames, b.frames]));
    assert.equal(ours.payloadIn(TEXT_V4).toString(), '42["a"]\x1e42["b"]');
  });

  it('hands on the bytes of a single packet as they are', () => {
    const packet = say('a');
    assert.equal(Outbox.empty().append(packet).frames, packet.frames);
  });

  it('lets go of joined bytes at the end of a turn, and joins again what is asked for later', () => {
    const chain = Outbox.empty().append(say('one')).append(say('two'));
    const [frames, payload] = [chain.frames, chain.payloadIn(TEXT_V4)];
    assert.equal(chain.frames, frames);
    Outbox.endTurn();
    assert.notEqual(chain.frames, frames);
    assert.deepEqual([chain.frames, chain.payloadIn(TEXT_V4)], [frames, payload]);
  });

  it('holds a million packets without recursion', () => {
    const packet = say('a');
    let tail = Outbox.empty();
    for (let count = 0; count < 1_000_000; count += 1) tail = tail.append(packet);
    assert.equal(tail.frames.length, packet.frames.length * 1_000_000);
  });

  it('property: a chain is what was appended, whatever other chains grow from the same nodes', () => {
    const packets = ['a', 'b', 'c'].map(say);
    const pick = fc.constantFrom(...packets);
    fc.assert(
      fc.property(fc.array(fc.array(pick, { minLength: 1, maxLength: 6 }), { maxLength: 8 }), (pasts) => {
        const start = Outbox.empty();
        const chains = pasts.map((past) => past.reduce((tail, packet) => tail.append(packet), start));
        for (const [index, past] of pasts.entries()) {
          assert.deepEqual(chains[index]?.frames, Buffer.concat(past.map((packet) => packet.frames)));
          assert.equal(
            chains[index]?.bytes,
            past.reduce((sum, packet) => sum + packet.size, 0),
          );
        }
      }),
    );
  });

  it('makes each form of a chain once; text has the same frames in all dialects', () => {
    const [a, b] = [say('a'), say('b')];
    const tail = Outbox.empty().append(a).append(b);
    for (const dialect of [V3, V3_BASE64, V4_BASE64]) assert.equal(tail.framesIn(form(dialect)), tail.frames);
    for (const payload of [TEXT_V3, BINARY_V3])
      assert.equal(tail.payloadIn(payload), tail.payloadIn(payload));
    assert.equal(tail.payloadIn(TEXT_V3).toString(), '7:42["a"]7:42["b"]');
    assert.equal(tail.payloadIn(BINARY_V3).toString('latin1'), '\x00\x07\xff42["a"]\x00\x07\xff42["b"]');
  });

  it('gives binary in the form of each dialect', () => {
    const bytes: EnginePacket = { type: 'message', data: Buffer.from([1, 2, 3, 4]) };
    const packet = new PreparedPacket([{ type: 'message', data: 'x' }, bytes]);
    const tail = Outbox.empty().append(packet);
    assert.equal(tail.hasBinary, true);
    assert.equal(tail.append(say('a')).hasBinary, true);
    const wire = (dialect: typeof V4): (string | Buffer)[] => heard(tail.framesIn(form(dialect))).messages;
    assert.deepEqual(heard(tail.frames).messages, ['4x', Buffer.from([1, 2, 3, 4])]);
    assert.deepEqual(wire(V4_BASE64), ['4x', 'bAQIDBA==']);
    assert.deepEqual(wire(V3), ['4x', Buffer.from([4, 1, 2, 3, 4])]);
    assert.deepEqual(wire(V3_BASE64), ['4x', 'b4AQIDBA==']);
    assert.equal(tail.payloadIn(TEXT_V4).toString(), '4x\x1ebAQIDBA==');
    assert.equal(tail.payloadIn(TEXT_V3).toString(), '2:4x10:b4AQIDBA==');
    assert.deepEqual(
      tail.payloadIn(BINARY_V3),
      Buffer.from([0, 2, 255, 0x34, 0x78, 1, 5, 255, 4, 1, 2, 3, 4]),
    );
  });

  it('compresses once for each window, in all dialects, from the threshold on and where it is allowed', () => {
    const deflate = { windowBits: 12, threshold: 100 };
    const [v4, v3] = [form(V4, deflate), form(V3, deflate)];
    const long = 'a'.repeat(200);
    const text = say(long);
    assert.equal(text.framesIn(v4), text.framesIn(v3));
    assert.notEqual(text.framesIn(v4), text.framesIn(form(V4, { ...deflate, windowBits: 9 })));
    const tail = Outbox.empty().append(text).append(say('b'));
    assert.equal(tail.framesIn(v4), tail.framesIn(v3));
    assert.deepEqual(heard(tail.framesIn(v4)), { messages: [`42["${long}"]`, '42["b"]'], compressed: 1 });
    assert.ok(tail.framesIn(v4).length < 60);

    const bytes: EnginePacket = { type: 'message', data: Buffer.alloc(200) };
    const mixed = new PreparedPacket([{ type: 'message', data: 'x' }, bytes]);
    assert.deepEqual(heard(mixed.framesIn(v4)), { messages: ['4x', Buffer.alloc(200)], compressed: 1 });
    assert.equal(heard(mixed.framesIn(v3)).compressed, 1);

    const plain = new PreparedPacket(mixed.packets, false);
    assert.equal(plain.framesIn(v4), plain.frames);
    assert.equal(heard(plain.framesIn(v3)).compressed, 0);
    assert.equal(say('b').framesIn(v4).length, say('b').frames.length);
  });
});
