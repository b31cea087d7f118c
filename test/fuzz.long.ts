/**
 * `npm run test:long`: random and mutated input into everything that parses what a peer sends, for FUZZ_SECONDS each
 * (default 300: ten minutes for the WebSocket alone). A failure prints the seed; FUZZ_SEED repeats it.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { parsePacket } from '../src/engineio/packet.ts';
import { parsePayload } from '../src/engineio/payload.ts';
import { ProtocolError } from '../src/errors.ts';
import { PacketDecoder } from '../src/socketio/packet-decoder.ts';
import { encodeFrame } from '../src/websocket/frame-encoder.ts';
import { Opcode } from '../src/websocket/frame.ts';
import { checkUpgrade } from '../src/websocket/handshake.ts';
import { WebSocket } from '../src/websocket/websocket.ts';

const seconds = Number(process.env['FUZZ_SECONDS'] ?? 300);
const firstSeed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000_000);

/** A small generator with a seed (xorshift32). */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed | 0) === 0 ? 1 : seed | 0;
  }

  below(limit: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) % limit;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** Flips, cuts, doubles or inserts some bytes. */
  mutate(bytes: Buffer): Buffer {
    let result = Buffer.from(bytes);
    for (let count = this.below(6); count >= 0; count -= 1) {
      const at = this.below(result.length + 1);
      const kind = this.below(4);
      if (kind === 0 && at < result.length) result[at] = this.below(256);
      else if (kind === 1)
        result = Buffer.concat([result.subarray(0, at), result.subarray(at + this.below(9))]);
      else if (kind === 2)
        result = Buffer.concat([result.subarray(0, at), this.bytes(this.below(9)), result.subarray(at)]);
      else result = Buffer.concat([result.subarray(0, at), result]);
    }
    return result;
  }
}

function fuzz(name: string, attempt: (dice: Dice) => void): void {
  it(`fuzz: ${name}`, { timeout: (seconds + 60) * 1_000 }, () => {
    const end = performance.now() + seconds * 1_000;
    let seed = firstSeed;
    for (; performance.now() < end; seed += 1) {
      try {
        attempt(new Dice(seed));
      } catch (error) {
        throw new Error(`FUZZ_SEED=${seed} repeats it`, { cause: error });
      }
    }
    console.log(`${name}: ${seed - firstSeed} inputs from seed ${firstSeed}`);
  });
}

const TEXTS = [
  '2["a",1]',
  '0{"token":"x"}',
  '51-["b",{"_placeholder":true,"num":0}]',
  '31["ok"]',
  '1',
  '4/x,{"message":"m"}',
];
const CODES = new Set([1000, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011]);

fuzz('a WebSocket server given frames, broken frames and noise', (dice) => {
  const server = new WebSocket({ role: 'server', maxMessageBytes: 5_000, maxFragments: 50 });
  const parts = Array.from({ length: 1 + dice.below(8) }, () => {
    const opcode = dice.pick(Object.values(Opcode));
    const isControl = opcode >= Opcode.close;
    const frame = encodeFrame(opcode, dice.bytes(dice.below(isControl ? 126 : 200)), {
      fin: isControl || dice.below(3) > 0,
      mask: dice.bytes(4),
    });
    return dice.below(3) === 0 ? dice.mutate(frame) : frame;
  });
  const stream = dice.below(10) === 0 ? dice.bytes(dice.below(500)) : Buffer.concat(parts);
  let closed = 0;
  let failed = false;
  let bytes = 0;
  const hear = (event: { type: string; code?: number; bytes?: Buffer; text?: string }): void => {
    assert.equal(closed, 0, 'nothing after closed');
    if (event.type === 'closed') closed += 1;
    if (event.type === 'failed') {
      failed = true;
      assert.ok(CODES.has(event.code ?? 0), `undocumented code ${event.code}`);
    }
    bytes += event.bytes?.length ?? event.text?.length ?? 0;
  };
  for (let at = 0; at < stream.length;) {
    const length = 1 + dice.below(stream.length);
    server.receive(Buffer.from(stream.subarray(at, at + length)), hear);
    at += length;
  }
  server.receiveEnd(hear);
  assert.equal(closed, 1);
  assert.ok(bytes <= stream.length && (!failed || server.state === 'closed'));
});

fuzz('a WebSocket server given compressed frames, some of them broken', (dice) => {
  const maxMessageBytes = 5_000;
  const keeps = dice.below(2) === 0;
  const windows = { serverMaxWindowBits: 15, clientMaxWindowBits: 8 + dice.below(8) };
  const deflate = { serverNoContextTakeover: true, clientNoContextTakeover: !keeps, ...windows };
  const server = new WebSocket({ role: 'server', maxMessageBytes, maxFragments: 50, deflate });
  let closed = 0;
  for (let count = dice.below(6); count >= 0; count -= 1) {
    const plain = Buffer.alloc(dice.below(8_000), dice.bytes(1 + dice.below(40)));
    const whole = deflateRawSync(plain, { finishFlush: 2 }).subarray(0, -4);
    const payload = dice.below(2) === 0 ? dice.mutate(whole) : whole;
    const opcode = dice.pick([Opcode.text, Opcode.binary]);
    const frame = encodeFrame(opcode, payload, { mask: dice.bytes(4), rsv1: dice.below(8) > 0 });
    server.receive(dice.below(6) === 0 ? dice.mutate(frame) : frame, (event) => {
      assert.equal(closed, 0, 'nothing after closed');
      if (event.type === 'closed') closed += 1;
      // Bounded: nothing that is delivered is over the limit, whatever it would inflate to.
      if (event.type === 'binary') assert.ok(event.bytes.length <= maxMessageBytes);
      if (event.type === 'text') assert.ok(Buffer.byteLength(event.text) <= maxMessageBytes);
      if (event.type === 'failed') assert.ok(CODES.has(event.code), `undocumented code ${event.code}`);
    });
  }
  server.receiveEnd((event) => (closed += event.type === 'closed' ? 1 : 0));
  assert.equal(closed, 1);
});

fuzz('a handshake of any headers', (dice) => {
  const names = [
    'host',
    'upgrade',
    'connection',
    'sec-websocket-key',
    'sec-websocket-version',
    'sec-websocket-protocol',
  ];
  const values = [
    'localhost',
    'websocket',
    'Upgrade, keep-alive',
    'AAAAAAAAAAAAAAAAAAAAAA==',
    '13',
    'a, b',
    '__proto__',
  ];
  const headers = Object.fromEntries(
    names.map((name) => [name, dice.mutate(Buffer.from(dice.pick(values))).toString('latin1')]),
  );
  const outcome = checkUpgrade({
    method: dice.pick(['GET', 'POST', '']),
    httpVersion: dice.pick(['1.1', '1.0', 'x']),
    headers,
  });
  if (outcome.type === 'refused') assert.ok(outcome.status >= 400 && outcome.status < 600);
});

fuzz('Engine.IO packets and payloads', (dice) => {
  const body = dice
    .mutate(Buffer.from(dice.pick(['4hello\x1e2\x1e3', 'bAQID\x1e4x', '2probe', '0{}'])))
    .toString();
  for (const parse of [() => parsePayload(body, { maxPackets: 5 }), () => parsePacket(body)]) {
    try {
      parse();
    } catch (error) {
      assert.ok(error instanceof ProtocolError, String(error));
    }
  }
});

fuzz('Socket.IO packets in any order', (dice) => {
  const decoder = new PacketDecoder({ maxAttachments: 3 });
  for (let count = dice.below(8); count >= 0; count -= 1) {
    const text = dice.mutate(Buffer.from(dice.pick(TEXTS))).toString();
    const decoded = decoder.receive(dice.below(4) === 0 ? dice.bytes(dice.below(20)) : text);
    assert.ok(typeof decoded.type === 'string');
  }
});
