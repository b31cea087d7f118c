/**
 * What parses bytes of a peer, each with input that is nearly right, wrong, or noise. A target throws when something is not as it
 * should be: never an exception of ours, never more memory than a limit, always an outcome that is documented.
 */
import assert from 'node:assert/strict';
import { deflateRawSync } from 'node:zlib';
import { parsePacketV3 } from '../../src/engineio/packet-v3.ts';
import { parsePacket } from '../../src/engineio/packet.ts';
import { parseBinaryPayload, parseTextPayload } from '../../src/engineio/payload-v3.ts';
import { parsePayload } from '../../src/engineio/payload.ts';
import { ProtocolError } from '../../src/errors.ts';
import { PacketDecoder } from '../../src/socketio/packet-decoder.ts';
import { encodeFrame } from '../../src/websocket/frame-encoder.ts';
import { Opcode } from '../../src/websocket/frame.ts';
import { checkUpgrade } from '../../src/websocket/handshake.ts';
import { acceptDeflate, negotiateDeflate, offerDeflate } from '../../src/websocket/permessage-deflate.ts';
import { WebSocket, type WebSocketEvent, type WebSocketOptions } from '../../src/websocket/websocket.ts';
import type { Dice } from './dice.ts';

/** What our end may close with, or report. */
export const CODES: ReadonlySet<number> = new Set([
  1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011,
]);
const MAX_BYTES = 5_000;
const MAX_FRAGMENTS = 50;

/** Frames of one side, some with bytes changed. */
export function frames(dice: Dice, isMasked: boolean): Buffer {
  const parts = Array.from({ length: 1 + dice.below(8) }, () => {
    const opcode = dice.pick(Object.values(Opcode));
    const isControl = opcode >= Opcode.close;
    const payload = dice.once(3)
      ? Buffer.from('é€😀text'.repeat(dice.below(12)))
      : dice.bytes(dice.below(isControl ? 126 : 200));
    const options = { fin: isControl || dice.below(3) > 0, ...(isMasked && { mask: dice.bytes(4) }) };
    const frame = encodeFrame(opcode, isControl ? payload.subarray(0, 125) : payload, options);
    return dice.once(3) ? dice.mutate(frame) : frame;
  });
  return dice.once(10) ? dice.bytes(dice.below(500)) : Buffer.concat(parts);
}

/** Compressed messages, some broken on the wire, some that inflate to far more than they are. */
export function compressedFrames(dice: Dice, isMasked: boolean): Buffer {
  const parts = Array.from({ length: 1 + dice.below(6) }, () => {
    const plain = Buffer.alloc(dice.below(dice.once(8) ? 3_000_000 : 8_000), dice.bytes(1 + dice.below(40)));
    const whole = deflateRawSync(plain, { finishFlush: 2 }).subarray(0, -4);
    const payload = dice.once(2) ? dice.mutate(whole) : whole;
    const cut = dice.once(4) ? dice.below(payload.length + 1) : payload.length;
    const options = {
      rsv1: !dice.once(8),
      fin: cut === payload.length,
      ...(isMasked && { mask: dice.bytes(4) }),
    };
    const first = encodeFrame(dice.pick([Opcode.text, Opcode.binary]), payload.subarray(0, cut), options);
    const rest = { ...(isMasked && { mask: dice.bytes(4) }) };
    const all =
      cut === payload.length
        ? first
        : Buffer.concat([first, encodeFrame(Opcode.continuation, payload.subarray(cut), rest)]);
    return dice.once(6) ? dice.mutate(all) : all;
  });
  return Buffer.concat(parts);
}

/** Feeds one end, and checks the laws of its events. */
function feed(end: WebSocket, dice: Dice, stream: Buffer): void {
  let closed = 0;
  let failed = false;
  const hear = (event: WebSocketEvent): void => {
    assert.equal(closed, 0, 'nothing after closed');
    if (event.type === 'closed') closed += 1;
    if (event.type === 'failed') {
      failed = true;
      assert.ok(CODES.has(event.code), `undocumented code ${event.code}`);
    }
    if (event.type === 'binary') assert.ok(event.bytes.length <= MAX_BYTES);
    if (event.type === 'text') assert.ok(Buffer.byteLength(event.text) <= MAX_BYTES);
    if (event.type === 'binary' || event.type === 'text') assert.ok(!failed, 'nothing after a failure');
    if (event.type === 'text') assert.ok(event.text.isWellFormed());
  };
  for (const piece of dice.cut(stream)) {
    // A turn takes so many frames; the rest comes in the next.
    let isLeft = end.receive(piece, hear, 1 + dice.below(5));
    while (isLeft) isLeft = end.resume(hear, 1 + dice.below(5));
  }
  end.receiveEnd(hear);
  assert.equal(closed, 1);
  assert.equal(end.state, 'closed');
}

/** zlib inflates windows of 2^8 bytes, and deflates from 2^9 on. */
function deflateFor(dice: Dice, role: 'server' | 'client'): NonNullable<WebSocketOptions['deflate']> {
  return {
    serverNoContextTakeover: dice.once(2),
    clientNoContextTakeover: dice.once(2),
    serverMaxWindowBits: role === 'server' ? 9 + dice.below(7) : 8 + dice.below(8),
    clientMaxWindowBits: role === 'client' ? 9 + dice.below(7) : 8 + dice.below(8),
  };
}

const TEXTS = [
  '2["a",1]',
  '0{"token":"x"}',
  '51-["b",{"_placeholder":true,"num":0}]',
  '31["ok"]',
  '1',
  '4/x,{"message":"m"}',
  `2["deep",${'['.repeat(600)}${']'.repeat(600)}]`,
];

function never(parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    assert.ok(error instanceof ProtocolError, String(error));
  }
}

export const targets: Readonly<Record<string, (dice: Dice) => void>> = {
  'WebSocket: a server given frames, broken frames and noise': (dice) => {
    const limits = { maxMessageBytes: MAX_BYTES, maxFragments: MAX_FRAGMENTS };
    feed(new WebSocket({ role: 'server', ...limits }), dice, frames(dice, true));
  },
  'WebSocket: a client given frames, broken frames and noise': (dice) => {
    const limits = { maxMessageBytes: MAX_BYTES, maxFragments: MAX_FRAGMENTS };
    feed(new WebSocket({ role: 'client', ...limits }), dice, frames(dice, false));
  },
  'WebSocket: either end given compressed frames, some of them broken': (dice) => {
    const role = dice.pick(['server', 'client'] as const);
    const limits = { maxMessageBytes: MAX_BYTES, maxFragments: MAX_FRAGMENTS };
    const end = new WebSocket({ role, ...limits, deflate: deflateFor(dice, role) });
    feed(end, dice, compressedFrames(dice, role === 'server'));
  },
  'WebSocket: a handshake of any headers': (dice) => {
    const sound: Record<string, string> = {
      host: 'localhost',
      upgrade: 'websocket',
      connection: 'Upgrade, keep-alive',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      'sec-websocket-version': '13',
      'sec-websocket-protocol': 'a, b',
      'sec-websocket-extensions': 'permessage-deflate; client_max_window_bits, x; a="b\\"c"',
    };
    const headers = Object.fromEntries(
      Object.entries(sound).map(([name, value]) => [
        name,
        dice.once(3) ? dice.mutate(Buffer.from(value)).toString('latin1') : value,
      ]),
    );
    const outcome = checkUpgrade({
      method: dice.pick(['GET', 'GET', 'POST', '']),
      httpVersion: dice.pick(['1.1', '1.1', '1.0', 'x']),
      headers,
    });
    if (outcome.type === 'refused') assert.ok(outcome.status >= 400 && outcome.status < 600);
    else negotiateDeflate(outcome.extensions, {});
    const offer = offerDeflate({});
    const answer = dice
      .mutate(Buffer.from('permessage-deflate; server_no_context_takeover'))
      .toString('latin1');
    assert.equal(typeof acceptDeflate(answer, offer).type, 'string');
  },
  'Engine.IO: packets and payloads of both revisions': (dice) => {
    const bytes = dice.mutate(
      Buffer.from(
        dice.pick([
          '4hello\x1e2\x1e3',
          'bAQID\x1e4x',
          '2probe',
          '0{}',
          '6:4hello1:2',
          '10:b4AQIDBA==',
          '\x00\x06\xff4hello',
        ]),
        'latin1',
      ),
    );
    const text = bytes.toString();
    never(() => parsePayload(text, { maxPackets: 5 }));
    never(() => parsePacket(dice.once(2) ? text : bytes));
    never(() => parseTextPayload(text, { maxPackets: 5 }));
    never(() => parseBinaryPayload(bytes, { maxPackets: 5 }));
    never(() => parsePacketV3(dice.once(2) ? text : bytes));
  },
  'Socket.IO: packets in any order': (dice) => {
    const decoder = new PacketDecoder({ maxAttachments: 3 });
    for (let count = dice.below(8); count >= 0; count -= 1) {
      const text = dice.mutate(Buffer.from(dice.pick(TEXTS))).toString();
      const decoded = decoder.receive(dice.once(4) ? dice.bytes(dice.below(20)) : text);
      assert.ok(typeof decoded.type === 'string');
    }
  },
};
