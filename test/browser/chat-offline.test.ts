/** The page without its server: what was read is there, what is written waits, and nothing is left of who signs out. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { createChat, type Chat } from '../../chat/server/chat.ts';
import { PageFiles } from '../../chat/server/page-files.ts';
import { bodies, ChatWindows, composer, giveName, heard, say, type Person } from './chat-windows.ts';
import { screenshot } from './screenshots.ts';
import { sharedBrowser } from './shared-browser.ts';

const BUILT = join(import.meta.dirname, '../../chat/dist/web');

describe('chat without its server', { timeout: 300_000 }, () => {
  let chat: ChatWindows;
  let bob: Person | undefined;

  before(async () => {
    chat = await ChatWindows.start(await sharedBrowser());
  });
  after(async () => {
    bob?.leave();
    await chat.stop();
  });

  test('a reload shows what was read; what is written goes out once, when the server is back', async () => {
    const ada = await chat.enter('Ada', { keeps: true });
    bob = await chat.person('Bob');
    await say(ada, 'before');
    await heard(ada, 'before');
    await bob.say('said by Bob');
    await heard(ada, 'said by Bob');
    await isKept(ada, 'said by Bob');
    await chat.server.stop();

    await ada.reload();
    assert.deepEqual(await heard(ada, 'said by Bob'), ['before', 'said by Bob']);
    await ada.getByText('Reconnecting…', { exact: false }).first().waitFor();
    await screenshot(ada, 'offline-light');
    await say(ada, 'written without a server');
    await ada.locator('.is-unsent').waitFor();
    await ada.goto(`${chat.url}/r/elsewhere`);
    await ada.getByText('This room is not kept', { exact: false }).waitFor();
    await screenshot(ada, 'offline-not-kept');
    await ada.goto(`${chat.url}/r/general`);
    await heard(ada, 'written without a server');

    await chat.restart();
    await ada.getByRole('button', { name: 'Retry now' }).click();
    await ada.locator('.is-unsent').waitFor({ state: 'detached' });
    const expected = ['before', 'said by Bob', 'written without a server'];
    assert.deepEqual(await bodies(ada).allTextContents(), expected);
    await bob.say('welcome back');
    assert.deepEqual(await heard(ada, 'welcome back'), [...expected, 'welcome back']);
    chat.forgiveLostConnections();
    await ada.context().close();
  });

  test('signed out, there is nobody and nothing in the browser any more', async () => {
    const zephyrine = await chat.enter('Zephyrine', { keeps: true });
    await say(zephyrine, 'between ourselves');
    await heard(zephyrine, 'between ourselves');
    await isKept(zephyrine, 'between ourselves');
    await zephyrine.goto(`${chat.url}/settings`);
    await zephyrine.getByRole('button', { name: 'Sign out' }).click();
    await zephyrine.getByRole('button', { name: 'Sign out and give up this name' }).click();
    await composer(zephyrine).waitFor({ state: 'detached' });
    await until(zephyrine, "(await records()) === '[]'");
    const left = await zephyrine.evaluate<string>(`(async () => {
      ${RECORDS}
      const pages = [];
      for (const name of await caches.keys())
        for (const request of await (await caches.open(name)).keys())
          pages.push(await (await caches.match(request)).text());
      return (await records()) + pages.join('') + JSON.stringify(localStorage);
    })()`);
    assert.ok(!/between ourselves|Zephyrine/.test(left));
    await chat.server.stop();
    await zephyrine.reload();
    await zephyrine.getByRole('heading', { name: 'The chat does not answer' }).waitFor();
    chat.forgiveLostConnections();
  });
});

test(
  'a new build takes over, and a page of the old one still has all its parts',
  { timeout: 300_000 },
  async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'websockets.io-builds-'));
    context.after(() => rmSync(folder, { recursive: true, force: true }));
    const newer = join(folder, 'newer');
    writeNextBuild(newer);
    const log = { info: () => undefined, error: (line: string) => assert.fail(line) };
    const start = async (
      port: number,
      webFolder: string,
      offline = true,
    ): Promise<{ chat: Chat; port: number }> => {
      const chat = await createChat({ dataFolder: folder, webFolder, log, offline });
      return { chat, port: await chat.listen({ port, host: 'localhost' }) };
    };
    let { chat, port } = await start(0, BUILT);
    context.after(async () => chat.close());
    const windows = await (await sharedBrowser()).newContext({ locale: 'en-GB' });
    context.after(async () => windows.close());
    const [old, other] = [await windows.newPage(), await windows.newPage()];
    await old.goto(`http://localhost:${port}`);
    await giveName(old, 'Ada');
    await isKept(old, 'Ada');
    // Who is in the middle of something is not reloaded.
    await composer(old).fill('half a sentence');
    await other.goto(`http://localhost:${port}`);
    await composer(other).waitFor();

    await chat.close();
    ({ chat, port } = await start(port, newer));
    const builds = "(await caches.keys()).map((name) => name.replace('build ', ''))";
    const [, next] = [BUILT, newer].map((build) => PageFiles.read(build).build);
    await other.getByText('new version', { exact: false }).waitFor();
    await other.reload();
    await until(other, `document.documentElement.outerHTML.includes('-next.js')`);
    await until(other, `${builds}.length === 2 && ${builds}.includes('${next}')`);

    // The server does not have this part of the old page any more.
    await old.getByRole('button', { name: /Settings/ }).click();
    await old.getByRole('dialog').waitFor();
    await old.close();
    await until(other, "(await navigator.locks.query()).held.every(({ name }) => name.includes('-next'))");
    await other.reload();
    await until(other, `String(${builds}) === '${next}'`);
    await chat.close();
    await other.reload();
    await composer(other).waitFor();
    assert.equal(await other.locator('meta[name=build]').getAttribute('content'), next);

    // Whoever runs it wants no worker any more: browsers fetch its end, whatever the page does.
    ({ chat, port } = await start(port, newer, false));
    await other.evaluate('navigator.serviceWorker.getRegistration().then((worker) => worker.update())');
    await until(
      other,
      '(await caches.keys()).length === 0 && !(await navigator.serviceWorker.getRegistration())',
    );
    await other.reload();
    await composer(other).waitFor();
    await until(other, "(await records()) === '[]' && !('kept-for' in localStorage)");
  },
);

/** As a build of changed sources would be: every file has another name, and names the others by theirs. */
function writeNextBuild(folder: string): void {
  const names = readdirSync(join(BUILT, 'assets')).filter((name) => /\.(?:js|css|svg)$/u.test(name));
  const renamed = (name: string): string => name.replace(/(\.\w+)$/u, '-next$1');
  const rewrite = (path: string): string =>
    names.reduce(
      (text, name) => text.replaceAll(name, renamed(name)),
      readFileSync(join(BUILT, path), 'utf8'),
    );
  mkdirSync(join(folder, 'assets'), { recursive: true });
  for (const name of names)
    writeFileSync(join(folder, 'assets', renamed(name)), rewrite(join('assets', name)));
  writeFileSync(join(folder, 'index.html'), rewrite('index.html'));
  const [now, next] = [BUILT, folder].map((build) => PageFiles.read(build).build);
  writeFileSync(join(folder, 'sw.js'), rewrite('sw.js').replaceAll(now ?? '', next ?? ''));
}

/** Waits until the worker has a build, and the rooms that are kept have this in them. */
async function isKept(page: Page, text: string): Promise<void> {
  await until(
    page,
    `navigator.serviceWorker?.controller && (await records()).includes(${JSON.stringify(text)})`,
  );
}

const RECORDS = `
  const records = async () => {
    const promised = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    if (!(await indexedDB.databases()).some(({ name }) => name === 'kept')) return '';
    const database = await promised(indexedDB.open('kept'));
    try {
      return JSON.stringify(await promised(database.transaction('records').objectStore('records').getAll()));
    } finally {
      database.close();
    }
  };`;

async function until(page: Page, condition: string): Promise<void> {
  const check = `(async () => { ${RECORDS} return Boolean(${condition}); })()`;
  const patience = AbortSignal.timeout(45_000);
  while (!(await page.evaluate<boolean>(check))) {
    if (patience.aborted) assert.fail(`it never came true that ${condition}: ${await state(page)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function state(page: Page): Promise<string> {
  return page.evaluate<string>(`(async () => {
    ${RECORDS}
    const worker = await navigator.serviceWorker.getRegistration();
    const { held } = await navigator.locks.query();
    return JSON.stringify([
      await caches.keys(), worker?.installing?.state, worker?.waiting?.state, worker?.active?.state,
      held.map(({ name }) => name), await records(), document.hidden,
    ]);
  })()`);
}
