/**
 * How connections end: who closed, with which code, and what each side sees. The table stands in docs/websocket.md too,
 * where it must say the same.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Socket as TcpSocket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { ManualClock } from 'websockets.io/testing';
import { ReadyState, type ServerWebSocket } from 'websockets.io/websocket';
import { encodeFrame, Opcode } from 'websockets.io/websocket';
import { turn } from './engine-stage.ts';
import { type Peer, start } from './websocket-stage.ts';

interface Scene {
  peer: Peer;
  socket: ServerWebSocket;
  clock: ManualClock;
  closeServer: () => Promise<void>;
}

/** The peer's close frame, whatever its own state machine thinks of that. */
const closeFrame = (payload: Buffer): Buffer =>
  encodeFrame(Opcode.close, payload, { mask: Buffer.from([1, 2, 3, 4]) });

const unmasked = Buffer.from([0x81, 0x01, 0x61]);

/** The next close frame of the server, answered with the peer's own or not at all. */
async function hearClose(peer: Peer, answers = true): Promise<void> {
  const event = await peer.until(({ type }) => type === 'closing');
  if (answers && event.type === 'closing') peer.tcp.write(event.reply);
}

interface Row {
  /** As in the document. */
  what: string;
  act: (scene: Scene) => Promise<void>;
  /** The socket's `close` event, and the code that the peer sees: 1006 when no close frame comes. */
  here: [code: number, reason: string | RegExp];
  peer: number;
}

const rows: readonly Row[] = [
  {
    what: '`close(4000, why)`, and the peer answers',
    act: ({ peer, socket }) => (socket.close(4000, 'why'), hearClose(peer)),
    here: [4000, ''],
    peer: 4000,
  },
  {
    what: '`close()`, and the peer answers',
    act: ({ peer, socket }) => (socket.close(), hearClose(peer)),
    here: [1005, ''],
    peer: 1005,
  },
  {
    what: '`close(4000)`, and the peer answers with a code of its own',
    act: async ({ peer, socket }) => {
      socket.close(4000);
      await hearClose(peer, false);
      peer.tcp.write(closeFrame(Buffer.from([0x0f, 0xa1])));
    },
    here: [4001, ''],
    peer: 4000,
  },
  {
    what: '`close(4000)`, and the peer does not answer within `closeTimeoutMs`',
    act: async ({ peer, socket, clock }) => {
      socket.close(4000);
      await hearClose(peer, false);
      clock.advance(3_010);
    },
    here: [1006, ''],
    peer: 4000,
  },
  {
    what: '`close(4000)`, and the peer ends TCP without an answer',
    act: async ({ peer, socket }) => {
      socket.close(4000);
      await hearClose(peer, false);
      peer.tcp.end();
    },
    here: [1006, ''],
    peer: 4000,
  },
  {
    what: '`close(4000)`, and the peer breaks the protocol instead',
    act: async ({ peer, socket }) => {
      socket.close(4000);
      await hearClose(peer, false);
      peer.tcp.write(unmasked);
    },
    here: [1002, /§5\.1/],
    peer: 4000,
  },
  {
    what: 'the peer closes with 4001 and a reason',
    act: ({ peer }) => Promise.resolve(void peer.tcp.write(peer.protocol.close(4001, 'bye'))),
    here: [4001, 'bye'],
    peer: 4001,
  },
  {
    what: 'the peer closes without a code',
    act: ({ peer }) => Promise.resolve(void peer.tcp.write(peer.protocol.close())),
    here: [1005, ''],
    peer: 1005,
  },
  {
    what: 'both at once: `close(4000)` here, 4001 there',
    act: ({ peer, socket }) => {
      socket.close(4000);
      return Promise.resolve(void peer.tcp.write(peer.protocol.close(4001)));
    },
    here: [4001, ''],
    peer: 4000,
  },
  {
    what: 'the peer closes with 4001 and keeps its half of TCP open: ended after `closeTimeoutMs`',
    act: async ({ peer, socket, clock }) => {
      peer.tcp.write(peer.protocol.close(4001));
      await once(socket, 'close');
      await once(peer.tcp, 'end');
      clock.advance(3_010);
    },
    here: [4001, ''],
    peer: 4001,
  },
  {
    what: 'the peer ends TCP without a close frame',
    act: ({ peer }) => Promise.resolve(void peer.tcp.end()),
    here: [1006, ''],
    peer: 1006,
  },
  {
    what: 'the peer resets TCP',
    act: ({ peer }) => Promise.resolve(void (peer.tcp as TcpSocket).resetAndDestroy()),
    here: [1006, /ECONNRESET/],
    peer: 1006,
  },
  {
    what: 'the peer breaks the protocol',
    act: ({ peer }) => Promise.resolve(void peer.tcp.write(unmasked)),
    here: [1002, /§5\.1/],
    peer: 1002,
  },
  {
    what: 'the peer closes with a code that may not be sent',
    act: ({ peer }) => Promise.resolve(void peer.tcp.write(closeFrame(Buffer.from([0x03, 0xed])))),
    here: [1002, /"1005"/],
    peer: 1002,
  },
  {
    what: '`terminate()`',
    act: ({ socket }) => Promise.resolve(socket.terminate()),
    here: [1006, ''],
    peer: 1006,
  },
  {
    what: '`close(4000)`, then `terminate()`',
    act: async ({ peer, socket }) => {
      socket.close(4000);
      await hearClose(peer, false);
      socket.terminate();
    },
    here: [1006, ''],
    peer: 4000,
  },
  {
    what: 'a keep-alive ping stays unanswered',
    act: ({ clock }) => {
      clock.advance(60_010);
      clock.advance(20_010);
      return Promise.resolve();
    },
    here: [1006, 'ping timeout'],
    peer: 1006,
  },
  {
    what: '`server.close()`, and the peer answers',
    act: ({ peer, closeServer }) => {
      void closeServer();
      return hearClose(peer);
    },
    here: [1001, ''],
    peer: 1001,
  },
];

async function play(t: TestContext, { act }: Row): Promise<{ here: [number, string]; peer: number }> {
  const clock = new ManualClock();
  const { server, open } = await start(t, { clock, pingIntervalMs: 60_000 });
  const { peer, socket } = await open();
  const closes: [number, string][] = [];
  const isClosed = new Promise<void>((resolve) => {
    socket.on('close', (code, reason) => (closes.push([code, reason]), resolve()));
  });
  const heard: unknown[] = [];
  socket.on('message', (data) => heard.push(data));
  await act({ peer, socket, clock, closeServer: () => server.close() });
  // What comes behind is not for anybody (§5.5.1).
  if (peer.tcp.writable) peer.tcp.write(encodeFrame(Opcode.text, 'late', { mask: Buffer.alloc(4) }));
  const seen = peer.until(({ type }) => type === 'closed');
  await isClosed;
  const end = await seen;
  peer.tcp.end();
  await peer.gone;
  await turn();
  assert.equal(socket.readyState, ReadyState.closed);
  assert.equal(server.clients.size, 0);
  assert.equal(clock.pending, 0, 'a deadline was left');
  assert.deepEqual(heard, []);
  const [first, ...more] = closes;
  assert.ok(first !== undefined && more.length === 0, 'one close event');
  return { here: first, peer: end.type === 'closed' ? end.code : 0 };
}

describe('who closed, and what each side sees', () => {
  for (const row of rows) {
    it(row.what, async (t) => {
      const seen = await play(t, row);
      const [code, reason] = row.here;
      assert.deepEqual([seen.here[0], seen.peer], [code, row.peer]);
      if (typeof reason === 'string') assert.equal(seen.here[1], reason);
      else assert.match(seen.here[1], reason);
    });
  }

  it('is told in docs/websocket.md as the table says', () => {
    const text = readFileSync(new URL('../docs/websocket.md', import.meta.url), 'utf8');
    const [, section = ''] = text.split('## How connections end');
    const lines = section.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    for (const { what, here, peer } of rows) {
      const found = lines.find((cells) => cells[1] === what);
      assert.ok(found !== undefined, `not in the document: ${what}`);
      assert.deepEqual([found[2]?.split(' ', 1)[0], found[3]], [String(here[0]), String(peer)], what);
    }
  });
});
