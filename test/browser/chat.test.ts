/** The chat, as two people in two browser windows see it: talking, reloading, and a server that restarts. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { io as openClient } from 'socket.io-client';
import { launchBrowser } from './browser.ts';
import { screenshot } from './screenshots.ts';
import { freePort, startServer, type ServerProcess } from './server-process.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const VIEWPORTS = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;
type Device = keyof typeof VIEWPORTS;
type Scheme = 'light' | 'dark';

interface AxeResult {
  violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[];
}

describe('chat', { timeout: 120_000 }, () => {
  let browser: Browser;
  let server: ServerProcess;
  let dataFolder: string;
  let port: number;
  /** What no page may ever do: errors in the console, requests to another origin. */
  let faults: string[];

  async function startChat(): Promise<ServerProcess> {
    return startServer({
      command: process.execPath,
      args: ['--conditions=source', 'chat/start.js', '--port', String(port), '--data', dataFolder],
      cwd: ROOT,
      ready: /^Chat at http:/,
    });
  }

  /** A window of its own person: contexts share no cookies and no storage. */
  async function openWindow(device: Device = 'desktop', scheme: Scheme = 'light'): Promise<Page> {
    const isPhone = device === 'phone';
    const context = await browser.newContext({
      viewport: VIEWPORTS[device],
      colorScheme: scheme,
      hasTouch: isPhone,
      isMobile: isPhone,
    });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    page.on('pageerror', (error) => faults.push(`page error: ${error.message}`));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) faults.push(`console: ${message.text()}`);
    });
    const origins = [`http://localhost:${port}/`, `ws://localhost:${port}/`, 'data:', 'blob:'];
    const watch = (url: string): void => {
      if (!origins.some((origin) => url.startsWith(origin))) faults.push(`foreign request: ${url}`);
    };
    page.on('request', (request) => watch(request.url()));
    page.on('websocket', (socket) => watch(socket.url()));
    await page.goto(`http://localhost:${port}/`);
    return page;
  }

  async function giveName(page: Page, name: string): Promise<void> {
    await page.getByRole('textbox', { name: /name|call you/i }).fill(name);
    await page.getByRole('button', { name: 'Join' }).click();
    await composer(page).waitFor();
  }

  async function enter(name: string, device?: Device, scheme?: Scheme): Promise<Page> {
    const page = await openWindow(device, scheme);
    await giveName(page, name);
    return page;
  }

  function composer(page: Page): Locator {
    return page.getByRole('textbox', { name: /^message/i });
  }

  async function say(page: Page, text: string): Promise<void> {
    await composer(page).fill(text);
    await page.getByRole('button', { name: 'Send' }).click();
  }

  /** Waits until the window shows this message, then reads all messages, without the rows that name a day. */
  async function heard(page: Page, awaited: string): Promise<string[]> {
    const bodies = page.getByRole('log').getByRole('listitem').locator('.body');
    await bodies.filter({ hasText: awaited }).first().waitFor();
    return bodies.allTextContents();
  }

  async function hasNoAxeViolations(page: Page, where: string): Promise<void> {
    // Evaluated, not added as a script: the page's own policy would rightly refuse that.
    await page.evaluate(AXE);
    const { violations } = await page.evaluate<AxeResult>('axe.run()');
    const told = violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target.join(' '))]);
    assert.deepEqual(told, [], `axe found violations on ${where}`);
  }

  before(async () => {
    if (!existsSync(join(ROOT, 'chat/dist/web/index.html'))) {
      const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
      execFileSync(process.execPath, [vite, 'build', '--config', 'chat/vite.config.ts'], { cwd: ROOT });
    }
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
  });
  beforeEach(async () => {
    faults = [];
    dataFolder = mkdtempSync(join(tmpdir(), 'websockets.io-chat-'));
    port = await freePort();
    server = await startChat();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map(async (context) => context.close()));
    await server.stop();
    rmSync(dataFolder, { recursive: true, force: true });
    assert.deepEqual(server.errorLines, [], 'the server printed errors');
    assert.deepEqual(faults, []);
  });

  test('two people give names, write, and see each other once and in order', async () => {
    const ada = await enter('Ada');
    const bob = await enter('Bob', 'phone');
    const said: string[] = [];
    for (let round = 1; round <= 3; round += 1) {
      for (const [page, name] of [
        [ada, 'Ada'],
        [bob, 'Bob'],
      ] as const) {
        const text = `${name} says ${round}`;
        said.push(text);
        await say(page, text);
        await heard(ada, text);
        await heard(bob, text);
      }
    }
    assert.deepEqual(await heard(ada, 'Bob says 3'), said);
    assert.deepEqual(await heard(bob, 'Bob says 3'), said);
    await bob.getByRole('log').getByText('Ada', { exact: true }).first().waitFor();
    await ada.getByText('2 online').waitFor();
    assert.equal(await composer(ada).inputValue(), '');
  });

  test('whoever has no name yet can read', async () => {
    const ada = await enter('Ada');
    await say(ada, 'hello, whoever reads this');
    const guest = await openWindow();
    assert.deepEqual(await heard(guest, 'whoever reads this'), ['hello, whoever reads this']);
    assert.equal(await composer(guest).count(), 0);
  });

  test('HTML in a message stays text', async () => {
    const ada = await enter('Ada');
    const bob = await enter('Bob');
    const html = `<img src=x onerror="document.title='owned'"><b>bold</b>`;
    await say(ada, html);
    for (const page of [ada, bob]) {
      assert.deepEqual(await heard(page, 'bold'), [html]);
      assert.equal(await page.getByRole('log').locator('.body *').count(), 0);
      assert.doesNotMatch(await page.title(), /owned/);
    }
  });

  test('a reload shows the messages again and keeps the name', async () => {
    const ada = await enter('Ada');
    const said = ['one', 'two', 'three'];
    for (const text of said) {
      await say(ada, text);
      await heard(ada, text);
    }
    await ada.reload();
    await composer(ada).waitFor();
    assert.deepEqual(await heard(ada, 'three'), said);
    await say(ada, 'four');
    assert.deepEqual(await heard(ada, 'four'), [...said, 'four']);
  });

  test('after a restart of the server all is there, and live messages flow', async () => {
    const ada = await enter('Ada');
    const bob = await enter('Bob', 'phone');
    await say(ada, 'before the restart');
    await heard(bob, 'before the restart');

    await server.stop('SIGTERM');
    assert.equal(server.exitCode, 0);
    await ada.getByText('Reconnecting…', { exact: false }).first().waitFor();
    await screenshot(ada, 'chat-reconnecting');
    await say(ada, 'written while the server was away');
    server = await startChat();
    // Both come back by themselves; the button of the banner only makes them come at once.
    const expected = ['before the restart', 'written while the server was away'];
    assert.deepEqual(await heard(bob, 'while the server was away'), expected);
    assert.deepEqual(await heard(ada, 'while the server was away'), expected);
    await say(bob, 'welcome back');
    assert.deepEqual(await heard(ada, 'welcome back'), [...expected, 'welcome back']);
    await ada.reload();
    assert.deepEqual(await heard(ada, 'welcome back'), [...expected, 'welcome back']);

    // That nobody could be reached for a while is the point of this test, and browsers log it.
    faults = faults.filter((fault) => !/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|WebSocket/.test(fault));
  });

  test("the tutorial's 'chat message' works in both directions", async () => {
    const ada = await enter('Ada');
    const tutorial = openClient(`http://localhost:${port}`, { forceNew: true, reconnection: false });
    try {
      const heardThere = new Promise<unknown>((resolve, reject) => {
        tutorial.once('chat message', resolve);
        tutorial.once('connect_error', reject);
        tutorial.once('disconnect', () => reject(new Error('The tutorial client was disconnected')));
      });
      tutorial.emit('chat message', 'hello from the tutorial');
      assert.deepEqual(await heard(ada, 'from the tutorial'), ['hello from the tutorial']);
      assert.equal(await heardThere, 'hello from the tutorial');
      const answer = new Promise<unknown>((resolve) => {
        tutorial.once('chat message', resolve);
      });
      await say(ada, 'hello to the tutorial');
      assert.equal(await answer, 'hello to the tutorial');
    } finally {
      tutorial.disconnect();
    }
  });

  for (const device of ['desktop', 'phone'] as const) {
    for (const scheme of ['light', 'dark'] as const) {
      test(`looks and accessibility: ${device}, ${scheme}`, async () => {
        const ada = await openWindow(device, scheme);
        await ada.getByRole('textbox', { name: /name|call you/i }).waitFor();
        await screenshot(ada, `chat-welcome-${device}-${scheme}`);
        await hasNoAxeViolations(ada, 'the welcome');
        await giveName(ada, 'Ada');
        const bob = await enter('Bob');
        const talk = [
          [ada, 'Hello! Is anybody here?'],
          [bob, 'I am. https://example.org/a?b=c is what I meant.'],
          [
            bob,
            'A second line from the same person, which is long enough to be broken on a phone, and more than once.',
          ],
          [ada, 'Lines\nare\nkept. 日本語 👍 עברית'],
        ] as const;
        for (const [page, text] of talk) {
          await say(page, text);
          await heard(ada, text.split('\n')[0] ?? '');
        }
        await screenshot(ada, `chat-${device}-${scheme}`);
        await hasNoAxeViolations(ada, 'the conversation');
        const tooWide = await ada.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        assert.ok(tooWide <= 0, `page is ${tooWide} px wider than the window`);
      });
    }
  }
});
