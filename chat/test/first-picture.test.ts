/** The page as the server draws it: every kind of page, in the reader's language and zone, and nothing of what people say is markup. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { formatView, VIEW_COOKIE, type View } from '../shared/view.ts';
import { type RunningChat, asked, postJson, readCookie, runChat, say } from './running-chat.ts';
import { temporaryFolder } from './temporary-folder.ts';

const BUILT = fileURLToPath(new URL('../dist/web', import.meta.url));
const AT = Date.UTC(2026, 0, 5, 23, 30);
const VIEW: View = {
  language: '',
  locale: 'en-GB',
  zone: 'Asia/Tokyo',
  isNarrow: false,
  theme: 'auto',
  contrast: 'auto',
  room: '',
};

interface Picture {
  /** What stands in #app. */
  html: string;
  page: string;
  policy: string;
}

/** Fails if the server has not drawn it. */
async function look(
  chat: RunningChat,
  path: string,
  { cookie = '', view, language = 'en-GB' }: { cookie?: string; view?: string; language?: string } = {},
): Promise<Picture> {
  const cookies = [cookie, view === undefined ? '' : `${VIEW_COOKIE}=${view}`].filter((one) => one !== '');
  const headers = { cookie: cookies.join('; '), 'accept-language': language };
  const response = await fetch(chat.url + path, { headers });
  const page = await response.text();
  const [, html] = /<div id="app"[^>]* inert>(.*)<\/div><script>/su.exec(page) ?? [];
  assert.ok(html !== undefined && html !== '', `${path} was not drawn: ${chat.errors.join()}`);
  return { html, page, policy: response.headers.get('content-security-policy') ?? '' };
}

async function start(context: TestContext): Promise<RunningChat> {
  return runChat(context, {
    webFolder: BUILT,
    now: () => AT,
    floodLimits: { asking: { burst: 1_000, perSecond: 1 } },
  });
}

/** Who may make rooms. */
async function own(chat: RunningChat): Promise<string> {
  return readCookie(await postJson(`${chat.url}/api/owner`, { name: 'Olga' }));
}

test('every kind of page is drawn', async (context) => {
  const chat = await start(context);
  const ada = await chat.signIn('Ada');
  const socket = await chat.connect({ cookie: ada.cookie });
  await say(socket, 'the kettle is on');
  const { cookie } = ada;
  for (const [path, expected, who] of [
    ['/', /What should people call you\?.*name="name"/su, ''],
    ['/', /the kettle is on.*<textarea[^>]*placeholder="Message General"/su, cookie],
    ['/r/general', /the kettle is on/u, cookie],
    ['/settings', /the kettle is on/u, cookie],
    ['/r/nothing', /class="header"/u, cookie],
    ['/sign-in', /name="username".*name="password"/su, ''],
    ['/claim/here', /Make this chat yours.*<form/su, ''],
    ['/i/code', /class="gate"/u, ''],
    ['/recover/code', /class="gate"/u, ''],
  ] as const) {
    const { html } = await look(chat, path, { cookie: who });
    assert.match(html, expected, path);
  }
  assert.deepEqual(chat.errors, []);
});

test('what people say, and what they are called, is text', async (context) => {
  const chat = await start(context);
  const cookie = await own(chat);
  const socket = await chat.connect({ cookie });
  await asked(socket, 'create room', {
    name: '<b onclick=x>"&\'',
    kind: 'public',
    topic: '</title><script>',
  });
  for (const body of [
    '</div><script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[x](javascript:alert(1)) [y](data:text/html,<script>)',
    '`</code><script>` ||<svg onload=x>||',
    '```"><script>\n</pre><script>alert(1)</script>\n```',
    '> <iframe srcdoc="<script>">',
    '"><style>*{}</style>',
    '&lt;script&gt; &amp;#x3c;',
  ])
    await say(socket, body);
  const { html, page, policy } = await look(chat, '/', { cookie });
  assert.doesNotMatch(html, /<(?:script|img|iframe|style|svg (?!class="(?:icon|mark)))/u);
  assert.doesNotMatch(html, /\s(?:on\w+|style|srcdoc)=(?=")/u);
  assert.doesNotMatch(html, /href="(?!https?:|mailto:|\/)/u);
  assert.match(html, /&lt;img src=x onerror=alert\(1\)>/u);
  assert.match(html, /&amp;lt;script&amp;gt;/u);
  // One script besides the page's own, and the policy has its hash.
  const inline = [...page.matchAll(/<script>(.*?)<\/script>/gsu)].map(([, script = '']) => script);
  assert.equal(inline.length, 1);
  const hash = createHash('sha256')
    .update(inline[0] ?? '')
    .digest('base64');
  assert.match(policy, /script-src 'self' 'sha256-[^']+';/u);
  assert.ok(policy.includes(`'sha256-${hash}'`));
  assert.match(policy, /style-src 'self';.*require-trusted-types-for 'script'/u);
});

test('in the language that was set, else in what the browser asks for', async (context) => {
  const chat = await start(context);
  const { cookie } = await chat.signIn('Ada');
  const german = await look(chat, '/', { cookie, language: 'it, de-AT;q=0.8, fr;q=0.7' });
  assert.match(german.page, /<html lang="de"/u);
  assert.match(german.html, /placeholder="Nachricht an General"/u);
  const view = formatView({ ...VIEW, language: 'fr' });
  assert.match((await look(chat, '/', { cookie, view, language: 'de' })).page, /<html lang="fr"/u);
  // Side by side, each has their own.
  const languages = ['de', 'es', 'fr', 'en', 'de', 'fr'];
  const pages = await Promise.all(languages.map(async (language) => look(chat, '/', { cookie, language })));
  assert.deepEqual(
    pages.map(({ page }) => /<html lang="(\w+)"/u.exec(page)?.[1]),
    languages,
  );
  const gate = await look(chat, '/sign-in', { language: 'es' });
  assert.match(gate.html, /Contraseña/u);
});

test('as the reader sees it: zone, day, columns, theme, and the room where they were', async (context) => {
  const chat = await start(context);
  const cookie = await own(chat);
  const socket = await chat.connect({ cookie });
  await say(socket, 'at night');
  const { room } = await asked<{ room: { slug: string } }>(socket, 'create room', {
    name: 'Kiln',
    kind: 'public',
  });
  const tokyo = await look(chat, '/r/general', { cookie, view: formatView({ ...VIEW, theme: 'dark' }) });
  assert.match(tokyo.html, /<time datetime="2026-01-06">/u);
  assert.match(tokyo.html, /<time datetime="2026-01-05T23:30:00.000Z">8:30</u);
  assert.match(tokyo.page, /<html lang="en" data-theme="dark" data-contrast="auto" data-accent="green">/u);
  assert.doesNotMatch(tokyo.page, /is-zoneless/u);
  assert.match(tokyo.html, /class="sidebar"/u);
  const phone = await look(chat, '/', {
    cookie,
    view: formatView({ ...VIEW, zone: 'America/New_York', isNarrow: true, room: room.slug }),
  });
  assert.doesNotMatch(phone.html, /class="sidebar"/u);
  assert.match(phone.page, /<title>Kiln<\/title>/u);
  assert.match(phone.html, /placeholder="Message Kiln"/u);
  for (const view of [
    undefined,
    'nonsense',
    `zone=${'x'.repeat(600)}`,
    formatView({ ...VIEW, zone: 'Mars/Base' }),
  ]) {
    assert.match(
      (await look(chat, '/', { cookie, ...(view !== undefined && { view }) })).page,
      /is-zoneless/u,
    );
  }
  const hostile = {
    ...VIEW,
    locale: '"><script>',
    theme: '"><script>',
    contrast: '<',
    room: '../"><script>',
  };
  const { page } = await look(chat, '/', { cookie, view: formatView(hostile) });
  assert.match(page, /<html lang="en" data-theme="auto" data-contrast="auto" data-accent="green">/u);
  assert.doesNotMatch(page, /"><script>/u);
  assert.deepEqual(chat.errors, []);
});

test('a room that may not be read is not drawn for whoever names it', async (context) => {
  const chat = await start(context);
  const olga = await own(chat);
  const socket = await chat.connect({ cookie: olga });
  const { room } = await asked<{ room: { slug: string } }>(socket, 'create room', {
    name: 'Den',
    kind: 'private',
  });
  await asked(socket, 'send', { room: room.slug, nonce: '0'.repeat(32), body: 'between us' });
  const bob = await chat.signIn('Bob');
  for (const cookie of ['', bob.cookie]) {
    const view = formatView({ ...VIEW, room: room.slug });
    for (const path of ['/', `/r/${room.slug}`])
      assert.doesNotMatch((await look(chat, path, { cookie, view })).page, /between us|Den</u);
  }
  const mine = await look(chat, '/', { cookie: olga, view: formatView({ ...VIEW, room: room.slug }) });
  assert.match(mine.html, /between us/u);
});

test('what cannot be drawn comes as the page that draws itself', async (context) => {
  const folder = temporaryFolder(context);
  const webFolder = join(folder, 'web');
  for (const name of ['web', 'on-server']) mkdirSync(join(folder, name));
  const page =
    '<!doctype html><html lang="en"><head><title>Chat</title></head><body><div id="app"></div></body></html>';
  writeFileSync(join(webFolder, 'index.html'), page);
  writeFileSync(
    join(folder, 'on-server', 'on-server-x.js'),
    'export async function drawPage() { throw new Error("no ink"); }',
  );
  const chat = await runChat(context, { webFolder });
  for (let visit = 0; visit < 2; visit++) {
    const response = await fetch(chat.url);
    const html = await response.text();
    assert.match(
      html,
      /<title>Chat<\/title><\/head><body><div id="app"><\/div><script type="application\/json"/u,
    );
    assert.doesNotMatch(response.headers.get('content-security-policy') ?? '', /sha256/u);
  }
  assert.deepEqual(chat.errors, ['Cannot draw the page: Error: no ink']);
});
