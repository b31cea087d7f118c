/** Compression end to end (RFC 7692): `ws` as client, and a peer of ours for what `ws` cannot ask for. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { WebSocket as WsClient, type PerMessageDeflateOptions } from 'ws';
import type { DeflateOptions, ServerWebSocket } from 'websockets.io/websocket';
import { type Running, start } from './websocket-stage.ts';

/** Texts that repeat themselves, and each other, further back than a small window reaches. */
const texts = Array.from({ length: 12 }, (_, at) =>
  Array.from({ length: 600 }, (_, word) => `${((word % 300) * 7919 + (at % 3) * 104_729) % 99_991}`).join(
    ' ',
  ),
);

async function openWs(
  t: TestContext,
  { server, port }: Running,
  perMessageDeflate: PerMessageDeflateOptions,
): Promise<{ client: WsClient; socket: ServerWebSocket; agreed: string }> {
  const connected = once(server, 'connection') as Promise<[ServerWebSocket]>;
  const client = new WsClient(`ws://127.0.0.1:${port}/`, {
    perMessageDeflate: { threshold: 0, ...perMessageDeflate },
  });
  t.after(() => client.terminate());
  const upgraded = once(client, 'upgrade') as Promise<[IncomingMessage]>;
  const [[socket], [response]] = await Promise.all([connected, upgraded, once(client, 'open')]);
  return { client, socket, agreed: response.headers['sec-websocket-extensions'] ?? '' };
}

/** Sends all texts both ways, and says how many bytes they were on the wire from here. */
async function exchange(client: WsClient, socket: ServerWebSocket): Promise<number> {
  const there: string[] = [];
  const here: string[] = [];
  const wire: number[] = [];
  const done = new Promise<void>((resolve) => {
    const note = (list: string[], text: string): void => {
      list.push(text);
      if (there.length === texts.length && here.length === texts.length) resolve();
    };
    client.on('message', (data: Buffer) => note(there, data.toString()));
    socket.on('message', (data) => note(here, String(data)));
  });
  for (const text of texts) {
    socket.send(text);
    client.send(text);
    wire.push(socket.bufferedAmount);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  await done;
  assert.deepEqual(there, texts);
  assert.deepEqual(here, texts);
  return wire.reduce((sum, bytes) => sum + bytes, 0);
}

describe('with ws as client', () => {
  it('reads what we compress with a kept context, which makes it smaller', async (t) => {
    const kept = await start(t, { perMessageDeflate: { threshold: 0, serverNoContextTakeover: false } });
    const each = await start(t, { perMessageDeflate: { threshold: 0 } });
    const withContext = await openWs(t, kept, {});
    const without = await openWs(t, each, {});
    assert.doesNotMatch(withContext.agreed, /server_no_context_takeover/);
    assert.match(without.agreed, /server_no_context_takeover/);
    const [small, large] = [
      await exchange(withContext.client, withContext.socket),
      await exchange(without.client, without.socket),
    ];
    assert.ok(small < large / 2, `${small} bytes with a context, ${large} without`);
  });

  it('keeps both contexts, and gives up ours for a client that asks for that', async (t) => {
    const running = await start(t, {
      perMessageDeflate: { threshold: 0, serverNoContextTakeover: false, clientNoContextTakeover: false },
    });
    const both = await openWs(t, running, {});
    assert.equal(both.agreed, 'permessage-deflate');
    await exchange(both.client, both.socket);
    const none = await openWs(t, running, { serverNoContextTakeover: true, clientNoContextTakeover: true });
    assert.match(none.agreed, /server_no_context_takeover; client_no_context_takeover/);
    await exchange(none.client, none.socket);
  });

  for (const bits of [9, 10, 11, 12, 13, 14, 15]) {
    for (const [who, options, clientAsks] of [
      ['the server', { serverMaxWindowBits: bits, clientMaxWindowBits: bits }, {}],
      ['the client', {}, { serverMaxWindowBits: bits, clientMaxWindowBits: bits }],
    ] as const) {
      it(`windows of 2^${bits} bytes both ways, as ${who} wants, with contexts`, async (t) => {
        const contexts = { serverNoContextTakeover: false, clientNoContextTakeover: false };
        const running = await start(t, { perMessageDeflate: { threshold: 0, ...contexts, ...options } });
        const { client, socket, agreed } = await openWs(t, running, clientAsks);
        if (bits < 15) {
          assert.match(agreed, new RegExp(`server_max_window_bits=${bits}\\b`));
          assert.match(agreed, new RegExp(`client_max_window_bits=${bits}\\b`));
        }
        await exchange(client, socket);
      });
    }
  }
});

describe('windows of 2^8 bytes', () => {
  const long = { threshold: 0 } as const;
  for (const [what, options, offer, answer] of [
    // §7.1.2.1: declined, since zlib compresses with 2^9 at least and the client's window would be too small.
    ['asked of us: no compression', long, 'permessage-deflate; server_max_window_bits=8', undefined],
    [
      'asked of us first, with another offer behind it: that one',
      long,
      'permessage-deflate; server_max_window_bits=8, permessage-deflate',
      'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
    ],
    [
      'of the client, by its own wish',
      long,
      'permessage-deflate; client_max_window_bits=8',
      'permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits=8',
    ],
    [
      'of the client, by ours',
      { ...long, clientMaxWindowBits: 8 },
      'permessage-deflate; client_max_window_bits',
      'permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits=8',
    ],
    [
      'of a client that does not let us choose: no compression',
      { ...long, clientMaxWindowBits: 8 },
      'permessage-deflate',
      undefined,
    ],
  ] satisfies [string, DeflateOptions, string, string | undefined][]) {
    it(what, async (t) => {
      const { open } = await start(t, { perMessageDeflate: options });
      // Only the answer is looked at by a protocol: ours, as client, cannot compress for 2^8 either.
      const { peer, socket } = await open({ headers: [`Sec-WebSocket-Extensions: ${offer}`] });
      assert.equal(peer.header('Sec-WebSocket-Extensions'), answer);
      const heard = once(socket, 'message');
      peer.tcp.write(peer.protocol.text('plain'));
      assert.deepEqual(await heard, ['plain']);
      if (answer === undefined) {
        socket.send('a'.repeat(5_000)); // as it is: the peer knows no compression
        assert.equal(await peer.text(), 'a'.repeat(5_000));
      }
    });
  }
});

describe('publish to clients with different windows', () => {
  it('compresses once for each window, and everybody reads it', async (t) => {
    const running = await start(t, { perMessageDeflate: { threshold: 0 } });
    const peers = [];
    for (const bits of [9, 12, 12, 15]) {
      peers.push((await running.open({ offer: `permessage-deflate; server_max_window_bits=${bits}` })).peer);
    }
    peers.push((await running.open({ offer: 'permessage-deflate' })).peer, (await running.open()).peer);
    for (const text of texts) {
      const prepared = running.server.prepare(text);
      for (const socket of running.server.clients) socket.sendPrepared(prepared);
      assert.equal(prepared.framesFor(12), prepared.framesFor(12));
      assert.ok(prepared.framesFor(9).frames.length > prepared.framesFor(15).frames.length);
      for (const peer of peers) assert.equal(await peer.text(), text);
    }
  });

  it('gives clients with a kept context what they can read, in order with what is theirs alone', async (t) => {
    const contexts = { serverNoContextTakeover: false };
    const running = await start(t, { perMessageDeflate: { threshold: 0, ...contexts } });
    const kept = await openWs(t, running, {});
    const fresh = await openWs(t, running, { serverNoContextTakeover: true });
    const heard = [kept, fresh].map(({ client }) => {
      const list: string[] = [];
      const all = new Promise<string[]>((resolve) => {
        client.on('message', (data: Buffer) => list.push(data.toString()) === 24 && resolve(list));
      });
      return all;
    });
    for (const text of texts) {
      kept.socket.send(`kept ${text}`);
      fresh.socket.send(`fresh ${text}`);
      running.server.publish(text);
    }
    const expected = (who: string): string[] => texts.flatMap((text) => [`${who} ${text}`, text]);
    assert.deepEqual(await Promise.all(heard), [expected('kept'), expected('fresh')]);
  });
});
