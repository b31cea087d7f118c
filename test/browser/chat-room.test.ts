/** The tutorial's chat room, as two people in two browser windows see it. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { screenshot } from './screenshots.ts';
import { startServer, type ServerProcess } from './server-process.ts';
import { sharedBrowser } from './shared-browser.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

async function startExample(port: string): Promise<ServerProcess> {
  return startServer({
    command: process.execPath,
    args: ['--conditions=source', 'examples/chat-room/server.ts'],
    cwd: ROOT,
    env: { PORT: port },
    ready: /^listening on \*:\d+$/,
  });
}

describe('chat room example', { timeout: 300_000 }, () => {
  let browser: Browser;
  let server: ServerProcess;
  let url: string;
  let alice: Page;
  let bob: Page;
  /** How many messages the windows had before this test. */
  let earlier: number;
  const faults: string[] = [];

  /** A window of its own person: contexts share no cookies and no storage. */
  async function openWindow(width = 1000, height = 700): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height } });
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    page.on('pageerror', (error) => faults.push(`page error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(`console: ${message.text()}`);
    });
    page.on('request', (request) => {
      const target = request.url();
      if (!target.startsWith(url) && !target.startsWith('data:')) faults.push(`foreign request: ${target}`);
    });
    const connections = server.lines.filter((line) => line === 'a user connected').length;
    await page.goto(url);
    await server.printed(/^a user connected$/, connections + 1);
    return page;
  }

  async function say(page: Page, text: string): Promise<void> {
    await page.getByRole('textbox', { name: 'Message' }).fill(text);
    await page.getByRole('button', { name: 'Send' }).click();
  }

  /** Waits until the window shows `count` messages of this test, then reads them all. */
  async function heard(page: Page, count: number): Promise<string[]> {
    await page
      .getByRole('listitem')
      .nth(earlier + count - 1)
      .waitFor();
    return (await page.getByRole('listitem').allTextContents()).slice(earlier);
  }

  before(async () => {
    browser = await sharedBrowser();
    server = await startExample('0');
    const port = (await server.printed(/^listening on \*:(\d+)$/))[1];
    url = `http://localhost:${port}/`;
    alice = await openWindow();
    bob = await openWindow(390, 844);
  });
  after(async () => {
    await Promise.all(browser.contexts().map(async (context) => context.close()));
    await server.stop();
    assert.deepEqual(faults, []);
  });
  beforeEach(async () => {
    earlier = await bob.getByRole('listitem').count();
  });

  test('each window sees every message once and in order', async () => {
    const said: string[] = [];
    for (let round = 1; round <= 5; round += 1) {
      for (const [page, name] of [
        [alice, 'Alice'],
        [bob, 'Bob'],
      ] as const) {
        said.push(`${name} says ${round}`);
        await say(page, `${name} says ${round}`);
        await heard(alice, said.length);
      }
    }
    assert.deepEqual(await heard(alice, said.length), said);
    assert.deepEqual(await heard(bob, said.length), said);
    await screenshot(alice, 'chat-room-desktop');
    await screenshot(bob, 'chat-room-phone');
  });

  test('a burst from one window keeps its order', async () => {
    const said = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`);
    for (const text of said) {
      await alice.getByRole('textbox').fill(text);
      await alice.getByRole('textbox').press('Enter');
    }
    assert.deepEqual(await heard(bob, said.length), said);
    assert.deepEqual(await heard(alice, said.length), said);
    await bob.getByText('line 40', { exact: true }).waitFor();
    const newest = await bob.getByText('line 40', { exact: true }).boundingBox();
    const form = await bob.locator('#form').boundingBox();
    assert.ok(newest !== null && form !== null && newest.y > 0 && newest.y + newest.height <= form.y + 1);
    await screenshot(bob, 'chat-room-phone-full');
  });

  test('HTML in a message stays text', async () => {
    const html = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script><b>bold</b>`;
    await say(alice, html);
    for (const page of [alice, bob]) {
      assert.deepEqual(await heard(page, 1), [html]);
      assert.equal(await page.locator('#messages li *').count(), 0, 'no element was made of it');
      assert.equal(await page.title(), 'Chat room');
    }
    await screenshot(bob, 'chat-room-html');
  });

  test('sending empties the input and does not reload the page', async () => {
    await alice.evaluate('document.documentElement.dataset.marker = "still here"');
    await say(alice, 'hello');
    await heard(bob, 1);
    assert.equal(await alice.getByRole('textbox').inputValue(), '');
    assert.equal(await alice.locator('html').getAttribute('data-marker'), 'still here');
    assert.equal(alice.url(), url);
  });

  test('an empty input sends nothing', async () => {
    await alice.getByRole('button', { name: 'Send' }).click();
    await alice.getByRole('textbox').press('Enter');
    // The fence: whatever was sent before it would be shown before it.
    await say(alice, 'fence');
    assert.deepEqual(await heard(bob, 1), ['fence']);
    assert.deepEqual(await heard(alice, 1), ['fence']);
  });

  test('nothing is wider than a phone', async () => {
    await say(bob, 'w'.repeat(500));
    await heard(bob, 1);
    const overflow = await bob.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    assert.ok(overflow <= 0, `page is ${overflow} px wider than the window`);
    const send = await bob.getByRole('button', { name: 'Send' }).boundingBox();
    assert.ok(send !== null && send.x + send.width <= 390 && send.y + send.height <= 844);
  });

  test("the server prints who comes and goes, in exactly the tutorial's words", async () => {
    await alice.close();
    await server.printed(/^user disconnected$/);
    assert.match(server.lines[0] ?? '', /^listening on \*:\d+$/);
    assert.deepEqual(server.lines.slice(1), ['a user connected', 'a user connected', 'user disconnected']);
    assert.deepEqual(server.errorLines, []);
  });

  test('a port in use is told in one sentence, and the exit code is 1', async () => {
    const port = new URL(url).port;
    await assert.rejects(startExample(port), (error: Error) => {
      assert.match(
        error.message,
        new RegExp(`printed:\\nPort ${port} is already in use: set PORT to another one\\.$`),
      );
      return true;
    });
  });
});
