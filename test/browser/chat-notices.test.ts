/** What is told of while one looks elsewhere: a line on the page, notices of the system, the title, the tab's icon. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import {
  ChatWindows,
  giveName,
  hasNoAxeViolations,
  heard,
  isNotTooWide,
  say,
  type Person,
} from './chat-windows.ts';
import { screenshot } from './screenshots.ts';
import { sharedBrowser } from './shared-browser.ts';

interface Shown {
  title: string;
  body: string;
  tag: string;
}

/** In place of the browser's own: keeps what would have been shown, and grants what is asked. */
const NOTIFICATIONS = `
  globalThis.notices = [];
  globalThis.Notification = class extends EventTarget {
    static permission = 'default';
    static async requestPermission() { return (this.permission = 'granted'); }
    constructor(title, { body, tag }) {
      super();
      notices.push({ title, body, tag });
      globalThis.lastNotice = this;
    }
    close() { this.dispatchEvent(new Event('close')); }
  };
  globalThis.tones = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...args) { tones++; return start.apply(this, args); };
`;

/** Every page of the browser believes that it has the focus: this one shall not. */
const LOOK_AWAY = 'document.hasFocus = () => false';

/** Asks again and again: the policy of the page forbids what `waitForFunction` does in it. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('what is told while one looks elsewhere', { timeout: 200_000 }, () => {
  let browser: Browser;
  let chat: ChatWindows;
  let bob: Person;

  before(async () => {
    browser = await sharedBrowser();
    chat = await ChatWindows.start(browser);
    bob = await chat.person('Bob');
  });
  after(async () => {
    bob.leave();
    await chat.stop();
  });

  const notices = async (page: Page): Promise<Shown[]> => page.evaluate<Shown[]>('notices');

  /** Somebody who has turned the notices on, as everybody must. */
  const enter = async (name: string): Promise<{ page: Page; context: BrowserContext }> => {
    const page = await chat.open();
    const context = page.context();
    await context.addInitScript(NOTIFICATIONS);
    await page.reload();
    await giveName(page, name);
    assert.deepEqual(await notices(page), [], 'nothing is asked and nothing shown by itself');
    await page.getByRole('button', { name: /Settings/ }).click();
    await page.getByRole('tab', { name: 'Notifications' }).click();
    await page.getByRole('button', { name: 'Turn on…' }).click();
    await page.getByRole('group', { name: 'Desktop notifications' }).getByLabel('On').waitFor();
    await screenshot(page, 'chat-notices-desktop-light');
    await hasNoAxeViolations(page, 'notices');
    await page.keyboard.press('Escape');
    assert.equal((await notices(page)).length, 1, 'the example');
    await page.evaluate('notices.length = 0');
    return { page, context };
  };

  test('a mention is shown without its looks, once over all windows, and leads to its message', async () => {
    const { page, context } = await enter('Ann');
    const second = await context.newPage();
    await second.goto(chat.url);
    await second.getByRole('textbox', { name: /^message /i }).waitFor();
    const pages = [page, second];
    for (const one of pages) await one.evaluate(`${LOOK_AWAY}; Notification.permission = 'granted'`);

    await bob.say('nobody in particular');
    const seq = await bob.say('Hello **@Ann**, ||secret|| `code`');
    await until(async () => (await page.title()).startsWith('(1)'));
    const all = async (): Promise<Shown[]> => (await Promise.all(pages.map(notices))).flat();
    await until(async () => (await all()).length > 0);
    const [shown] = await all();
    assert.equal(shown?.title, 'Bob in General');
    assert.equal(shown.body, 'Hello @Ann, ▒▒▒ code');
    assert.match(shown.tag, /general/);
    // Long after the windows have agreed.
    await bob.say('@Ann again');
    await until(async () => (await all()).length > 1);
    assert.equal((await all()).length, 2);
    assert.equal(
      new Set((await all()).map(({ tag }) => tag)).size,
      1,
      'the newer one takes the place of the other',
    );
    assert.match(await page.locator('link[rel=icon]').getAttribute('href').then(String), /waiting/);

    const has = (await notices(page)).some(({ body }) => body === '@Ann again');
    const teller = has ? page : second;
    await teller.evaluate('lastNotice.dispatchEvent(new Event("click"))');
    await teller.waitForURL(new RegExp(`/r/general/${seq + 1}$`));
    await context.close();
  });

  test('a direct message while another room is on the screen: a line with the way to it', async () => {
    const { page, context } = await enter('Cem');
    const { people } = await bob.ask<{ people: { id: number }[] }>('people', { like: 'Cem' });
    const { room } = await bob.ask<{ room: { slug: string } }>('direct', {
      people: people.map(({ id }) => id),
    });
    await bob.say('are you *there*?', room.slug);
    const line = page.getByRole('status').filter({ hasText: 'Bob: are you there?' });
    await line.waitFor();
    await screenshot(page, 'chat-told-desktop-light');
    await until(async () => page.evaluate<boolean>('tones > 0'));
    assert.deepEqual(await notices(page), [], 'who looks at the page needs no notice of the system');
    await line.getByRole('button', { name: 'Open' }).click();
    await page.waitForURL(new RegExp(room.slug));
    await heard(page, 'are you there?');
    await context.close();
  });

  test('in a muted room and in quiet hours nothing is heard', async () => {
    const page = await chat.open({ device: 'phone', scheme: 'dark' });
    await page.context().addInitScript(NOTIFICATIONS);
    await page.reload();
    await giveName(page, 'Eve');
    await page.getByRole('button', { name: 'General', exact: true }).click();
    await page.getByRole('button', { name: 'For an hour' }).click();
    await page
      .getByRole('dialog')
      .getByText(/^Muted until/)
      .first()
      .waitFor();
    await screenshot(page, 'chat-muted-phone-dark');
    await hasNoAxeViolations(page, 'a muted room');
    await page.keyboard.press('Escape');
    await say(page, '/mute off');
    await page.getByText('The room is heard again.').waitFor();

    await page.getByRole('button', { name: /^Rooms/ }).click();
    await page.getByRole('button', { name: /Settings/ }).click();
    await page.getByRole('tab', { name: 'Notifications' }).click();
    await page.getByRole('group', { name: 'Quiet hours' }).getByLabel('On').check();
    await page.getByLabel('From', { exact: true }).fill('00:00');
    await page.getByLabel('To', { exact: true }).fill('23:59');
    await screenshot(page, 'chat-quiet-phone-dark');
    await hasNoAxeViolations(page, 'quiet hours');
    await isNotTooWide(page);
    await page.keyboard.press('Escape');
    await page.goBack();
    await page.evaluate(LOOK_AWAY);
    await bob.say('@Eve, wake up');
    await until(async () => (await page.title()).startsWith('(1)'));
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 500))');
    assert.equal(await page.evaluate('tones'), 0);
    await page.context().close();
  });

  test('without https the settings say why not', async () => {
    const page = await chat.open();
    await page.context().addInitScript('Object.defineProperty(window, "isSecureContext", { value: false })');
    await page.reload();
    await giveName(page, 'Dee');
    await page.getByRole('button', { name: /Settings/ }).click();
    await page.getByRole('tab', { name: 'Notifications' }).click();
    await page.getByText('pages with https only').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Turn on…' }).count(), 0);
    await screenshot(page, 'chat-notices-http-desktop-light');
    await page.context().close();
  });
});
