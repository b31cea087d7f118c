/** What the server writes into the page: for whom, how much of it, and that nothing in it gets out. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { BOOT_ID, type Boot } from '../shared/boot.ts';
import type { MyRoom } from '../shared/events.ts';
import {
  type RunningChat,
  asked,
  bodies,
  enter,
  postJson,
  readCookie,
  runChat,
  say,
} from './running-chat.ts';
import { temporaryFolder } from './temporary-folder.ts';

const BLOCK = `<script type="application/json" id="${BOOT_ID}">`;
const PAGE = [
  '<!doctype html><head>',
  '<link rel="icon" href="/assets/icon.svg">',
  '<script type="module" crossorigin src="/assets/first.js"></script>',
  '<link rel="stylesheet" crossorigin href="/assets/first.css">',
  '</head><body><div id="app"></div></body>',
].join('\n');

async function runPage(
  context: TestContext,
  options: Parameters<typeof runChat>[1] = {},
): Promise<RunningChat> {
  const webFolder = temporaryFolder(context);
  writeFileSync(join(webFolder, 'index.html'), PAGE);
  return runChat(context, { webFolder, ...options });
}

/** Reads the page as a browser does: the block ends at the first end tag. */
async function look(chat: RunningChat, path: string, cookie = ''): Promise<Boot | null> {
  const response = await fetch(chat.url + path, { headers: { cookie } });
  assert.equal(response.status, 200);
  const html = await response.text();
  const [before = '', after] = html.split(BLOCK);
  if (after === undefined) {
    assert.equal(html, PAGE);
    return null;
  }
  const end = after.search(/<\/script|<!--/iu);
  assert.equal(before + after.slice(end + '</script>'.length), PAGE);
  return JSON.parse(after.slice(0, end)) as Boot;
}

/** The owner may make rooms and change how one comes in. */
async function own(chat: RunningChat): Promise<string> {
  return readCookie(await postJson(`${chat.url}/api/owner`, { name: 'Olga' }));
}

test('the page says what hello and enter would, of the room in its address', async (context) => {
  const chat = await runPage(context);
  const cookie = await own(chat);
  const socket = await chat.connect({ cookie });
  await say(socket, 'one');
  const { room } = await asked<{ room: MyRoom }>(socket, 'create room', { name: 'Kiln', kind: 'public' });
  const live = { hello: await asked(socket, 'hello', {}), entered: await enter(socket) };
  assert.deepEqual(await look(chat, '/', cookie), live);
  assert.equal((await look(chat, `/r/${room.slug}`, cookie))?.entered?.room.slug, room.slug);
  assert.equal((await look(chat, '/r/nothing', cookie))?.entered, null);
  for (const gate of ['/sign-in', '/i/code', '/claim/code', '/recover/code']) {
    assert.equal((await look(chat, gate, cookie))?.entered, null, gate);
  }
});

test('nothing that anybody says ends the block', async (context) => {
  const chat = await runPage(context);
  const ada = await chat.signIn('Ada');
  const socket = await chat.connect({ cookie: ada.cookie });
  const said = [
    `</script><script>document.title = 'owned'</script>`,
    '<!--<script>',
    '</SCRIPT >',
    '\u2028 $& $` \\u003c </body>',
  ];
  for (const body of said) await say(socket, body);
  const messages = (await look(chat, '/', ada.cookie))?.entered?.messages ?? [];
  assert.deepEqual(bodies(messages).slice(-said.length), said);
});

test('everybody gets their own page, and strangers what strangers may read', async (context) => {
  const chat = await runPage(context);
  const olga = await own(chat);
  const bob = await chat.signIn('Bob');
  const socket = await chat.connect({ cookie: olga });
  await say(socket, 'in the open');
  const { room } = await asked<{ room: MyRoom }>(socket, 'create room', { name: 'Den', kind: 'private' });
  const path = `/r/${room.slug}`;

  assert.equal((await look(chat, path, olga))?.hello.me?.name, 'Olga');
  assert.equal((await look(chat, path, olga))?.entered?.room.slug, room.slug);
  const bobs = await look(chat, path, bob.cookie);
  assert.deepEqual([bobs?.hello.me?.name, bobs?.entered], ['Bob', null]);
  assert.ok(!bobs?.hello.rooms.some(({ slug }) => slug === room.slug));

  for (const cookie of ['', `chat_session=${'A'.repeat(43)}`]) {
    const strangers = await look(chat, '/', cookie);
    assert.deepEqual([strangers?.hello.me, strangers?.hello.rooms, strangers?.hello.online], [null, [], []]);
    assert.equal(strangers?.entered?.messages.at(-1)?.body, 'in the open');
    assert.equal((await look(chat, path, cookie))?.entered, null);
  }

  await asked(socket, 'configure', { entry: 'invite' });
  assert.equal((await look(chat, '/'))?.entered, null, 'only invited people read');
  await fetch(`${chat.url}/api/session`, { method: 'DELETE', headers: { cookie: bob.cookie } });
  const signedOut = await look(chat, '/', bob.cookie);
  assert.deepEqual([signedOut?.hello.me, signedOut?.entered], [null, null]);
});

test('no cache keeps the page, and it comes packed, with word of what it needs', async (context) => {
  const chat = await runPage(context);
  for (const [accepted, encoding] of [
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['identity', null],
  ] as const) {
    const response = await fetch(chat.url, { headers: { 'accept-encoding': accepted } });
    assert.equal(response.headers.get('content-encoding'), encoding);
    assert.equal(response.headers.get('cache-control'), 'private, no-store');
    assert.equal(response.headers.get('etag'), null);
    assert.equal(
      response.headers.get('link'),
      '</assets/first.css>; rel=preload; as=style; crossorigin, </assets/first.js>; rel=modulepreload',
    );
    assert.ok((await response.text()).includes(BLOCK));
  }
  const head = await fetch(chat.url, { method: 'HEAD', headers: { 'accept-encoding': 'identity' } });
  assert.ok(Number(head.headers.get('content-length')) > PAGE.length);
  assert.equal(await head.text(), '');
});

test('whoever asks too fast gets the page without its data', async (context) => {
  const chat = await runPage(context, {
    now: () => 1_000_000,
    floodLimits: { asking: { burst: 3, perSecond: 1 } },
  });
  assert.ok((await look(chat, '/'))?.entered);
  assert.equal((await look(chat, '/'))?.entered, null);
  assert.equal(await look(chat, '/'), null);
  assert.deepEqual(chat.errors, []);
});
