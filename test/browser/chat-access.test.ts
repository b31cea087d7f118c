/** The chat for who has no mouse, no eyes for it, a small screen, or another language; and what its page never does. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import {
  bodies,
  ChatWindows,
  composer,
  giveName,
  hasNoAxeViolations,
  heard,
  isNotTooWide,
  say,
  type Person,
} from './chat-windows.ts';
import { screenshot } from './screenshots.ts';

describe('the chat for everybody', { timeout: 600_000 }, () => {
  let browser: Browser;
  let chat: ChatWindows;
  let bob: Person;

  before(async () => {
    browser = await launchBrowser();
    chat = await ChatWindows.start(browser);
    bob = await chat.person('Bob');
    const first = await bob.say('Hello! Is anybody here?');
    await bob.ask('react', { room: 'general', seq: first, emoji: '🎉', on: true });
    await bob.say('I am. https://example.org/a?b=c is what I meant.', 'general', { replyTo: first });
    await bob.say('A list:\n- **one**\n- *two*\n\n> quoted\n\n```js\nconst three = 3; // and more\n```');
    await bob.say('Lines\nare\nkept. 日本語 👍 עברית `code` ||spoiler||');
    const last = await bob.say('gone soon');
    await bob.ask('delete', { room: 'general', seq: last });
  });
  after(async () => {
    bob.leave();
    try {
      await chat.stop();
    } finally {
      await browser.close();
    }
  });

  for (const device of ['desktop', 'phone'] as const) {
    test(
      `every screen has no axe violations in light and dark: ${device}`,
      { timeout: 300_000 },
      async () => {
        const page = await chat.open({ device });
        const look = async (name: string): Promise<void> => {
          await screenshot(page, `chat-${name}-${device}-light`);
          await hasNoAxeViolations(page, name);
          await isNotTooWide(page);
          // The same page in other colours: nothing but these can be new.
          await page.emulateMedia({ colorScheme: 'dark' });
          await screenshot(page, `chat-${name}-${device}-dark`);
          await hasNoAxeViolations(page, `${name}, dark`, ['color-contrast', 'link-in-text-block']);
          await page.emulateMedia({ colorScheme: 'light' });
        };
        await page.getByRole('textbox', { name: /call you/i }).waitFor();
        await look('welcome');
        await giveName(page, `Ada ${device}`);
        await bob.say(`Hi @Ada ${device}`);
        await heard(page, `Hi @Ada ${device}`);
        await look('conversation');

        const toRooms = async (): Promise<void> => {
          if (device === 'phone') await page.getByRole('button', { name: /^Rooms/ }).click();
        };
        await toRooms();
        await look('rooms');
        await page.getByRole('button', { name: 'Jump to…' }).click();
        await page.getByRole('combobox').waitFor();
        await look('switcher');
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: /Settings/ }).click();
        await page.getByRole('tab', { name: 'You' }).waitFor();
        await look('settings');
        await page.getByRole('tab', { name: 'Look and feel' }).click();
        await look('looks');
        await page.getByRole('tab', { name: 'Devices' }).click();
        await page.getByText('this device').waitFor();
        await look('devices');
        await page.keyboard.press('Escape');
        await toRooms();
        await page.getByRole('button', { name: 'New message' }).click();
        await page.getByRole('textbox', { name: 'With whom?' }).waitFor();
        await look('new-message');
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'Browse rooms' }).first().click();
        await page.getByRole('dialog').getByText('General').first().waitFor();
        await look('browse');
        await page.keyboard.press('Escape');
        if (device === 'phone') await page.goBack();

        await page.getByRole('button', { name: 'Members' }).click();
        await page.getByRole('heading', { name: /Here now/ }).waitFor();
        await look('members');
        await page.getByRole('button', { name: 'Close' }).click();
        await page.getByRole('button', { name: 'Mentions' }).click();
        await page.getByRole('complementary').getByRole('link').first().waitFor();
        await look('inbox');
        await page.getByRole('button', { name: 'Close' }).click();
        await page.getByRole('button', { name: 'Search' }).click();
        await page.getByRole('searchbox').fill('hello');
        await page.keyboard.press('Enter');
        await page.getByRole('complementary').getByRole('link').first().waitFor();
        await look('search');
        await page.getByRole('searchbox').fill('nothing like this in:general');
        await page.keyboard.press('Enter');
        await page.getByRole('button', { name: 'Search without the filters' }).waitFor();
        await look('no-hits');
        await page.getByRole('button', { name: 'Close' }).click();
        await page.getByRole('button', { name: 'Jump to a date' }).first().click();
        await page.locator('.calendar-day.has-messages').first().waitFor();
        await look('date');
        await page.keyboard.press('Escape');

        await bodies(page).filter({ hasText: 'Is anybody here' }).first().click({ button: 'right' });
        await page.getByRole('menuitem', { name: 'Copy link' }).waitFor();
        await look('menu');
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'Choose an emoji' }).click();
        await page.getByRole('button', { name: 'grinning face', exact: true }).waitFor();
        await look('emoji');
        await page.keyboard.press('Escape');
        await page.goto(`${chat.url}/r/nowhere`);
        await page.getByRole('heading', { name: 'This room cannot be opened' }).waitFor();
        await look('no-room');
        await page.goto(`${chat.url}/sign-in`);
        await page.getByRole('heading', { name: 'Sign in' }).waitFor();
        await look('sign-in');
        await page.context().close();
      },
    );
  }

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

  for (const [locale, title] of [
    ['de-DE', 'Räume'],
    ['es-ES', 'Salas'],
    ['fr-FR', 'Salons'],
  ] as const) {
    test(`speaks the language of the browser: ${locale}`, async () => {
      const page = await chat.open({ locale });
      await page.locator('.welcome .field').fill(`Ola ${locale.slice(0, 2)}`);
      await page.locator('.welcome .primary').click();
      await page.getByRole('navigation', { name: title }).waitFor();
      assert.equal(await page.locator('html').getAttribute('lang'), locale.slice(0, 2));
      await screenshot(page, `chat-${locale}`);
      await hasNoAxeViolations(page, locale);
      await page.context().close();
    });
  }

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
