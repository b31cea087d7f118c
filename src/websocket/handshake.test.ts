import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type UpgradeAccepted,
  type UpgradeRefused,
  type UpgradeRequest,
  checkUpgrade,
  formatAcceptResponse,
  formatRefusal,
} from './handshake.ts';

const headers: UpgradeRequest['headers'] = {
  host: 'server.example.com',
  upgrade: 'websocket',
  connection: 'Upgrade',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
};

function check(
  changed: UpgradeRequest['headers'],
  request: Partial<UpgradeRequest> = {},
): UpgradeAccepted | UpgradeRefused {
  return checkUpgrade({ method: 'GET', httpVersion: '1.1', ...request, headers: { ...headers, ...changed } });
}
function accepted(changed: UpgradeRequest['headers'] = {}): UpgradeAccepted {
  const result = check(changed);
  assert.ok(result.type === 'accepted', JSON.stringify(result));
  return result;
}
function refused(changed: UpgradeRequest['headers'], request?: Partial<UpgradeRequest>): UpgradeRefused {
  const result = check(changed, request);
  assert.ok(result.type === 'refused', JSON.stringify(changed));
  return result;
}

describe('§4.2.1 reading the request', () => {
  it('accepts the example of §1.3', () => {
    assert.deepEqual(accepted(), {
      type: 'accepted',
      acceptKey: 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
      protocols: [],
      extensions: '',
    });
  });

  it('refuses a method other than GET', () => {
    for (const method of ['POST', 'get', 'CONNECT']) {
      const { status, headers } = refused({}, { method });
      assert.deepEqual({ status, headers }, { status: 405, headers: { Allow: 'GET' } });
    }
  });

  it('refuses HTTP before 1.1', () => {
    for (const httpVersion of ['1.0', '0.9']) assert.equal(refused({}, { httpVersion }).status, 400);
  });

  it('needs one Host', () => {
    assert.equal(refused({ host: undefined }).status, 400);
    assert.equal(refused({ host: ['a', 'b'] }).status, 400);
  });

  it('needs the token "websocket" in Upgrade', () => {
    for (const upgrade of ['WebSocket', 'h2c, websocket', ',websocket ,', ['h2c', 'WEBSOCKET']])
      accepted({ upgrade });
    for (const upgrade of [undefined, '', 'h2c', 'websockets', 'web socket', 'not-websocket']) {
      const { status, headers } = refused({ upgrade });
      assert.deepEqual({ status, headers }, { status: 426, headers: { Upgrade: 'websocket' } });
    }
  });

  it('needs the token "Upgrade" in Connection', () => {
    for (const connection of [
      'upgrade',
      'keep-alive, Upgrade',
      'UPGRADE\t,close',
      ['keep-alive', 'upgrade'],
    ]) {
      accepted({ connection });
    }
    for (const connection of [undefined, '', 'keep-alive', 'Upgraded', 'keep-alive Upgrade']) {
      assert.equal(refused({ connection }).status, 400);
    }
  });

  it('needs one key of 16 bytes', () => {
    const key = 'dGhlIHNhbXBsZSBub25jZQ==';
    const bad = [
      undefined,
      '',
      'x',
      key.slice(1),
      `${key}=`,
      `A${key}`,
      '!GhlIHNhbXBsZSBub25jZQ==',
      'dGhlIHNhbXBsZSBub25jZQAA',
    ];
    for (const value of [...bad, `${key}, ${key}`, [key, key], [key], `${key}\n`]) {
      assert.equal(refused({ 'sec-websocket-key': value }).status, 400, String(value));
    }
  });

  it('needs version 13, and says so (§4.4)', () => {
    for (const version of [undefined, '', '8', '12', '14', '013', '13.0']) {
      const { status, headers } = refused({ 'sec-websocket-version': version });
      assert.equal(status, 426);
      assert.equal(headers['Sec-WebSocket-Version'], '13');
      assert.equal(headers['Upgrade'], 'websocket');
    }
    assert.equal(refused({ 'sec-websocket-version': '13, 13' }).status, 400);
    assert.equal(refused({ 'sec-websocket-version': ['13', '13'] }).status, 400);
  });

  it('reads the subprotocols in order', () => {
    const name = 'sec-websocket-protocol';
    assert.deepEqual(accepted({ [name]: 'chat, super.chat,x' }).protocols, ['chat', 'super.chat', 'x']);
    assert.deepEqual(accepted({ [name]: ['chat', 'b , c'] }).protocols, ['chat', 'b', 'c']);
    for (const value of ['', ',', 'a,', ',a', 'a,,b', 'a b', 'a, a', 'a/b', '"a"', 'é', 'a;b', ['a', 'a']]) {
      assert.equal(refused({ [name]: value }).status, 400, String(value));
    }
  });

  it('hands the extensions on as they came', () => {
    const name = 'sec-websocket-extensions';
    const quoted = 'permessage-deflate; x="12"';
    assert.equal(accepted({ [name]: quoted }).extensions, quoted);
    assert.equal(accepted({ [name]: ['a', 'b'] }).extensions, 'a, b');
    assert.equal(accepted({ [name]: '' }).extensions, '');
  });

  it('§9.1: refuses extensions that are malformed', () => {
    for (const value of ['a;', 'a b', 'permessage-deflate; x="1,2"', 'a; b="', ['a', ';']]) {
      assert.equal(refused({ 'sec-websocket-extensions': value }).status, 400, String(value));
    }
  });

  it('is not impressed by the names of prototypes', () => {
    const names = '__proto__, constructor, toString, hasOwnProperty';
    assert.deepEqual(accepted({ 'sec-websocket-protocol': names }).protocols, names.split(', '));
    for (const name of names.split(', ')) {
      assert.equal(refused({ 'sec-websocket-version': name }).status, 426);
      assert.equal(refused({ 'sec-websocket-key': name }).status, 400);
      assert.equal(refused({ upgrade: name }).status, 426);
    }
    assert.equal(checkUpgrade({ method: 'GET', headers: Object.create(null) as {} }).type, 'refused');
  });

  it('reads a hostile header in linear time', () => {
    const long = [
      ' ,'.repeat(500_000),
      ' '.repeat(1_000_000),
      `a${'\t '.repeat(500_000)}b`,
      'a,'.repeat(500_000),
    ];
    const start = process.cpuUsage();
    for (const value of long) {
      refused({ connection: value });
      refused({ upgrade: value });
      refused({ 'sec-websocket-protocol': value });
      refused({ 'sec-websocket-key': value });
    }
    assert.ok(process.cpuUsage(start).user < 5_000_000);
  });
});

describe('§4.2.2 the response', () => {
  it('opens the WebSocket', () => {
    assert.equal(
      formatAcceptResponse(accepted()),
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n',
    );
  });

  it('names the chosen subprotocol, which the client must have offered', () => {
    const request = accepted({ 'sec-websocket-protocol': 'a, b' });
    assert.match(formatAcceptResponse(request, { protocol: 'b' }), /\r\nSec-WebSocket-Protocol: b\r\n\r\n$/);
    assert.throws(() => formatAcceptResponse(request, { protocol: 'c' }), RangeError);
  });

  it('takes more headers, by name or as lines', () => {
    assert.match(
      formatAcceptResponse(accepted(), { headers: { 'X-A': '1', 'X-B': '' } }),
      /\r\nX-A: 1\r\nX-B: \r\n\r\n$/,
    );
    const headers = ['Set-Cookie: a=1', 'Set-Cookie:b=2: 3'];
    assert.match(
      formatAcceptResponse(accepted(), { headers }),
      /\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2: 3\r\n\r\n$/,
    );
  });

  it('refuses to split itself in two', () => {
    for (const value of ['a\r\nX: b', 'a\nb', 'a\rb', 'a\0', '€']) {
      assert.throws(() => formatAcceptResponse(accepted(), { headers: { 'X-A': value } }), TypeError);
      assert.throws(() => formatAcceptResponse(accepted(), { headers: { [value]: 'x' } }), TypeError);
      assert.throws(() => formatAcceptResponse(accepted(), { headers: [`X-A: ${value}b`] }), TypeError);
    }
    assert.throws(() => formatAcceptResponse(accepted(), { headers: ['no colon'] }), TypeError);
    assert.throws(() => formatAcceptResponse(accepted(), { headers: { '': 'x' } }), TypeError);
  });
});

describe('a refusal', () => {
  it('is a complete response', () => {
    assert.equal(
      formatRefusal(refused({}, { method: 'POST' })),
      'HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n' +
        'Content-Length: 71\r\nAllow: GET\r\n\r\nCannot open WebSocket: the method must be GET (RFC 6455 section 4.2.1)\n',
    );
  });

  it('lists Upgrade in Connection when it sends that (RFC 9110 §7.8)', () => {
    assert.match(
      formatRefusal(refused({ upgrade: 'x' })),
      /\r\nConnection: close, Upgrade\r\n.*\r\nUpgrade: websocket\r\n/s,
    );
  });

  it('counts its body in bytes, whatever the reason and status', () => {
    const text = formatRefusal({ type: 'refused', status: 499, headers: {}, reason: 'nön\r\n😀' });
    assert.match(text, /^HTTP\/1.1 499 \r\n.*Content-Length: 7\r\n\r\nn\?n\?\n\?\n$/s);
  });

  it('refuses to split itself in two', () => {
    const headers = { 'X-A': 'a\r\nb' };
    assert.throws(() => formatRefusal({ type: 'refused', status: 400, headers, reason: '' }), TypeError);
  });
});
