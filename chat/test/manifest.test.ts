/** What browsers ask for when they install the page, and keep it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ChatInfo } from '../shared/people.ts';
import { asked, runChat } from './running-chat.ts';

interface Manifest {
  name: string;
  id: string;
  icons: { src: string; sizes: string; purpose: string }[];
}

test('the manifest has the name that the owner gave, and is never out of date', async (context) => {
  const chat = await runChat(context, { ownerCode: 'code' });
  const read = async (): Promise<Response> => fetch(`${chat.url}/manifest.webmanifest`);
  const first = await read();
  assert.equal(first.headers.get('content-type'), 'application/manifest+json; charset=utf-8');
  assert.equal(first.headers.get('cache-control'), 'no-cache');
  assert.equal(((await first.json()) as Manifest).name, 'Chat');
  const etag = first.headers.get('etag');

  const owner = await fetch(`${chat.url}/api/owner`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: 'code', name: 'Jo', password: 'a long password of hers' }),
  });
  const cookie = owner.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const client = await chat.connect({ cookie });
  await asked(client, 'configure', { name: '</script> "Töpferei" 会議' });
  const renamed = (await (await read()).json()) as Manifest;
  assert.equal(renamed.name, '</script> "Töpferei" 会議');
  assert.notEqual((await read()).headers.get('etag'), etag);
});

test('its icons are there, in the sizes that it says', async (context) => {
  const chat = await runChat(context);
  const { icons } = (await (await fetch(`${chat.url}/manifest.webmanifest`)).json()) as Manifest;
  assert.deepEqual(new Set(icons.map(({ sizes }) => sizes)), new Set(['192x192', '512x512']));
  assert.deepEqual(new Set(icons.map(({ purpose }) => purpose)), new Set(['any', 'maskable']));
  for (const { src, sizes } of [...icons, { src: '/apple-touch-icon.png', sizes: '180x180' }]) {
    const png = readFileSync(new URL(`../web/public${src}`, import.meta.url));
    assert.equal(png.toString('latin1', 1, 4), 'PNG', src);
    assert.equal(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`, sizes, src);
  }
});

test('whoever runs the chat can end the worker', async (context) => {
  const kept = await runChat(context);
  assert.equal((await fetch(`${kept.url}/sw.js`)).status, 404, 'it comes with the built page');
  const info = async (url: string): Promise<ChatInfo> =>
    (await (await fetch(`${url}/api/chat`)).json()) as ChatInfo;
  assert.equal((await info(kept.url)).offline, undefined);
  const ended = await runChat(context, { offline: false });
  const worker = await fetch(`${ended.url}/sw.js`);
  assert.equal(worker.headers.get('content-type'), 'text/javascript; charset=utf-8');
  assert.equal(worker.headers.get('cache-control'), 'no-cache');
  assert.match(await worker.text(), /unregister/);
  assert.equal((await info(ended.url)).offline, 'never');
});
