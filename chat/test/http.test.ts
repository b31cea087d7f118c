/** The session, the page and who may ask for what. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { ask, connected, enter, openSocket, postJson, readCookie, runChat, say } from './running-chat.ts';
import { temporaryFolder } from './temporary-folder.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

test('a session is made, renamed and closed', async (context) => {
  const chat = await runChat(context);
  const session = `${chat.url}/api/session`;
  const me = async (cookie: string): Promise<unknown> =>
    (await fetch(session, { headers: { cookie } })).json();

  const made = await postJson(session, { name: 'Ada', role: 'admin' });
  const cookie = readCookie(made);
  const setCookie = made.headers.getSetCookie()[0] ?? '';
  assert.match(setCookie, /^chat_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/);
  assert.equal(made.headers.get('cache-control'), 'no-store');
  const { me: ada } = (await made.json()) as { me: { id: number; name: string } };
  assert.deepEqual(await me(cookie), { me: ada });
  assert.deepEqual(await me(''), { me: null });
  assert.deepEqual(await me(`chat_session=${'A'.repeat(43)}; chat_session=; =; x`), { me: null });

  const socket = await chat.connect({ cookie });
  const renamed = await postJson(session, { name: 'Countess' }, { cookie });
  assert.deepEqual(await renamed.json(), {
    me: { id: ada.id, name: 'Countess', role: 'guest', hasPassword: false },
  });
  assert.equal((await enter(socket)).me?.name, 'Countess', 'open sockets learn the new name');
  assert.equal((await say(socket, 'hello')).from.name, 'Countess');

  const otherDevice = await chat.connect({ cookie: (await chat.signIn('Ada')).cookie });
  const ended = new Promise((resolve) => socket.once('disconnect', resolve));
  const closed = await fetch(session, { method: 'DELETE', headers: { cookie } });
  assert.deepEqual(await closed.json(), { me: null });
  assert.match(closed.headers.getSetCookie()[0] ?? '', /^chat_session=; .*Max-Age=0$/);
  await ended;
  assert.deepEqual(await me(cookie), { me: null });
  assert.equal((await enter(otherDevice)).me?.name, 'Ada');
});

test('behind https the cookie is Secure and bound to its host', async (context) => {
  const chat = await runChat(context);
  const https = { 'x-forwarded-proto': 'https' };
  const made = await postJson(`${chat.url}/api/session`, { name: 'Ada' }, https);
  assert.match(made.headers.getSetCookie()[0] ?? '', /^__Host-chat_session=.*; Secure$/);
  const cookie = readCookie(made);
  assert.equal((await enter(await chat.connect({ cookie, ...https }))).me?.name, 'Ada');
  assert.equal((await enter(await chat.connect({ cookie }))).me, null);
});

test('a session ends 30 days after it was last used', async (context) => {
  let now = 1_000_000;
  const chat = await runChat(context, { now: () => now });
  const { cookie, me } = await chat.signIn('Ada');
  now += 29 * DAY_MS;
  assert.deepEqual((await enter(await chat.connect({ cookie }))).me, me);
  now += 29 * DAY_MS;
  assert.deepEqual((await enter(await chat.connect({ cookie }))).me, me);
  now += 30 * DAY_MS + 1;
  assert.equal((await enter(await chat.connect({ cookie }))).me, null);
});

test('the database holds no token', async (context) => {
  const dataFolder = temporaryFolder(context);
  const chat = await runChat(context, { dataFolder });
  const { cookie } = await chat.signIn('Ada');
  await chat.close();
  const db = new DatabaseSync(join(dataFolder, 'chat.db'), { readOnly: true });
  const rows = db.prepare('SELECT hex(token_hash) AS hash FROM session').all();
  db.close();
  assert.equal(rows.length, 1);
  assert.match(String(rows[0]?.['hash']), /^[0-9A-F]{64}$/);
  const token = Buffer.from(cookie.split('=')[1] ?? '', 'base64url')
    .toString('hex')
    .toUpperCase();
  assert.notEqual(rows[0]?.['hash'], token);
});

test('what is no name is refused in one sentence', async (context) => {
  const chat = await runChat(context);
  const session = `${chat.url}/api/session`;
  const refused = async (
    status: number,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<void> => {
    const response = await postJson(session, body, headers);
    assert.equal(response.status, status, JSON.stringify(body)?.slice(0, 50));
    assert.deepEqual(response.headers.getSetCookie(), []);
    const { text, ...rest } = (await response.json()) as { ok: boolean; code: string; text: string };
    assert.deepEqual(rest, { ok: false, code: status === 413 ? 'too long' : 'invalid' });
    assert.match(text, /^[A-Z][^.]*\.$/);
  };
  const bodies = [
    {},
    [],
    { name: null },
    { name: 7 },
    { name: '' },
    { name: ['Ada'] },
    { name: 'x'.repeat(2_000) },
  ];
  for (const body of bodies) await refused(400, body);
  await refused(400, '{"__proto__":{"name":"Ada"}}');
  await refused(400, '{"name":');
  await refused(400, '"Ada"');
  await refused(400, '');
  await refused(413, { name: 'x'.repeat(100_000) });
  await refused(415, 'name=Ada', { 'content-type': 'application/x-www-form-urlencoded' });
  await refused(415, '{"name":"Ada"}', { 'content-type': 'text/plain' });
  assert.deepEqual(chat.errors, []);
});

test('one address cannot make people without end', async (context) => {
  let now = 1_000_000;
  const chat = await runChat(context, { now: () => now });
  for (let count = 0; count < 60; count += 1) await chat.signIn('Ada');
  const refused = await postJson(`${chat.url}/api/session`, { name: 'Ada' });
  assert.equal(refused.status, 429);
  assert.partialDeepStrictEqual(await refused.json(), { ok: false, code: 'too fast' });
  now += 1_000;
  await chat.signIn('Ada');
});

test('pages of other sites can neither change anything nor connect', async (context) => {
  const chat = await runChat(context);
  const session = `${chat.url}/api/session`;
  const { host } = new URL(chat.url);
  const foreign = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `http://${host}.evil.example` },
    { origin: `http://localhost:1` },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
  ];
  for (const headers of foreign) {
    assert.equal((await postJson(session, { name: 'Ada' }, headers)).status, 403, JSON.stringify(headers));
    assert.equal((await fetch(session, { method: 'DELETE', headers })).status, 403);
  }
  for (const headers of [
    { origin: chat.url },
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
  ]) {
    assert.equal((await postJson(session, { name: 'Ada' }, headers)).status, 200, JSON.stringify(headers));
  }

  for (const origin of ['https://evil.example', 'null', `http://${host}.evil.example`]) {
    const polling = await fetch(`${chat.url}/socket.io/?EIO=4&transport=polling`, { headers: { origin } });
    assert.equal(polling.status, 403);
    const socket = openSocket(chat.url, { origin });
    await assert.rejects(connected(socket), origin);
    socket.disconnect();
  }
  await enter(await chat.connect({ origin: chat.url }));
  await enter(await chat.connect());
});

test('every answer carries the security headers', async (context) => {
  const chat = await runChat(context);
  const paths = [
    '/',
    '/healthz',
    '/api/session',
    '/api/nothing',
    '/nothing',
    '/socket.io/?EIO=4&transport=polling',
  ];
  for (const path of [...paths, '/socket.io/?EIO=4&transport=nonsense', '/socket.io/socket.io.js']) {
    const { headers } = await fetch(chat.url + path);
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /^default-src 'none'; script-src 'self'; /, path);
    assert.match(policy, /; connect-src 'self'; .*; require-trusted-types-for 'script'/, path);
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
    assert.equal(headers.get('referrer-policy'), 'same-origin', path);
    assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin', path);
    assert.match(headers.get('permissions-policy') ?? '', /camera=\(\)/, path);
    assert.equal(headers.get('x-powered-by'), null, path);
  }
});

test('the page is served with its packed variants, and unknown files are not', async (context) => {
  const webFolder = temporaryFolder(context);
  const script = 'console.log("hello");'.repeat(50);
  mkdirSync(join(webFolder, 'assets'));
  writeFileSync(join(webFolder, 'index.html'), '<!doctype html><title>Chat</title>');
  writeFileSync(join(webFolder, 'assets/main-a1b2.js'), script);
  writeFileSync(join(webFolder, 'assets/main-a1b2.js.br'), brotliCompressSync(script));
  writeFileSync(join(webFolder, 'assets/main-a1b2.js.gz'), gzipSync(script));
  const chat = await runChat(context, { webFolder });

  const page = await fetch(chat.url);
  assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.match(await page.text(), /<title>Chat/);
  const { cookie } = await chat.signIn('Ada');
  const renewed = await fetch(chat.url, { headers: { cookie } });
  assert.equal(readCookie(renewed), cookie, 'looking at the page makes the cookie last longer');

  for (const path of [
    '/r/general',
    '/r/general/1042',
    '/r/%E4%BC%9A%E8%AD%B0/1',
    '/i/code',
    '/claim/code',
    '/search',
  ]) {
    const response = await fetch(chat.url + path);
    assert.equal(response.status, 200, path);
    assert.match(await response.text(), /<title>Chat/, path);
    const policy = /^\/(i|claim)\//.test(path) ? 'no-referrer' : 'same-origin';
    assert.equal(response.headers.get('referrer-policy'), policy, path);
  }
  for (const path of ['/r', '/r/general/0', '/r/general/x', '/r/general/1/2', '/other', '/i/code/more']) {
    assert.equal((await fetch(chat.url + path)).status, 404, path);
  }

  const asset = `${chat.url}/assets/main-a1b2.js`;
  const etag = (await fetch(asset)).headers.get('etag') ?? '';
  // Node's fetch adds `cache-control: no-cache` to conditional requests, as a reload does; a 304 is right for both.
  assert.equal((await fetch(asset, { headers: { 'if-none-match': etag } })).status, 304);
  for (const [accepted, encoding] of [
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['identity', null],
  ] as const) {
    const response = await fetch(asset, { headers: { 'accept-encoding': accepted } });
    assert.equal(response.headers.get('content-encoding'), encoding);
    assert.equal(response.headers.get('content-type'), 'text/javascript; charset=utf-8');
    assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    assert.equal(response.headers.get('vary'), 'Accept-Encoding');
    assert.equal(await response.text(), script);
  }
  const head = await fetch(asset, { method: 'HEAD', headers: { 'accept-encoding': 'identity' } });
  assert.equal(head.headers.get('content-length'), String(script.length));
  for (const path of [
    '/assets/main-a1b2.js.br',
    '/assets/',
    '/assets',
    '/__proto__',
    '/..%2fchat.db',
    '/%',
  ]) {
    assert.equal((await fetch(chat.url + path)).status, 404, path);
  }
  assert.equal(await rawStatus(chat.url, '/../../package.json'), 404);
  assert.equal((await fetch(chat.url, { method: 'PUT' })).status, 404);

  const { build } = await enter(await chat.connect());
  assert.match(build, /^[\w-]{12}$/);
  writeFileSync(join(webFolder, 'index.html'), '<!doctype html><title>New</title>');
  const next = await runChat(context, { webFolder });
  assert.notEqual((await enter(await next.connect())).build, build);
});

test('without a built page there is one clear sentence, and the rest works', async (context) => {
  const chat = await runChat(context);
  const page = await fetch(chat.url);
  assert.equal(page.status, 503);
  assert.match(await page.text(), /^The page is not built yet: run "npm run build"[^\n]*\n$/);
  const health = await fetch(`${chat.url}/healthz`);
  assert.deepEqual([health.status, await health.text()], [200, 'ok\n']);
  assert.equal((await ask(await chat.connect(), 'enter', { room: 'general' })).ok, true);
});

/** `fetch` tidies paths up before it sends them. */
function rawStatus(url: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    request({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
