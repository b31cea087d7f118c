/** What the server draws is what the page goes on with: no element is put in the place of another, and nothing moves. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { ChatWindows, composer, type Person } from './chat-windows.ts';
import { sharedBrowser } from './shared-browser.ts';

/** Remembers the elements as soon as all are there, before the page's own script runs. */
const WATCH = `
  globalThis.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) globalThis.shifted += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  document.addEventListener('readystatechange', () => {
    const app = document.querySelector('#app');
    if (!app?.hasAttribute('data-picture')) return;
    globalThis.drawn ??= [...app.querySelectorAll('*')];
    globalThis.stood ??= document.querySelector('.log').scrollTop;
  });`;

interface Seen {
  drawn: number;
  /** What is not on the page any more, as far as it is not a colour of code. */
  gone: string[];
  shifted: number;
  moved: number;
}

async function seen(page: Page): Promise<Seen> {
  return page.evaluate<Seen>(`({
    drawn: globalThis.drawn?.length ?? 0,
    gone: (globalThis.drawn ?? []).filter((one) => !one.isConnected).map((one) => one.outerHTML),
    shifted: globalThis.shifted,
    moved: document.querySelector('.log').scrollTop - globalThis.stood,
  })`);
}

describe('the first picture', { timeout: 120_000 }, () => {
  let chat: ChatWindows;
  let ann: Person;

  before(async () => {
    chat = await ChatWindows.start(await sharedBrowser());
    ann = await chat.person('Ann');
    for (let index = 0; index < 10; index++)
      await ann.say(
        `message ${index}, which has a **word** in it, and is as long as a line on a phone or two`,
      );
  });
  after(async () => {
    ann.leave();
    await chat.stop();
  });

  for (const device of ['phone', 'desktop'] as const) {
    test(`is taken over on a ${device}, at the first visit and at the next`, async () => {
      const page = await chat.open({ device, path: '/sign-in' });
      await page.getByRole('textbox', { name: 'Name' }).fill('Jo');
      await page.context().clearCookies();
      await page.addInitScript(WATCH);
      for (const visit of ['first', 'next']) {
        await page.goto(chat.url);
        await page.getByText('message 9').waitFor();
        await page.waitForFunction("!document.querySelector('#app').inert");
        const { drawn, gone, shifted, moved } = await seen(page);
        assert.ok(drawn > 50, `${visit}: ${drawn} elements were drawn`);
        assert.deepEqual(gone, [], visit);
        assert.deepEqual([shifted, moved], [0, 0], visit);
      }
      await page.getByRole('textbox', { name: /call you/i }).fill('Jo');
      await page.getByRole('button', { name: 'Join' }).click();
      await composer(page).waitFor();
      await page.context().close();
    });
  }
});
