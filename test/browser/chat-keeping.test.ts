/** Pinned and saved messages, the way to a quoted message, and who reacted: by keyboard, as by pointer. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import {
  act,
  ChatWindows,
  composer,
  hasNoAxeViolations,
  heard,
  isNotTooWide,
  type Device,
  type Person,
  type Scheme,
} from './chat-windows.ts';
import { screenshot } from './screenshots.ts';

describe('what is kept at hand', { timeout: 240_000 }, () => {
  let browser: Browser;
  let chat: ChatWindows;
  let bob: Person;

  before(async () => {
    browser = await launchBrowser();
    chat = await ChatWindows.start(browser);
    bob = await chat.person('Bob');
  });
  after(async () => {
    bob.leave();
    try {
      await chat.stop();
    } finally {
      await browser.close();
    }
  });

  for (const [device, scheme] of [
    ['desktop', 'light'],
    ['phone', 'dark'],
  ] as [Device, Scheme][]) {
    test(`pinned for the room, saved for oneself: ${device}, ${scheme}`, async () => {
      const name = `Ada ${device}`;
      const page = await chat.enter(name, { device, scheme });
      const look = async (what: string): Promise<void> => {
        await screenshot(page, `chat-${what}-${device}-${scheme}`);
        await hasNoAxeViolations(page, what);
        await isNotTooWide(page);
      };
      const { people } = await bob.ask<{ people: { id: number }[] }>('people', { like: name });
      const ids = people.map(({ id }) => id);
      const { room } = await bob.ask<{ room: { slug: string } }>('direct', { people: ids });
      await bob.say('The code of the door is *1234*', room.slug);
      await page.goto(`${chat.url}/r/${room.slug}`);
      await heard(page, 'The code of the door');

      await page.getByRole('button', { name: 'Pinned messages' }).click();
      await page.getByText('Nothing is pinned here.').waitFor();
      await look('no-pins');
      if (device === 'phone') await page.goBack();
      await act(page, 'The code of the door', 'Pin');
      await page.getByText('Pinned for everybody here.').waitFor();
      await page.getByText(`Pinned by ${name}`).waitFor();
      await bob.say('Bring the ladder', room.slug);
      await heard(page, 'Bring the ladder');
      if (device === 'phone') await page.getByRole('button', { name: 'Pinned messages' }).click();
      const panel = page.getByRole('complementary', { name: 'Pinned messages' });
      await panel.getByRole('link', { name: /The code of the door is 1234/ }).waitFor();
      await bob.ask('pin', { room: room.slug, seq: 2, on: true });
      await panel.getByRole('link', { name: /Bring the ladder/ }).waitFor();
      await look('pins');
      await panel.getByRole('button', { name: 'Unpin: Bob' }).first().click();
      await panel.getByRole('link', { name: /Bring the ladder/ }).waitFor({ state: 'detached' });
      if (device === 'phone') await page.goBack();

      await act(page, 'Bring the ladder', 'Save for me');
      await page.getByText('Saved, for you alone.').waitFor();
      await page.getByRole('button', { name: 'Mentions', exact: true }).click();
      await page.getByRole('button', { name: 'Saved messages' }).click();
      await page.getByRole('link', { name: /Bring the ladder/ }).waitFor();
      await look('saved');
      await page.getByRole('button', { name: 'Remove from saved: Bob' }).click();
      await page.getByText('You have saved nothing yet.').waitFor();
      await page.context().close();
    });
  }

  test('by keyboard: to the quoted message, and who reacted', async () => {
    const page = await chat.enter('Cem');
    const seq = await bob.say('What is the answer?');
    const answer = await bob.say('It is 42.', 'general', { replyTo: seq });
    await bob.ask('react', { room: 'general', seq: answer, emoji: '🎉', on: true });
    await heard(page, 'It is 42.');
    await composer(page).focus();
    await page.keyboard.press('Shift+F6');
    const focused = async (): Promise<string> => page.evaluate<string>('document.activeElement.textContent');
    await page.keyboard.press('End');
    assert.match(await focused(), /It is 42/);
    await page.keyboard.press('Enter');
    const reaction = page.getByRole('menuitemcheckbox', { name: '🎉 Bob' });
    await reaction.waitFor();
    await screenshot(page, 'chat-reactions-menu-desktop-light');
    await hasNoAxeViolations(page, 'the menu of a message with reactions');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /🎉.*2/, pressed: true }).waitFor();
    await page.keyboard.press('q');
    while (!/What is the answer/.test(await focused()) || /42/.test(await focused())) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await page.keyboard.press('s');
    await page.getByText('Saved, for you alone.').waitFor();
    await page.context().close();
  });

  test('the pill says that one of the new messages is for me', async () => {
    const page = await chat.enter('Dee');
    for (let number = 1; number <= 40; number++) await bob.say(`line ${number}`);
    await heard(page, 'line 40');
    await page.getByRole('log').hover();
    await page.mouse.wheel(0, -1_500);
    await page.getByRole('button', { name: 'Newest' }).waitFor();
    await bob.say('nothing special');
    await bob.say('@Dee, look');
    await page.getByRole('button', { name: 'mentions you: 2 new messages' }).waitFor();
    await screenshot(page, 'chat-pill-desktop-light');
    await hasNoAxeViolations(page, 'the pill');
    await page.context().close();
  });
});
