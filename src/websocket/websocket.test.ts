import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { feedInEveryWay, seededRandom } from './feed-in-every-way.ts';
import { Opcode } from './frame.ts';
import { encodeFrame } from './frame-encoder.ts';
import { WebSocket, type WebSocketEvent } from './websocket.ts';

const mask = Buffer.from('37fa213d', 'hex');
const noBytes = Buffer.alloc(0);
const fromClient = (opcode: Opcode, payload: string | Buffer, fin = true): Buffer =>
  encodeFrame(opcode, payload, { fin, mask });
const closeFrame = (code: number, reason = ''): Buffer =>
  fromClient(Opcode.close, Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]));

const options = { role: 'server', maxMessageBytes: 1000 } as const;
const ignore = (): void => {};

/** A server's events for bytes cut in every way, after `prepare` did something to it. */
function receive(
  bytes: Buffer | readonly Buffer[],
  prepare: (server: WebSocket) => void = ignore,
): WebSocketEvent[] {
  const joined = Buffer.isBuffer(bytes) ? bytes : Buffer.concat(bytes);
  return feedInEveryWay(joined, (chunks) => {
    const server = new WebSocket(options);
    prepare(server);
    const events: WebSocketEvent[] = [];
    for (const chunk of chunks) server.receive(chunk, (event) => events.push(event));
    return events;
  });
}

/** For what breaks the protocol: the code of `failed`, after checking that `closed` follows and nothing else. */
function failure(bytes: Buffer | readonly Buffer[]): number {
  const [failed, closed, ...more] = receive(bytes);
  assert.ok(failed?.type === 'failed', JSON.stringify(failed));
  assert.deepEqual(closed, { type: 'closed', code: failed.code, reason: failed.reason, by: 'us' });
  assert.deepEqual(more, []);
  assert.equal(failed.reply.readUInt8(0), 0x88);
  assert.equal(failed.reply.readUInt16BE(2), failed.code);
  return failed.code;
}

describe('§5.6 data frames', () => {
  it('delivers text and binary', () => {
    assert.deepEqual(
      receive([fromClient(Opcode.text, 'é'), fromClient(Opcode.binary, 'x'), fromClient(Opcode.text, '')]),
      [
        { type: 'text', text: 'é' },
        { type: 'binary', bytes: Buffer.from('x') },
        { type: 'text', text: '' },
      ],
    );
  });

  it('sends text and binary', () => {
    const server = new WebSocket(options);
    assert.deepEqual(server.text('é'), Buffer.from('8102c3a9', 'hex'));
    assert.deepEqual(server.binary(Buffer.from('x')), Buffer.from('820178', 'hex'));
  });
});

describe('§5.4 fragmentation', () => {
  it('delivers a control frame between fragments at once', () => {
    const bytes = [
      fromClient(Opcode.text, 'a', false),
      fromClient(Opcode.ping, 'p'),
      fromClient(Opcode.continuation, 'b'),
    ];
    assert.deepEqual(receive(bytes), [
      { type: 'ping', payload: Buffer.from('p'), reply: Buffer.from('8a0170', 'hex') },
      { type: 'text', text: 'ab' },
    ]);
  });
  it('fails on fragments out of order', () => {
    assert.equal(failure(fromClient(Opcode.continuation, 'a')), 1002);
    assert.equal(failure([fromClient(Opcode.text, 'a', false), fromClient(Opcode.text, 'b')]), 1002);
  });
});

describe('§5.5 ping and pong', () => {
  it('answers a ping with its payload', () => {
    const reply = Buffer.from('8a00', 'hex');
    assert.deepEqual(receive(fromClient(Opcode.ping, '')), [{ type: 'ping', payload: noBytes, reply }]);
  });
  it('delivers a pong', () => {
    assert.deepEqual(receive(fromClient(Opcode.pong, 'x')), [{ type: 'pong', payload: Buffer.from('x') }]);
  });
  it('sends them', () => {
    const server = new WebSocket(options);
    assert.deepEqual(server.ping(), Buffer.from('8900', 'hex'));
    assert.deepEqual(server.pong('x'), Buffer.from('8a0178', 'hex'));
    assert.throws(() => server.ping(Buffer.alloc(126)), RangeError);
  });
});

describe('§7 closing by the peer', () => {
  it('echoes the code, then is closed, and ignores what follows', () => {
    assert.deepEqual(receive([closeFrame(1001, 'bye'), fromClient(Opcode.text, 'late'), closeFrame(1000)]), [
      { type: 'closing', code: 1001, reason: 'bye', reply: Buffer.from('880203e9', 'hex') },
      { type: 'closed', code: 1001, reason: 'bye', by: 'peer' },
    ]);
  });
  it('answers an empty close with an empty one: 1005 is never sent', () => {
    assert.deepEqual(receive(fromClient(Opcode.close, '')), [
      { type: 'closing', code: 1005, reason: '', reply: Buffer.from('8800', 'hex') },
      { type: 'closed', code: 1005, reason: '', by: 'peer' },
    ]);
  });
  it('fails on a close frame that is not valid', () => {
    assert.equal(failure(fromClient(Opcode.close, 'x')), 1002);
    for (const code of [0, 999, 1004, 1005, 1006, 1015, 2999, 5000])
      assert.equal(failure(closeFrame(code)), 1002);
    const notUtf8 = Buffer.from('03e8ff', 'hex');
    assert.equal(failure(fromClient(Opcode.close, notUtf8)), 1007);
  });
});

describe('§7 closing by us', () => {
  const close = (server: WebSocket): void => {
    assert.deepEqual(server.close(1000, 'done'), Buffer.from('880603e8646f6e65', 'hex'));
  };

  it('ignores data, answers pings, and ends with the close of the peer', () => {
    const bytes = [
      fromClient(Opcode.text, 'late'),
      fromClient(Opcode.continuation, 'nonsense'),
      fromClient(Opcode.ping, 'p'),
      closeFrame(1000, 'ok'),
      fromClient(Opcode.text, 'x'),
    ];
    assert.deepEqual(receive(bytes, close), [
      { type: 'ping', payload: Buffer.from('p'), reply: Buffer.from('8a0170', 'hex') },
      { type: 'closed', code: 1000, reason: 'ok', by: 'us' },
    ]);
  });

  it('sends no second close frame when the peer then breaks the protocol', () => {
    const [failed, closed] = receive(Buffer.from('8300', 'hex'), close);
    assert.ok(failed?.type === 'failed' && failed.code === 1002 && failed.reply.length === 0);
    assert.ok(closed?.type === 'closed' && closed.code === 1002 && closed.by === 'us');
  });

  it('is harmless twice, and leaves no way to send', () => {
    const server = new WebSocket(options);
    assert.equal(server.state, 'open');
    close(server);
    assert.equal(server.state, 'closing');
    assert.equal(server.close(4000), undefined);
    for (const send of [
      () => server.text(''),
      () => server.binary(noBytes),
      () => server.ping(),
      () => server.pong(),
    ]) {
      assert.throws(send, { name: 'StateError', message: /"closing"/ });
    }
    server.receiveEnd(ignore);
    assert.equal(server.state, 'closed');
    assert.equal(server.close(), undefined);
    assert.throws(() => server.text(''), { name: 'StateError', message: /"closed"/ });
  });

  it('stays open when the code or the reason may not be sent', () => {
    const server = new WebSocket(options);
    assert.throws(() => server.close(1006), RangeError);
    assert.throws(() => server.close(1000, 'x'.repeat(124)), RangeError);
    assert.equal(server.state, 'open');
    assert.deepEqual(server.close(), Buffer.from('8800', 'hex'));
  });
});

describe('§7.1.7 failing', () => {
  it('names the reason, as much as fits', () => {
    const [failed] = receive(Buffer.from('8100', 'hex'));
    assert.ok(failed?.type === 'failed');
    assert.equal(failed.reason, 'Cannot accept frame: client frames must be masked (RFC 6455 §5.1)');
    assert.equal(failed.reply.toString('utf8', 4), failed.reason);
  });
  it('fails at the first bad byte of a text, before its frame is complete', () => {
    const bytes = fromClient(Opcode.text, Buffer.from(`ok ${'x'.repeat(50)}`));
    const bad = fromClient(
      Opcode.text,
      Buffer.concat([Buffer.from('6f6bed', 'hex'), Buffer.alloc(50, 0xa0)]),
    );
    assert.deepEqual(receive(bytes.subarray(0, 20)), []);
    assert.equal(failure(bad.subarray(0, 6 + 4)), 1007);
    const first = fromClient(Opcode.text, Buffer.from([0xe2]), false);
    assert.equal(failure([first, fromClient(Opcode.continuation, 'a long one').subarray(0, 7)]), 1007);
  });
  it('fails on a message over maxMessageBytes', () => {
    assert.equal(failure(fromClient(Opcode.binary, Buffer.alloc(1001)).subarray(0, 8)), 1009);
    const half = Buffer.alloc(501);
    const second = fromClient(Opcode.continuation, half, false).subarray(0, 8);
    assert.equal(failure([fromClient(Opcode.binary, half, false), second]), 1009);
  });
  it('fails on a message over maxFragments', () => {
    const server = new WebSocket({ ...options, maxFragments: 2 });
    const types: string[] = [];
    for (const opcode of [Opcode.text, Opcode.continuation, Opcode.continuation]) {
      server.receive(fromClient(opcode, '', false), (event) => types.push(event.type));
    }
    assert.deepEqual(types, ['failed', 'closed']);
  });
});

describe('§7.1.5 the end of the stream', () => {
  const end = (server: WebSocket): WebSocketEvent[] => {
    const events: WebSocketEvent[] = [];
    server.receiveEnd((event) => events.push(event));
    server.receiveEnd((event) => events.push(event));
    server.receive(fromClient(Opcode.text, 'late'), (event) => events.push(event));
    return events;
  };

  it('is 1006 without a closing handshake', () => {
    const server = new WebSocket(options);
    server.receive(fromClient(Opcode.text, 'cut').subarray(0, 7), ignore);
    assert.deepEqual(end(server), [{ type: 'closed', code: 1006, reason: '', by: 'peer' }]);
  });
  it('is 1006 by us when the peer did not answer', () => {
    const server = new WebSocket(options);
    server.close(1000);
    assert.deepEqual(end(server), [{ type: 'closed', code: 1006, reason: '', by: 'us' }]);
  });
  it('is nothing after a closing handshake', () => {
    const server = new WebSocket(options);
    server.receive(closeFrame(1000), ignore);
    assert.deepEqual(end(server), []);
  });
});

describe('deliver', () => {
  const three = (): Buffer =>
    Buffer.concat([fromClient(Opcode.text, 'a'), fromClient(Opcode.text, 'b'), closeFrame(1000)]);

  it('may close: the rest of the chunk is ignored up to the close frame', () => {
    const server = new WebSocket(options);
    const types: string[] = [];
    server.receive(three(), (event) => {
      types.push(event.type);
      if (event.type === 'text') assert.equal(server.close(4000)?.length, 4);
    });
    assert.deepEqual(types, ['text', 'closed']);
  });

  it('sees the state moved on, and cannot close again', () => {
    const server = new WebSocket(options);
    const states: string[] = [];
    server.receive(three(), (event) => {
      states.push(`${event.type} ${server.state}`);
      if (event.type === 'closing' || event.type === 'closed') assert.equal(server.close(), undefined);
    });
    assert.deepEqual(states, ['text open', 'text open', 'closing closing', 'closed closed']);
  });

  it('may throw: nothing is lost and nothing comes twice', () => {
    const server = new WebSocket(options);
    const types: string[] = [];
    const deliver = (event: WebSocketEvent): void => {
      types.push(event.type);
      throw new Error(event.type);
    };
    assert.throws(() => server.receive(three(), deliver), /text/);
    assert.throws(() => server.receive(fromClient(Opcode.text, 'late'), deliver), /text/);
    assert.throws(() => server.resume(deliver), /closing/);
    assert.throws(() => server.receiveEnd(deliver), /closed/);
    server.resume(deliver);
    assert.deepEqual(types, ['text', 'text', 'closing', 'closed']);
  });
});

describe('two ends', () => {
  it('understand each other', () => {
    const server = new WebSocket({ role: 'server', maxMessageBytes: 100_000 });
    const client = new WebSocket({ role: 'client', maxMessageBytes: 100_000 });
    const long = 'é'.repeat(40_000);
    const atServer: WebSocketEvent[] = [];
    const atClient: WebSocketEvent[] = [];
    server.receive(
      Buffer.concat([client.text(long), client.ping('p'), client.close(3000) ?? noBytes]),
      (event) => {
        atServer.push(event);
        if ('reply' in event) client.receive(Buffer.from(event.reply), (event) => atClient.push(event));
      },
    );
    assert.deepEqual(
      atServer.map((event) => event.type),
      ['text', 'ping', 'closing', 'closed'],
    );
    assert.deepEqual(atServer[0], { type: 'text', text: long });
    assert.deepEqual(atClient, [
      { type: 'pong', payload: Buffer.from('p') },
      { type: 'closed', code: 3000, reason: '', by: 'us' },
    ]);
  });

  it('mask from the client, with a new key each time', () => {
    const client = new WebSocket({ role: 'client', maxMessageBytes: 100 });
    const [a, b] = [client.text('same text'), client.text('same text')];
    assert.equal(a.readUInt8(1), 0x80 | 9);
    assert.notDeepEqual(a, b);
  });
});

describe('anything at all', () => {
  const codes = new Set([1002, 1007, 1009]);

  /** Feeds it twice over, cut differently: the events must be the same and follow the order that is documented. */
  function checkOutcome(bytes: Buffer): void {
    const events = receive(bytes);
    const closed = events.findIndex((event) => event.type === 'closed');
    assert.ok(closed === -1 || closed === events.length - 1, 'closed is the last event');
    for (const [i, event] of events.entries()) {
      if (event.type === 'failed') assert.ok(codes.has(event.code), String(event.code));
      if (event.type === 'failed' || event.type === 'closing') assert.equal(i, events.length - 2, event.type);
    }
    if (closed === -1) {
      const server = new WebSocket(options);
      server.receive(Buffer.from(bytes), ignore);
      server.receiveEnd((event) => assert.equal(event.type, 'closed'));
    }
  }

  it('has a documented outcome', () => {
    const random = seededRandom(6455);
    const below = (most: number): number => Math.floor(random() * most);
    const opcodes = Object.values(Opcode);
    const until = process.hrtime.bigint() + 1_000_000_000n;
    for (let round = 0; round < 300 || process.hrtime.bigint() < until; round++) {
      const frames = Array.from({ length: 1 + below(5) }, () => {
        const payload = Buffer.from(
          Array.from({ length: below(200) }, () => below(random() < 0.9 ? 128 : 256)),
        );
        return encodeFrame(opcodes[below(3)] ?? Opcode.text, payload, { fin: random() < 0.6, mask });
      });
      if (random() < 0.5)
        frames.push(fromClient(opcodes[3 + below(3)] ?? Opcode.ping, 'x'.repeat(below(126))));
      const bytes = Buffer.concat(frames);
      for (let n = below(4); n > 0; n--) bytes[below(Math.min(bytes.length, 40))] = below(256);
      checkOutcome(bytes);
      checkOutcome(Buffer.from(Array.from({ length: below(40) }, () => below(256))));
    }
  });
});
