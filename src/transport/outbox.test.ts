import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { PreparedPacket } from '../rooms/prepared-packet.ts';
import { Outbox } from './outbox.ts';

const say = (text: string): PreparedPacket =>
  PreparedPacket.of({ type: 'event', namespace: '/', data: [text] });

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
    assert.equal(ours.payload.toString(), `${a.payload}\x1e${b.payload}`);
  });

  it('hands on the bytes of a single packet as they are', () => {
    const packet = say('a');
    assert.equal(Outbox.empty().append(packet).frames, packet.frames);
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
});
