/** Previews of links, from the message to the card: who gets them, when, how often, and how they go away. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ChatOptions } from '../server/chat.ts';
import { parseAllowed } from '../server/previews/guard.ts';
import { previewedLink } from '../server/previews/previewed-link.ts';
import type { Bot, ChatInfo, Message } from '../shared/events.ts';
import { type Serve, type Site, png, runSite } from './hostile-site.ts';
import {
  type Client,
  type RunningChat,
  ask,
  asked,
  enter,
  heard,
  listen,
  runChat,
  say,
} from './running-chat.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { call, claim, member } from './visitors.ts';

const PICTURE = png(64, 48);
const html = (title: string): string => `<title>${title}</title><meta name=description content="About it">`;
const PAGES: Record<string, Serve | string> = {
  '/': html('Front'),
  '/pictured':
    '<meta property="og:title" content="Pictured"><meta property="og:image" content="/picture.png">',
  '/picture.png': (_request, response) => response.writeHead(200).end(PICTURE),
  ...Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`/${index}`, html(`Page ${index}`)])),
};

interface Place {
  chat: RunningChat;
  site: Site;
  owner: Client;
  ada: Client;
  cookie: string;
}

/** A chat whose owner has turned previews on, with Ada, who is a member. */
async function place(
  context: TestContext,
  options: Partial<ChatOptions> = {},
  pages: Record<string, Serve | string> = {},
): Promise<Place> {
  const site = await runSite(context, { ...PAGES, ...pages });
  const chat = await runChat(context, { previewsAllow: allow(site), ...options });
  const owner = await chat.connect({ cookie: (await claim(chat)).cookie });
  await asked(owner, 'configure', { previews: 'on' });
  const { cookie } = await member(chat, 'Ada');
  const ada = await chat.connect({ cookie });
  await enter(ada);
  return { chat, site, owner, ada, cookie };
}

function allow(site: Site) {
  const allowed = parseAllowed(site.host);
  assert.ok(allowed);
  return allowed;
}

/** The next change of a message that has a preview. */
async function previewed(client: Client): Promise<Message> {
  for (;;) {
    const message = await heard(client, 'message');
    if (message.preview !== undefined) return message;
  }
}

async function sayAndSee(client: Client, body: string): Promise<Message> {
  const seen = previewed(client);
  await say(client, body);
  return seen;
}

async function outcomes(chat: RunningChat): Promise<Record<string, number>> {
  const text = await (await fetch(`${chat.url}/metrics`)).text();
  const lines = text.matchAll(/^chat_previews_total\{outcome="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, outcome, count]) => [outcome, Number(count)]));
}

/** Until it is so; the server works behind our back. */
async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}

test('a preview comes as a change of the message, is read everywhere, and survives a restart', async (context) => {
  const dataFolder = temporaryFolder(context);
  const { chat, site, ada, cookie } = await place(context, { dataFolder });
  const seen = previewed(ada);
  const said = await say(ada, `look: ${site.url}/pictured#part`);
  assert.equal(said.preview, undefined);
  const message = await seen;
  const { image, ...preview } = message.preview ?? { href: '', title: '' };
  assert.deepEqual(preview, { href: `${site.url}/pictured#part`, title: 'Pictured' });
  assert.deepEqual([image?.width, image?.height], [64, 48]);
  assert.deepEqual([message.seq, message.rev], [said.seq, said.rev + 1]);
  assert.deepEqual(site.asked, ['/pictured', '/picture.png']);
  assert.equal(site.requests[0]?.headers.cookie, undefined);

  const own = { ...message, nonce: said.nonce };
  assert.deepEqual((await enter(ada)).messages.at(-1), own);
  assert.deepEqual((await enter(ada, said.rev)).messages, [own]);
  const rest = await call<{ messages: Message[] }>(
    chat,
    'GET',
    '/api/rooms/general/messages',
    undefined,
    cookie,
  );
  assert.deepEqual(rest.value.messages.at(-1), own);
  assert.deepEqual(await outcomes(chat), { fetched: 1, failed: 0, refused: 0, dropped: 0 });
  assert.deepEqual(chat.errors, []);
  await chat.close();

  const again = await runChat(context, { dataFolder });
  const back = await again.connect({ cookie });
  assert.deepEqual((await enter(back)).messages.at(-1), own);
});

test('its picture is served here, to people who are signed in, and does nothing but be one', async (context) => {
  const { chat, site, ada, cookie } = await place(context);
  const message = await sayAndSee(ada, `${site.url}/pictured`);
  const path = `/previews/${message.preview?.image?.id}`;
  const response = await fetch(chat.url + path, { headers: { cookie } });
  assert.deepEqual(Buffer.from(await response.arrayBuffer()), PICTURE);
  const headers = Object.fromEntries(response.headers);
  assert.partialDeepStrictEqual(headers, {
    'content-type': 'image/png',
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'private, max-age=31536000, immutable',
  });
  assert.equal((await fetch(chat.url + path)).status, 404, 'to nobody else');
  assert.equal((await fetch(`${chat.url}/previews/other`, { headers: { cookie } })).status, 404);
  assert.equal((await fetch(chat.url + path, { headers: { authorization: 'Bearer x' } })).status, 404);
});

test('they are off until the owner turns them on, and again after', async (context) => {
  const { site, owner, ada } = await place(context);
  const info = listen(ada, 'chat');
  const off = await asked<{ chat: ChatInfo }>(owner, 'configure', { previews: 'off' });
  assert.equal(off.chat.previews, undefined);
  await say(ada, `${site.url}/1`);
  await asked(ada, 'history', { room: 'general', before: 9 });
  const on = await asked<{ chat: ChatInfo }>(owner, 'configure', { previews: 'on' });
  assert.equal(on.chat.previews, 'on');
  await sayAndSee(ada, `${site.url}/2`);
  assert.deepEqual(site.asked, ['/2']);
  assert.deepEqual(
    info.map(({ previews }) => previews),
    [undefined, 'on'],
  );
  assert.equal((await ask(ada, 'configure', { previews: 'off' })).ok, false);
  assert.equal((await ask(owner, 'configure', { previews: 'never' })).ok, false);
});

test('whoever runs the server can forbid them', async (context) => {
  const chat = await runChat(context, { previews: 'never' });
  const owner = await chat.connect({ cookie: (await claim(chat)).cookie });
  assert.equal((await asked<{ chat: ChatInfo }>(owner, 'hello', {})).chat.previews, 'never');
  const answer = await ask(owner, 'configure', { previews: 'on' });
  assert.deepEqual([answer.ok, !answer.ok && answer.code], [false, 'not allowed']);
  assert.equal(
    (await asked<{ chat: ChatInfo }>(owner, 'configure', { name: 'Quiet' })).chat.previews,
    'never',
  );
});

test('guests, bots and webhooks have none', async (context) => {
  const { chat, site, owner, ada } = await place(context, { guestLinksAfterMinutes: 0 });
  const guest = await chat.connect({ cookie: (await chat.signIn('Gus')).cookie });
  await say(guest, `${site.url}/1`);
  const { token } = await asked<{ bot: Bot; token: string }>(owner, 'create bot', { name: 'Robot' });
  const bot = await chat.connect({}, { token });
  await say(bot, `${site.url}/2`);
  const hook = await asked<{ token: string }>(owner, 'make webhook', { room: 'general', name: 'Hook' });
  const posted = await fetch(`${chat.url}/hooks/${hook.token}`, { method: 'POST', body: `${site.url}/3` });
  assert.equal(posted.status, 200);
  await sayAndSee(ada, `${site.url}/4`);
  assert.deepEqual(site.asked, ['/4']);
});

test('what is not public is refused without a word', async (context) => {
  const { chat, site, ada } = await place(
    context,
    {},
    {
      '/inside': (_request, response) => response.writeHead(302, { Location: 'http://10.0.0.1/' }).end(),
    },
  );
  for (const url of [
    'http://127.0.0.1/',
    'http://user:x@example.org/',
    'http://example.org:22/',
    `${site.url}/inside`,
  ])
    await say(ada, url);
  await until(async () => (await outcomes(chat))['refused'] === 4);
  assert.deepEqual(site.asked, ['/inside']);
  assert.deepEqual(chat.errors, []);
  assert.ok((await enter(ada)).messages.every(({ preview }) => preview === undefined));
});

test('a page is asked once a day, also one that says nothing', async (context) => {
  let now = 1_800_000_000_000;
  const { chat, site, ada } = await place(context, { now: () => now });
  await sayAndSee(ada, `${site.url}/1`);
  await say(ada, `${site.url}/missing`);
  await until(async () => (await outcomes(chat))['failed'] === 1);
  assert.equal((await sayAndSee(ada, `again ${site.url}/1#elsewhere`)).preview?.title, 'Page 1');
  await say(ada, `again ${site.url}/missing`);
  await sayAndSee(ada, `once more ${site.url}/1`);
  assert.deepEqual(site.asked, ['/1', '/missing']);
  now += 24 * 60 * 60_000;
  await sayAndSee(ada, `tomorrow ${site.url}/1`);
  assert.deepEqual(site.asked, ['/1', '/missing', '/1']);
});

test('one person has five pages fetched in a minute', async (context) => {
  const now = 1_800_000_000_000;
  const { chat, site, ada, owner } = await place(context, { now: () => now });
  for (let page = 1; page <= 7; page += 1) await say(ada, `${site.url}/${page}`);
  await until(async () => (await outcomes(chat))['fetched'] === 5);
  assert.equal((await outcomes(chat))['dropped'], 2);
  await sayAndSee(ada, `known already: ${site.url}/1`);
  await enter(owner);
  await sayAndSee(owner, `somebody else: ${site.url}/8`);
});

test('so many pages are fetched and waited for, and the rest is dropped', async (context) => {
  const held: (() => void)[] = [];
  const hold: Serve = (_request, response) =>
    void held.push(() => response.writeHead(200, { 'Content-Type': 'text/html' }).end(html('Late')));
  const { chat, site, ada } = await place(
    context,
    { previewing: { limits: { atOnce: 2, waiting: 1, sharing: 2 } } },
    { '/a': hold, '/b': hold, '/c': hold, '/d': hold },
  );
  const seen = listen(ada, 'message');
  for (const path of ['a', 'b', 'c', 'd']) await say(ada, `${site.url}/${path}`);
  await until(async () => held.length === 2 && (await outcomes(chat))['dropped'] === 1);
  // Those with a link that is being fetched wait with it, as far as there is room.
  await say(ada, `${site.url}/a too`);
  await say(ada, `${site.url}/a three`);
  await until(async () => (await outcomes(chat))['dropped'] === 2);
  held.shift()?.();
  await until(() => held.length === 2);
  for (const answer of held) answer();
  await until(async () => (await outcomes(chat))['fetched'] === 3);
  await until(() => seen.filter(({ preview }) => preview !== undefined).length === 4);
  assert.deepEqual(site.asked, ['/a', '/b', '/c']);
});

test('a page that does not come is given up, and the end of the chat waits for none', async (context) => {
  const stop = new AbortController();
  const mute: Serve = () => stop.abort();
  const { chat, ada, site } = await place(
    context,
    { previewing: { after: (ms) => (assert.equal(ms, 5_000), stop.signal) } },
    { '/mute': mute },
  );
  await say(ada, `${site.url}/mute`);
  await until(async () => (await outcomes(chat))['failed'] === 1);
  assert.deepEqual(chat.errors, []);

  const other = await place(
    context,
    { previewing: { after: () => new AbortController().signal } },
    { '/mute': () => {} },
  );
  await say(other.ada, `${other.site.url}/mute`);
  await until(() => other.site.asked.length === 1);
  await other.chat.close();
  assert.deepEqual(other.chat.errors, []);
});

test('an edit keeps it, drops it, or brings another; a deleted message has none', async (context) => {
  const { ada, site } = await place(context);
  const { seq } = await sayAndSee(ada, `${site.url}/1`);
  const change = async (event: string, more: object = {}): Promise<Message> =>
    (await asked<{ message: Message }>(ada, event, { room: 'general', seq, ...more })).message;
  assert.equal((await change('edit', { body: `see ${site.url}/1` })).preview?.title, 'Page 1');
  const other = previewed(ada);
  assert.equal((await change('edit', { body: `${site.url}/2` })).preview, undefined);
  assert.equal((await other).preview?.title, 'Page 2');
  assert.equal((await change('edit', { body: 'nothing' })).preview, undefined);
  const back = previewed(ada);
  await change('edit', { body: `${site.url}/1` });
  assert.equal((await back).preview?.title, 'Page 1');
  assert.equal((await change('delete')).preview, undefined);
  assert.equal((await change('restore')).preview?.title, 'Page 1');
  assert.deepEqual(site.asked, ['/1', '/2']);
});

test('a message that changed meanwhile has no preview of what it said', async (context) => {
  let answer: (() => void) | undefined;
  const held: Serve = (_request, response) => {
    answer = () => response.writeHead(200, { 'Content-Type': 'text/html' }).end(html('Held'));
  };
  const { chat, ada, site } = await place(context, {}, { '/held': held });
  const said = await say(ada, `${site.url}/held`);
  const gone = await say(ada, `${site.url}/held and gone`);
  const kept = await say(ada, `${site.url}/held and kept`);
  await until(() => answer !== undefined);
  await asked(ada, 'edit', { room: 'general', seq: said.seq, body: 'never mind' });
  await asked(ada, 'delete', { room: 'general', seq: gone.seq });
  const seen = previewed(ada);
  answer?.();
  assert.equal((await seen).seq, kept.seq);
  const { messages } = await enter(ada);
  assert.deepEqual(
    messages.map(({ preview }) => preview?.title),
    [undefined, undefined, 'Held'],
  );
  assert.deepEqual(chat.errors, []);
});

test('its author and moderators can take it away, nobody else, and it stays away', async (context) => {
  const { chat, ada, owner, site } = await place(context);
  const bob = await chat.connect({ cookie: (await member(chat, 'Bob')).cookie });
  await enter(bob);
  const first = await sayAndSee(ada, `${site.url}/1`);
  const refused = await ask(bob, 'remove preview', { room: 'general', seq: first.seq });
  assert.deepEqual([refused.ok, !refused.ok && refused.code], [false, 'not allowed']);
  const told = heard(bob, 'message');
  const taken = await asked<{ message: Message }>(ada, 'remove preview', { room: 'general', seq: first.seq });
  assert.deepEqual([taken.message.preview, taken.message.rev], [undefined, first.rev + 1]);
  assert.deepEqual(await told, taken.message);
  await asked(ada, 'edit', { room: 'general', seq: first.seq, body: `still ${site.url}/1` });
  const second = await sayAndSee(ada, `${site.url}/2`);
  await asked(owner, 'remove preview', { room: 'general', seq: second.seq });
  assert.ok((await enter(ada)).messages.every(({ preview }) => preview === undefined));
  await asked(ada, 'delete', { room: 'general', seq: second.seq });
  assert.equal((await ask(ada, 'remove preview', { room: 'general', seq: second.seq })).ok, false);
  assert.equal((await ask(ada, 'remove preview', { room: 'general', seq: 99 })).ok, false);
});

test("the chat's own pages are not fetched", async (context) => {
  const { chat, ada, site } = await place(context);
  await say(ada, `${chat.url}/r/general/1`);
  await sayAndSee(ada, `${site.url}/1`);
  assert.deepEqual(await outcomes(chat), { fetched: 1, failed: 0, refused: 0, dropped: 0 });
});

test('the first link counts: of the message itself, and to be seen', () => {
  for (const [body, link] of [
    ['no link', null],
    ['see https://a.example/x?y#z, https://b.example', 'https://a.example/x?y#z'],
    ['**https://a.example**', 'https://a.example/'],
    ['- one\n- [two](http://b.example)', 'http://b.example/'],
    ['[mail](mailto:a@b.example) http://c.example', 'http://c.example/'],
    ['`https://a.example` ||https://b.example||', null],
    ['> https://a.example\n\nhttps://b.example', 'https://b.example/'],
    ['```\nhttps://a.example\n```', null],
  ] as const) {
    assert.equal(previewedLink(body), link, body);
  }
});
