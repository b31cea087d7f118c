/** WebSocket with permessage-deflate: frames with RSV1, two ends, and node:zlib's streams as the other end. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { type DeflateRaw, type InflateRaw, constants, createDeflateRaw, createInflateRaw } from 'node:zlib';
import * as fc from 'fast-check';
import { feedInEveryWay, seededRandom } from './feed-in-every-way.ts';
import { type Frame, Opcode } from './frame.ts';
import { FrameDecoder } from './frame-decoder.ts';
import { encodeFrame } from './frame-encoder.ts';
import type { DeflateTuning } from './message-deflater.ts';
import {
  type DeflateParameters,
  acceptDeflate,
  negotiateDeflate,
  offerDeflate,
} from './permessage-deflate.ts';
import { WebSocket, type WebSocketEvent } from './websocket.ts';

const { text, binary, continuation } = Opcode;
const hex = (bytes: string): Buffer => Buffer.from(bytes.replaceAll(' ', ''), 'hex');
const mask = hex('37fa213d');
const kept: DeflateParameters = {
  serverNoContextTakeover: false,
  clientNoContextTakeover: false,
  serverMaxWindowBits: 15,
  clientMaxWindowBits: 15,
};

/** A client's events for unmasked frames, as the RFC prints them, cut in every way. */
function atClient(bytes: string, deflate: DeflateParameters | undefined = kept): WebSocketEvent[] {
  return feedInEveryWay(hex(bytes), (chunks) => {
    const client = new WebSocket({ role: 'client', maxMessageBytes: 1000, ...(deflate && { deflate }) });
    const events: WebSocketEvent[] = [];
    for (const chunk of chunks) client.receive(chunk, (event) => events.push(event));
    // The key of a reply is random.
    return events.map((event) => ('reply' in event ? { ...event, reply: Buffer.alloc(0) } : event));
  });
}

/** A server's events for frames of a client, cut in every way. */
function atServer(frames: readonly Buffer[], maxMessageBytes = 1000): WebSocketEvent[] {
  return feedInEveryWay(Buffer.concat(frames), (chunks) => {
    const server = new WebSocket({ role: 'server', maxMessageBytes, deflate: kept });
    const events: WebSocketEvent[] = [];
    for (const chunk of chunks) server.receive(chunk, (event) => events.push(event));
    return events;
  });
}

const codes = (events: readonly WebSocketEvent[]): (string | number)[] =>
  events.map((event) => (event.type === 'failed' ? event.code : event.type));
const hello: WebSocketEvent = { type: 'text', text: 'Hello' };

describe('§7.2.3 examples', () => {
  it('§7.2.3.1: one block, in one frame and in two', () => {
    assert.deepEqual(atClient('c1 07 f248cdc9c90700'), [hello]);
    assert.deepEqual(atClient('41 03 f248cd  80 04 c9c90700'), [hello]);
  });
  it('§7.2.3.2: sharing the window', () => {
    assert.deepEqual(atClient('c1 07 f248cdc9c90700  c1 05 f200110000'), [hello, hello]);
    const apart = { ...kept, serverNoContextTakeover: true };
    assert.deepEqual(atClient('c1 07 f248cdc9c90700  c1 07 f248cdc9c90700', apart), [hello, hello]);
    assert.deepEqual(codes(atClient('c1 07 f248cdc9c90700  c1 05 f200110000', apart)), [
      'text',
      1007,
      'closed',
    ]);
  });
  it('§7.2.3.3: a block without compression', () => {
    assert.deepEqual(atClient('c1 0b 00 0500 faff 48656c6c6f 00'), [hello]);
  });
  it('§7.2.3.4: a block with BFINAL set', () => {
    assert.deepEqual(atClient('c1 08 f348cdc9c9070000'), [hello]);
  });
  it('§7.2.3.5: two blocks', () => {
    assert.deepEqual(atClient('c1 0d f24805000000ffffcac9c90700'), [hello]);
  });
  it('§7.2.3.6: an empty fragment, an empty message', () => {
    assert.deepEqual(atClient('41 06 f248cdc9c907  80 01 00'), [hello]);
    assert.deepEqual(atClient('c1 01 00  c2 01 00  c1 00'), [
      { type: 'text', text: '' },
      { type: 'binary', bytes: Buffer.alloc(0) },
      { type: 'text', text: '' },
    ]);
  });
});

describe('§6 RSV1', () => {
  it('may be on the first frame of a data message only, and with the extension only', () => {
    assert.deepEqual(codes(atClient('c1 01 00  c2 01 00')), ['text', 'binary']);
    assert.deepEqual(codes(atClient('41 01 00  c0 01 00')), [1002, 'closed'], 'on a continuation');
    for (const control of ['c8', 'c9', 'ca'])
      assert.deepEqual(codes(atClient(`${control} 00`)), [1002, 'closed']);
    const without = feedInEveryWay(hex('c1 01 00'), ([...chunks]) => {
      const client = new WebSocket({ role: 'client', maxMessageBytes: 1000 });
      const events: WebSocketEvent[] = [];
      for (const chunk of chunks) client.receive(chunk, (event) => events.push(event));
      return codes(events);
    });
    assert.deepEqual(without, [1002, 'closed']);
  });
  it('§5.2 (RFC 6455): RSV2 and RSV3 may never be', () => {
    for (const first of ['a1', '91', 'e1', 'd1', 'f1']) {
      assert.deepEqual(codes(atClient(`${first} 01 00`)), [1002, 'closed'], first);
    }
  });
  it('clear, a message is taken as it is, and leaves the window alone', () => {
    const frames = 'c1 07 f248cdc9c90700  81 03 616263  c1 05 f200110000  82 01 ff';
    assert.deepEqual(atClient(frames), [
      hello,
      { type: 'text', text: 'abc' },
      hello,
      { type: 'binary', bytes: Buffer.from([0xff]) },
    ]);
    assert.deepEqual(
      codes(atClient('01 01 61  c0 01 62')),
      [1002, 'closed'],
      'it cannot begin in the middle',
    );
  });
  it('control frames come between compressed fragments, as they are', () => {
    const events = atClient('41 03 f248cd  89 01 70  00 00  8a 01 71  80 04 c9c90700  c1 05 f200110000');
    assert.deepEqual(codes(events), ['ping', 'pong', 'text', 'text']);
    assert.deepEqual(events.at(-1), hello);
  });
});

describe('§7.2.2 what cannot be inflated', () => {
  const compressed = (payload: Buffer | string, opcode: Opcode = text): Buffer =>
    encodeFrame(opcode, typeof payload === 'string' ? hex(payload) : payload, { rsv1: true, mask });

  it('is 1007', () => {
    for (const bad of ['ff', 'f248cd', 'f248cdc9c90700ff', 'f348cdc9c90700', 'f200110000']) {
      assert.deepEqual(codes(atServer([compressed(bad)])), [1007, 'closed'], bad);
      assert.deepEqual(codes(atServer([compressed(bad, binary)])), [1007, 'closed'], bad);
    }
  });
  it('§8.1 (RFC 6455): nor can what inflates to bad UTF-8 be text', () => {
    const bad = '00 0100 feff ff 00';
    assert.deepEqual(codes(atServer([compressed(bad)])), [1007, 'closed']);
    assert.deepEqual(codes(atServer([compressed(bad, binary)])), ['binary']);
    const cut = hex('00 0200 fdff e282 00');
    assert.deepEqual(
      codes(atServer([compressed(cut)])),
      [1007, 'closed'],
      'a character that is not complete',
    );
    const fragments = [
      encodeFrame(text, cut.subarray(0, 6), { fin: false, rsv1: true, mask }),
      encodeFrame(continuation, cut.subarray(6), { mask }),
    ];
    assert.deepEqual(codes(atServer(fragments)), [1007, 'closed'], 'in fragments');
  });
  it('is not looked at as text before it is inflated', () => {
    const first = encodeFrame(text, hex('f248cd'), { fin: false, rsv1: true, mask });
    const rest = encodeFrame(continuation, hex('c9c90700'), { mask });
    assert.deepEqual(atServer([first, rest]), [hello]);
    assert.deepEqual(atServer([first, rest.subarray(0, 8)]), []);
  });
});

describe('§10.4 (RFC 6455) limits', () => {
  const deflate = { ...kept, clientNoContextTakeover: true, threshold: 0 };
  const send = (bytes: Buffer): Buffer =>
    new WebSocket({ role: 'client', maxMessageBytes: 1, deflate }).binary(bytes);

  it('count what a message inflates to, however little came', () => {
    assert.deepEqual(codes(atServer([send(Buffer.alloc(1000))])), ['binary']);
    const frame = send(Buffer.alloc(1001));
    assert.ok(frame.length < 40);
    assert.deepEqual(codes(atServer([frame])), [1009, 'closed']);
  });
  it('count what a message inflates to, in fragments', () => {
    const decoder = new FrameDecoder({ role: 'server', maxPayloadBytes: 1000, allowRsv1: true });
    decoder.push(send(Buffer.alloc(100_000)));
    const payload = decoder.next()?.payload ?? Buffer.alloc(0);
    const frames = [...payload].map((byte, i) =>
      encodeFrame(i === 0 ? binary : continuation, Buffer.from([byte]), {
        rsv1: i === 0,
        fin: i === payload.length - 1,
        mask,
      }),
    );
    assert.deepEqual(codes(atServer(frames.slice(0, -1))), []);
    assert.deepEqual(codes(atServer(frames)), [1009, 'closed']);
    assert.deepEqual(codes(atServer(frames, 100_000)), ['binary']);
  });
  it('count what came, before anything is inflated', () => {
    const many = Buffer.concat([...Array<Buffer>(300).fill(hex('00 0000 ffff')), hex('00')]);
    assert.deepEqual(codes(atServer([encodeFrame(text, many, { rsv1: true, mask }).subarray(0, 8)])), [
      1009,
      'closed',
    ]);
    const half = many.subarray(0, 600);
    const frames = [
      encodeFrame(text, half, { rsv1: true, fin: false, mask }),
      encodeFrame(continuation, half, { fin: false, mask }).subarray(0, 8),
    ];
    assert.deepEqual(codes(atServer(frames)), [1009, 'closed']);
  });
});

/** Messages that share words, so that contexts matter; some are noise, some empty, some over a small window. */
const message: fc.Arbitrary<string | Buffer> = fc.oneof(
  fc
    .array(fc.constantFrom('alpha ', 'βήτα ', '{"id":', '"text"', '😀', '0123456789'), { maxLength: 60 })
    .map((words) => words.join('')),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc
    .integer({ min: 0, max: 70_000 })
    .map((length) => Buffer.from(Array.from({ length }, (_, i) => (i * i) % 89))),
  fc.constant(''),
);
const bits = fc.integer({ min: 9, max: 15 });
const parameters: fc.Arbitrary<DeflateParameters> = fc.record({
  serverNoContextTakeover: fc.boolean(),
  clientNoContextTakeover: fc.boolean(),
  serverMaxWindowBits: bits,
  clientMaxWindowBits: bits,
});
const tuning: fc.Arbitrary<DeflateTuning> = fc.record({
  threshold: fc.constantFrom(0, 0, 30, 1024),
  level: fc.integer({ min: 0, max: 9 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
});

const read = (event: WebSocketEvent): string | Buffer => {
  if (event.type === 'text') return event.text;
  assert.ok(event.type === 'binary', JSON.stringify(event));
  return event.bytes;
};
const write = (end: WebSocket, content: string | Buffer): Buffer =>
  typeof content === 'string' ? end.text(content) : end.binary(content);

describe('two ends', () => {
  it('understand each other, whatever they agreed on', () => {
    fc.assert(
      fc.property(
        parameters,
        tuning,
        fc.array(fc.tuple(fc.boolean(), message), { maxLength: 12 }),
        (asked, how, sent) => {
          const offer = offerDeflate(asked);
          const agreed = negotiateDeflate(offer, asked);
          const accepted = acceptDeflate(agreed?.response ?? '', offer);
          assert.ok(agreed !== undefined && accepted.type === 'accepted');
          const server = new WebSocket({
            role: 'server',
            maxMessageBytes: 100_000,
            deflate: { ...agreed.parameters, ...how },
          });
          const client = new WebSocket({
            role: 'client',
            maxMessageBytes: 100_000,
            deflate: { ...accepted.parameters, ...how },
          });
          for (const [byServer, content] of sent) {
            const [from, to] = byServer ? [server, client] : [client, server];
            const events: WebSocketEvent[] = [];
            to.receive(Buffer.from(write(from, content)), (event) => events.push(event));
            assert.deepEqual(events.map(read), [content]);
          }
        },
      ),
    );
  });
});

/** The other end, with a zlib stream for each direction that lives as long as the context does. */
class ZlibPeer {
  readonly #windowBits: { deflate: number; inflate: number };
  readonly #keep: { deflate: boolean; inflate: boolean };
  #deflate: DeflateRaw | undefined;
  #inflate: InflateRaw | undefined;

  constructor(
    windowBits: { deflate: number; inflate: number },
    keep: { deflate: boolean; inflate: boolean },
  ) {
    this.#windowBits = windowBits;
    this.#keep = keep;
  }

  async compress(bytes: Buffer): Promise<Buffer> {
    const stream = (this.#deflate ??= createDeflateRaw({ windowBits: this.#windowBits.deflate }));
    const output = await pass(stream, bytes);
    if (!this.#keep.deflate) this.#deflate = undefined;
    // A zlib that has just been flushed gives nothing for nothing.
    return output.length === 0 ? output : output.subarray(0, -4);
  }

  async inflate(bytes: Buffer): Promise<Buffer> {
    // Small chunks, so that what zlib still has by chance beyond its window is little.
    const options = { windowBits: this.#windowBits.inflate, chunkSize: constants.Z_MIN_CHUNK };
    const stream = (this.#inflate ??= createInflateRaw(options));
    const output = await pass(stream, Buffer.concat([bytes, hex('0000ffff')]));
    if (!this.#keep.inflate) this.#inflate = undefined;
    return output;
  }
}

async function pass(stream: DeflateRaw | InflateRaw, bytes: Buffer): Promise<Buffer> {
  const output: Buffer[] = [];
  const onData = (piece: Buffer): void => void output.push(piece);
  stream.on('data', onData);
  const failed = once(stream, 'error').then(([error]) => Promise.reject(error as Error));
  const flushed = new Promise<void>((resolve) => {
    stream.write(bytes);
    stream.flush(constants.Z_SYNC_FLUSH, resolve);
  });
  await Promise.race([flushed, failed]);
  stream.off('data', onData);
  return Buffer.concat(output);
}

describe('a zlib stream as the other end', () => {
  const sentBy = fc.array(fc.tuple(fc.boolean(), fc.boolean(), message), { maxLength: 10 });

  it('understands us, and we it, with and without contexts', async () => {
    await fc.assert(
      fc.asyncProperty(parameters, tuning, sentBy, async (agreed, how, sent) => {
        const server = new WebSocket({
          role: 'server',
          maxMessageBytes: 100_000,
          deflate: { ...agreed, ...how },
        });
        const peer = new ZlibPeer(
          { deflate: agreed.clientMaxWindowBits, inflate: agreed.serverMaxWindowBits },
          { deflate: !agreed.clientNoContextTakeover, inflate: !agreed.serverNoContextTakeover },
        );
        for (const [byServer, isPlain, content] of sent) {
          if (byServer) {
            const frame = onlyFrame(write(server, content));
            const bytes = frame.rsv1 ? await peer.inflate(frame.payload) : frame.payload;
            assert.deepEqual(bytes, Buffer.from(content));
            continue;
          }
          const bytes = Buffer.from(content);
          const payload = isPlain ? bytes : await peer.compress(bytes);
          const opcode = typeof content === 'string' ? text : binary;
          const half = payload.length >>> 1;
          const events: WebSocketEvent[] = [];
          const frames = [
            encodeFrame(opcode, payload.subarray(0, half), { rsv1: !isPlain, fin: false, mask }),
            encodeFrame(continuation, payload.subarray(half), { mask }),
          ];
          for (const chunk of frames) server.receive(chunk, (event) => events.push(event));
          assert.deepEqual(events.map(read), [content]);
        }
      }),
    );
  });
});

function onlyFrame(bytes: Buffer): Frame {
  const decoder = new FrameDecoder({ role: 'client', maxPayloadBytes: 1_000_000, allowRsv1: true });
  decoder.push(Buffer.from(bytes));
  const frame = decoder.next();
  assert.ok(frame?.fin === true && decoder.next() === undefined);
  return frame;
}

describe('anything at all', () => {
  it('has a documented outcome', () => {
    const random = seededRandom(7692);
    const below = (most: number): number => Math.floor(random() * most);
    for (let round = 0; round < 400; round++) {
      const client = new WebSocket({
        role: 'client',
        maxMessageBytes: 1,
        deflate: { ...kept, threshold: 0 },
      });
      const frames = Array.from({ length: 3 }, () => client.text('alpha beta '.repeat(below(140))));
      const bytes = Buffer.concat(frames);
      for (let n = below(4); n > 0; n--) bytes[below(bytes.length)] = below(256);
      for (const event of atServer([bytes])) {
        if (event.type === 'failed') assert.ok([1002, 1007, 1009].includes(event.code), event.reason);
        if (event.type === 'text') assert.ok(event.text.length <= 1000);
      }
    }
  });
});

describe('sharedWindowBits', () => {
  it('says whether, and with which window, broadcasts may share a frame', () => {
    const of = (deflate?: DeflateParameters): number | undefined =>
      new WebSocket({ role: 'server', maxMessageBytes: 1, ...(deflate && { deflate }) }).sharedWindowBits;
    assert.equal(of(), undefined);
    assert.equal(of(kept), undefined);
    assert.equal(of({ ...kept, serverNoContextTakeover: true, serverMaxWindowBits: 12 }), 12);
  });
});
