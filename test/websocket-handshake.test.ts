/** The opening handshake of the bare server as it goes over the wire (RFC 6455 §4.2). */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { WebSocketServer, type WebSocketServerOptions } from 'websockets.io/websocket';
import { uncaughtIn } from './engine-stage.ts';
import { Peer, start } from './websocket-stage.ts';

/** A header, and what it is answered with when it is all that differs from a good request. */
const requests: readonly [lines: readonly string[], answer: RegExp][] = [
  [['Sec-WebSocket-Version: 13'], /^HTTP\/1\.1 101 /],
  // §4.4: one version that is not ours is told which is; a list is no request of this kind (§11.3.5).
  [['Sec-WebSocket-Version: 8'], /^HTTP\/1\.1 426 Upgrade Required\r\n[^]*^Sec-WebSocket-Version: 13\r$/m],
  [['Sec-WebSocket-Version: 25'], /^HTTP\/1\.1 426 [^]*^Sec-WebSocket-Version: 13\r$/m],
  [['Sec-WebSocket-Version: 013'], /^HTTP\/1\.1 426 /],
  [['Sec-WebSocket-Version:'], /^HTTP\/1\.1 426 /],
  [['Sec-WebSocket-Version: 13, 8'], /^HTTP\/1\.1 400 /],
  [['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Version: 8'], /^HTTP\/1\.1 400 /],
  [
    ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
    /^Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r$/m,
  ],
  [['Sec-WebSocket-Key:'], /^HTTP\/1\.1 400 /],
  [['Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA'], /^HTTP\/1\.1 400 /],
  [['Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAA='], /^HTTP\/1\.1 400 /],
  [['Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAAAAAAAA=='], /^HTTP\/1\.1 400 /],
  [['Sec-WebSocket-Key: AAAAAAAAAAA-AAAAAAA_AA=='], /^HTTP\/1\.1 400 /],
  [
    ['Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='],
    /^HTTP\/1\.1 400 /,
  ],
  [['Upgrade: WebSocket'], /^HTTP\/1\.1 101 /],
  [['Upgrade: h2c, WEBSOCKET'], /^HTTP\/1\.1 101 /],
  [['Upgrade: websocket2'], /^HTTP\/1\.1 426 [^]*^Connection: close, Upgrade\r$[^]*^Upgrade: websocket\r$/m],
  [['Connection: keep-alive, UPGRADE'], /^HTTP\/1\.1 101 /],
  [['Connection: keep-alive', 'Connection: upgrade'], /^HTTP\/1\.1 101 /],
  [['CONNECTION: Upgrade', 'sec-websocket-KEY: AAAAAAAAAAAAAAAAAAAAAA=='], /^HTTP\/1\.1 101 /],
  [['Sec-WebSocket-Protocol: a,, b'], /^HTTP\/1\.1 400 /],
  [['Sec-WebSocket-Protocol: a', 'Sec-WebSocket-Protocol: a'], /^HTTP\/1\.1 400 /],
  [['Sec-WebSocket-Extensions: permessage-deflate;'], /^HTTP\/1\.1 400 /],
  [['Host:'], /^HTTP\/1\.1 101 /],
];

describe('a request', () => {
  for (const [headers, answer] of requests) {
    it(`${headers.join(' and ')}: ${String(answer)}`, async (t) => {
      const { port, server } = await start(t);
      const refused: number[] = [];
      server.on('refused', (_request, status) => refused.push(status));
      const head = await Peer.open(port, { headers }).then(
        (peer) => (peer.tcp.destroy(), peer.head),
        (error: Error) => error.message,
      );
      assert.match(head, answer);
      const status = Number(head.split(' ', 2)[1]);
      assert.deepEqual(refused, status === 101 ? [] : [status]);
      assert.equal(server.refusals.get(`status ${status}`), status === 101 ? 0 : 1);
    });
  }

  it('several lines of Sec-WebSocket-Protocol are one list, in order', async (t) => {
    const asked: (readonly string[])[] = [];
    const { open } = await start(t, { selectProtocol: (offered) => (asked.push(offered), 'chat.v2') });
    const lines = ['a, b', 'chat.v2', 'B'].map((value) => `Sec-WebSocket-Protocol: ${value}`);
    const { peer, socket } = await open({ headers: lines });
    assert.deepEqual(asked, [['a', 'b', 'chat.v2', 'B']]);
    assert.equal(peer.header('Sec-WebSocket-Protocol'), 'chat.v2');
    assert.equal(socket.protocol, 'chat.v2');
  });

  it('without an offer, selectProtocol is not asked, and none is named', async (t) => {
    const { open } = await start(t, { selectProtocol: () => assert.fail('asked') });
    const { peer, socket } = await open();
    assert.equal(peer.header('Sec-WebSocket-Protocol'), undefined);
    assert.equal(socket.protocol, '');
  });
});

describe('our answer', () => {
  const protocols = ['Sec-WebSocket-Protocol: a, b'];
  const split = 'a\r\nSet-Cookie: b';
  const wrong: [what: string, options: WebSocketServerOptions, error: RegExp][] = [
    ['a subprotocol that was not offered', { selectProtocol: () => 'c' }, /protocol "c": the client did not/],
    [
      'a subprotocol in another case',
      { selectProtocol: () => 'A' },
      /protocol "A": the client did not offer/,
    ],
    ['an empty subprotocol', { selectProtocol: () => '' }, /protocol "": the client did not offer/],
    ['selectProtocol that throws', { selectProtocol: () => assert.fail('in the hook') }, /in the hook/],
    ['a header with a line break', { headers: () => ({ 'X-A': split }) }, /Cannot send header "X-A"/],
    ['a header with a lone LF', { headers: () => ({ 'X-A': 'a\nb' }) }, /Cannot send header "X-A"/],
    ['a header with a zero', { headers: () => ({ 'X-A': 'a\0b' }) }, /Cannot send header "X-A"/],
    ['a header name with a line break', { headers: () => ({ [split]: 'a' }) }, /Cannot send header/],
    ['headers that throw', { headers: () => assert.fail('in the hook') }, /in the hook/],
  ];
  for (const [what, options, error] of wrong) {
    it(`${what}: the client gets 500, and the error surfaces`, async (t) => {
      const uncaught = uncaughtIn(t);
      const { port, server } = await start(t, options);
      const refused = once(server, 'refused') as Promise<[unknown, number, string]>;
      await assert.rejects(Peer.open(port, { headers: protocols }), (answer: Error) => {
        assert.match(answer.message, /^HTTP\/1\.1 500 Internal Server Error\r\n/);
        assert.doesNotMatch(answer.message, /Set-Cookie|hook/);
        return true;
      });
      assert.equal((await refused)[1], 500);
      assert.equal(server.clients.size, 0);
      assert.equal(uncaught.length, 1);
      assert.match(uncaught.join(''), error);
    });
  }

  it('a header with a line break in a refusal is left out with the others, and surfaces', async (t) => {
    const uncaught = uncaughtIn(t);
    const { port } = await start(t, {
      allowRequest: (_request, decide) =>
        decide({ status: 401, message: 'Sign in', headers: { 'WWW-Authenticate': split } }, false),
    });
    await assert.rejects(Peer.open(port), (answer: Error) => {
      assert.match(answer.message, /^HTTP\/1\.1 401 /);
      assert.doesNotMatch(answer.message, /Set-Cookie|WWW/);
      return true;
    });
    assert.match(uncaught.join(''), /Cannot send header "WWW-Authenticate"/);
  });

  it('has the headers that were asked for, as they were given', async (t) => {
    const { open } = await start(t, { headers: () => ({ 'Set-Cookie': 'a=b; HttpOnly', 'X-Latin': 'é' }) });
    const { peer } = await open();
    assert.equal(peer.header('Set-Cookie'), 'a=b; HttpOnly');
    assert.equal(peer.header('X-Latin'), 'é');
  });

  it('chooses the subprotocol that selectProtocol names', async (t) => {
    const { open } = await start(t, { selectProtocol: (offered) => offered[1] });
    assert.equal((await open({ headers: protocols })).peer.header('Sec-WebSocket-Protocol'), 'b');
  });
});

describe('allowRequest', () => {
  it('says with what a request was refused', async (t) => {
    const refused: unknown[] = [];
    const { server, port, open } = await start(t, {
      allowRequest: (request, decide) => decide('not today', request.url === '/in'),
    });
    server.on('refused', (_request, status, reason) => refused.push([status, reason]));
    await assert.rejects(Peer.open(port, { path: '/out' }), /403 Forbidden[^]*not today/);
    await open({ path: '/in' });
    assert.deepEqual(refused, [[403, 'not today']]);
  });

  it('refuses with any status, body and headers', async (t) => {
    const { server, port } = await start(t, {
      allowRequest: (_request, decide) =>
        decide({ status: 401, message: 'Sign in first', headers: { 'WWW-Authenticate': 'Basic' } }, false),
    });
    await assert.rejects(
      Peer.open(port),
      /^Error: HTTP\/1\.1 401 Unauthorized\r\n[^]*WWW-Authenticate: Basic\r\n\r\nSign in first$/,
    );
    assert.equal(server.refusals.get('status 401'), 1);
  });
});

describe('options', () => {
  it('that cannot be throw at once', () => {
    const make = (options: unknown) => (): WebSocketServer => new WebSocketServer(options as object);
    assert.throws(make({ maxMessageBytes: 0 }), /"maxMessageBytes" must be greater than 0/);
    assert.throws(make({ maxMessageBytes: '1' }), /"maxMessageBytes" must be a number/);
    assert.throws(make({ perMessageDeflate: { serverMaxWindowBits: 16 } }), RangeError);
    assert.throws(make({ perMessageDeflate: 'yes' }), /"perMessageDeflate" must be true, false or an object/);
    assert.throws(make({ trustProxies: -1 }), /"trustProxies"/);
    assert.throws(make({ allowRequest: true }), /"allowRequest" must be a function/);
    assert.throws(make({ path: 'chat' }), /"path" must start with "\/"/);
  });

  it('that are not known are told as warnings, what is switched off is not', async () => {
    const warnings: string[] = [];
    const note = ({ name, message }: Error): void => {
      if (name === 'websockets.io') warnings.push(message);
    };
    process.on('warning', note);
    const options = {
      maxPayload: 1,
      verifyClient: undefined,
      host: null,
      clientTracking: false,
      path: '/known',
      perMessageDeflate: { zlibDeflateOptions: { level: 1 }, concurrencyLimit: 10, level: 1 },
    };
    try {
      await new WebSocketServer(options).close();
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off('warning', note);
    }
    assert.deepEqual(
      warnings,
      ['maxPayload', 'perMessageDeflate.zlibDeflateOptions', 'perMessageDeflate.concurrencyLimit'].map(
        (name) => `Option "${name}" is not known to WebSocketServer and has no effect`,
      ),
    );
  });
});
