/** The chat for who has no mouse, no eyes for it, a small screen, or another language; and what its page never does. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { bodies, ChatWindows, composer, heard, isNotTooWide, say, type Person } from './chat-windows.ts';
import { lookAtEveryScreen, sayOfEveryKind, speaksTheLanguage } from './chat-screens.ts';
import { screenshot } from './screenshots.ts';
import { sharedBrowser } from './shared-browser.ts';

describe('the chat for everybody', { timeout: 600_000 }, () => {
  let browser: Browser;
  let chat: ChatWindows;
  let bob: Person;

  before(async () => {
    browser = await sharedBrowser();
    chat = await ChatWindows.start(browser);
    bob = await chat.person('Bob');
    await sayOfEveryKind(bob);
  });
  after(async () => {
    bob.leave();
    await chat.stop();
  });

  test('every screen has no axe violations in light and dark', { timeout: 300_000 }, async () => {
    await lookAtEveryScreen(chat, bob, 'desktop');
  });

  test('by keyboard alone: a name, a message, a reaction, a reply, another room and back', async () => {
    const page = await chat.open();
    const focused = async (): Promise<string> =>
      page.evaluate(
        "document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''",
      );
    await page.getByRole('textbox', { name: /call you/i }).waitFor();
    await page.keyboard.type('Kay');
    await page.keyboard.press('Enter');
    await composer(page).waitFor();
    await page.keyboard.type('typed without a mouse');
    await page.keyboard.press('Enter');
    await heard(page, 'typed without a mouse');

    // From the composer to the messages, and up through them.
    await page.keyboard.press('Shift+F6');
    assert.match(await focused(), /typed without a mouse/);
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    assert.match(await focused(), /is what I meant/);
    await page.keyboard.press('ArrowUp');
    assert.match(await focused(), /Is anybody here/);
    await page.keyboard.press('+');
    await page.getByRole('searchbox', { name: 'Look for an emoji' }).waitFor();
    await page.keyboard.type('tada');
    await page.getByRole('button', { name: 'party popper' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /🎉 2 Bob, you/ }).waitFor();
    assert.match(await focused(), /Is anybody here/, 'the focus comes back to the row');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Reply' }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('an answer');
    await page.keyboard.press('Enter');
    await heard(page, 'an answer');
    await page
      .getByRole('button', { name: /Reply to Bob Hello/ })
      .last()
      .waitFor();

    // Round the regions: rooms, messages, composer.
    await page.keyboard.press('F6');
    assert.match(await focused(), /General/);
    await page.keyboard.press('F6');
    assert.match(await focused(), /an answer/);
    await page.keyboard.press('Escape');
    assert.match(await focused(), /^Message General$/);

    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Jump to…' }).waitFor();
    await page.keyboard.type('bob');
    await page.getByRole('option', { name: 'Bob' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Bob' }).waitFor();
    await page.keyboard.type('just between us');
    await page.keyboard.press('Enter');
    await heard(page, 'just between us');
    await page.keyboard.press('Alt+ArrowUp');
    await page.getByRole('heading', { name: 'General' }).waitFor();
    await page.keyboard.press('Control+/');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await screenshot(page, 'chat-shortcuts');
    await page.keyboard.press('Escape');
    await page.context().close();
  });

  test('what arrives is said once, apart from the list', async () => {
    const page = await chat.enter('Lea');
    await bob.say('something new for ears');
    await page.locator('[aria-live=polite]').filter({ hasText: 'Bob: something new for ears' }).waitFor();
    assert.equal(await page.getByRole('log').getAttribute('aria-live'), 'off');
    await page.context().close();
  });

  test('nothing moves by itself: neither while loading nor while people talk', async () => {
    const page = await chat.enter('Max');
    await page.reload();
    await composer(page).waitFor();
    await page.evaluate(
      `globalThis.shift = 0;
       new PerformanceObserver((list) => {
         for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shift += entry.value;
       }).observe({ type: 'layout-shift', buffered: true });`,
    );
    for (let index = 0; index < 5; index++) await bob.say(`line ${index} while Max reads`);
    await heard(page, 'line 4 while Max reads');
    const measure = async (): Promise<number> => page.evaluate<number>('globalThis.shift');
    assert.equal(await measure(), 0);
    await page.context().close();
  });

  test('a reader further up stays where they are, to the pixel', async () => {
    const page = await chat.enter('Ned');
    for (let index = 0; index < 12; index++) await say(page, `filler ${index}\nwith\nthree lines`);
    await heard(page, 'filler 11');
    const row = bodies(page).filter({ hasText: 'filler 2' });
    await row.scrollIntoViewIfNeeded();
    await page.getByRole('log').hover();
    await page.mouse.wheel(0, -300);
    await page.getByRole('button', { name: 'Newest' }).waitFor();
    const [pill, log] = [await box(page, '.pill'), await box(page, '.log')];
    const offCentre = pill.x + pill.width / 2 - (log.x + log.width / 2);
    assert.ok(Math.abs(offCentre) <= 2 && pill.y < log.y + log.height, 'the way back lies over the list');
    const top = async (): Promise<number | undefined> => (await row.boundingBox())?.y;
    const before = await top();
    await bob.say('from below\nwith\nlines');
    await page.getByRole('button', { name: '1 new message' }).waitFor();
    const moved = Math.abs(((await top()) ?? 0) - (before ?? 0));
    assert.ok(moved <= 1, `moved by ${moved} px`);
    await page.getByRole('button', { name: '1 new message' }).click();
    await heard(page, 'from below');
    await page.context().close();
  });

  test('speaks the language of the browser', async () => {
    await speaksTheLanguage(chat, 'de-DE', 'Räume');
  });

  test('a page for right-to-left readers is a mirror, not a mess', async () => {
    const page = await chat.enter('Pia');
    await page.evaluate("document.documentElement.dir = 'rtl'");
    const nav = await box(page, 'nav.sidebar');
    const main = await box(page, 'main.conversation');
    assert.ok(nav.x > main.x, 'the rooms are on the other side');
    const gaps = await page.evaluate<number[]>(`['.chat-name', '.room-link-name'].map((name) => {
      const element = document.querySelector(name);
      const text = document.createRange();
      text.selectNodeContents(element);
      return element.getBoundingClientRect().right - text.getBoundingClientRect().right;
    })`);
    assert.deepEqual(gaps.map(Math.round), [0, 0], 'names begin where the list does');
    await screenshot(page, 'chat-rtl');
    await isNotTooWide(page);
    // The arrow that points to the next one, whichever that is.
    await page.getByRole('button', { name: 'Pia' }).click();
    await page.getByRole('tab', { name: 'You' }).focus();
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('tab', { name: 'Look and feel', selected: true }).waitFor();
    await page.context().close();
  });

  type Box = Record<'x' | 'y' | 'width' | 'height', number>;

  async function box(page: Page, selector: string): Promise<Box> {
    const found = await page.locator(selector).boundingBox();
    assert.ok(found);
    return found;
  }
});
