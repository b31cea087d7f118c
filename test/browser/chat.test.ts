/** The chat, as two people in two browser windows see it: talking, reloading, and a server that goes and comes. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { io as openClient } from 'socket.io-client';
import { bodies, ChatWindows, composer, heard, say } from './chat-windows.ts';
import { screenshot } from './screenshots.ts';
import { sharedBrowser } from './shared-browser.ts';

describe('chat: one day in a room', { timeout: 300_000 }, () => {
  let chat: ChatWindows;
  let ada: Page;
  let bob: Page;
  /** All that anybody said so far. */
  const said: string[] = [];

  before(async () => {
    chat = await ChatWindows.start(await sharedBrowser());
    ada = await chat.enter('Ada');
    bob = await chat.enter('Bob', { device: 'phone' });
  });
  after(async () => {
    await chat.stop();
  });

  test('two people give names, write, and see each other once and in order', async () => {
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
    await ada.getByRole('button', { name: 'Members' }).click();
    await ada.getByRole('heading', { name: 'Here now: 2' }).waitFor();
    assert.equal(await composer(ada).inputValue(), '');
  });

  test('HTML in a message stays text, also for whoever has no name yet and only reads', async () => {
    const html = `</script><script>document.title='owned'</script><img src=x onerror="document.title='owned'"><b>bold</b>`;
    said.push(html);
    await say(ada, html);
    await heard(ada, 'bold');
    const reader = await chat.open();
    for (const page of [ada, bob, reader]) {
      assert.deepEqual(await heard(page, 'bold'), said);
      assert.equal(await page.getByRole('log').locator('.body :not(p)').count(), 0);
      assert.doesNotMatch(await page.title(), /owned/);
    }
    assert.equal(await composer(reader).count(), 0);
    await reader.context().close();
  });

  test("the tutorial's 'chat message' works in both directions", async () => {
    const tutorial = openClient(chat.url, { forceNew: true, reconnection: false });
    try {
      const heardThere = new Promise<unknown>((resolve, reject) => {
        tutorial.once('chat message', resolve);
        tutorial.once('connect_error', reject);
        tutorial.once('disconnect', () => reject(new Error('The tutorial client was disconnected')));
      });
      said.push('hello from the tutorial', 'hello to the tutorial');
      tutorial.emit('chat message', 'hello from the tutorial');
      await heard(ada, 'from the tutorial');
      assert.equal(await heardThere, 'hello from the tutorial');
      const answer = new Promise<unknown>((resolve) => {
        tutorial.once('chat message', resolve);
      });
      await say(ada, 'hello to the tutorial');
      assert.equal(await answer, 'hello to the tutorial');
      assert.deepEqual(await heard(bob, 'to the tutorial'), said);
    } finally {
      tutorial.disconnect();
    }
  });

  test('a reload shows the messages again, keeps the name, and what was not sent yet', async () => {
    await composer(ada).fill('half a sent');
    await ada.reload();
    await composer(ada).waitFor();
    assert.deepEqual(await heard(ada, 'to the tutorial'), said);
    assert.equal(await composer(ada).inputValue(), 'half a sent');
    said.push('after the reload');
    await say(ada, 'after the reload');
    assert.deepEqual(await heard(ada, 'after the reload'), said);
  });
});

describe('chat: a server that goes and comes', { timeout: 300_000 }, () => {
  let browser: Browser;
  let chat: ChatWindows;

  beforeEach(async () => {
    browser = await sharedBrowser();
    chat = await ChatWindows.start(browser);
  });
  afterEach(async () => {
    await chat.stop();
  });

  test('the last messages are there before the socket is, and what was missed comes with it', async () => {
    const ada = await chat.enter('Ada');
    await say(ada, 'before');
    await heard(ada, 'before');
    const page = await ada.context().newPage();
    let isOpen = false;
    await page.routeWebSocket(/\/socket\.io\//u, (socket) => {
      if (isOpen) socket.connectToServer();
    });
    await page.goto(chat.url);
    assert.deepEqual(await heard(page, 'before'), ['before']);
    await say(page, 'written without a socket');
    await page.locator('.is-unsent').waitFor();
    await page.getByText('Reconnecting…', { exact: false }).first().waitFor();
    await screenshot(page, 'chat-without-socket');
    await say(ada, 'missed');
    await heard(ada, 'missed');
    isOpen = true;
    await page.getByRole('button', { name: 'Retry now' }).click();
    const expected = ['before', 'missed', 'written without a socket'];
    assert.deepEqual(await heard(ada, 'written without a socket'), expected);
    await page.locator('.is-unsent').waitFor({ state: 'detached' });
    assert.deepEqual(await heard(page, 'written without a socket'), expected);
    chat.forgiveLostConnections();
  });

  test('a drop and return: nothing is lost, nothing doubled, and one may write meanwhile', async () => {
    const ada = await chat.enter('Ada');
    const bob = await chat.enter('Bob', { device: 'phone' });
    await say(ada, 'before the restart');
    await heard(bob, 'before the restart');

    await chat.server.stop('SIGTERM');
    assert.equal(chat.server.exitCode, 0);
    await ada.getByText('Reconnecting…', { exact: false }).first().waitFor();
    await screenshot(ada, 'chat-reconnecting');
    await say(ada, 'written while the server was away');
    await say(ada, 'and a second one');
    await chat.restart();
    // Both come back by themselves; the button of the banner only makes them come at once.
    const expected = ['before the restart', 'written while the server was away', 'and a second one'];
    assert.deepEqual(await heard(bob, 'a second one'), expected);
    await ada.locator('.is-unsent').first().waitFor({ state: 'detached' });
    assert.deepEqual(await heard(ada, 'a second one'), expected);
    await say(bob, 'welcome back');
    assert.deepEqual(await heard(ada, 'welcome back'), [...expected, 'welcome back']);
    await ada.reload();
    assert.deepEqual(await heard(ada, 'welcome back'), [...expected, 'welcome back']);
    chat.forgiveLostConnections();
  });

  test('what was written without a connection survives a reload', async () => {
    const ada = await chat.enter('Ada');
    await say(ada, 'before');
    await heard(ada, 'before');
    await chat.server.stop('SIGTERM');
    await say(ada, 'kept in the outbox');
    await bodies(ada).filter({ hasText: 'kept in the outbox' }).waitFor();
    await ada.close({ runBeforeUnload: false });
    await chat.restart();
    const context = browser.contexts()[0];
    const again = await context?.newPage();
    assert.ok(again);
    await again.goto(chat.url);
    assert.deepEqual(await heard(again, 'kept in the outbox'), ['before', 'kept in the outbox']);
    await again.locator('.is-unsent').waitFor({ state: 'detached' });
    await again.reload();
    assert.deepEqual(await heard(again, 'kept in the outbox'), ['before', 'kept in the outbox']);
    chat.forgiveLostConnections();
  });
});
