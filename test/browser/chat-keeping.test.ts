/** Pinned and saved messages, the way to a quoted message, and who reacted: by keyboard, as by pointer. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { pinAndSave } from './chat-pinning.ts';
import { ChatWindows, composer, hasNoAxeViolations, heard, type Person } from './chat-windows.ts';
import { screenshot } from './screenshots.ts';
import { sharedBrowser } from './shared-browser.ts';

describe('what is kept at hand', { timeout: 240_000 }, () => {
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

  test('pinned for the room, saved for oneself', async () => {
    await pinAndSave(chat, bob, 'desktop', 'light');
  });

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
    for (const part of ['first', 'second', 'third'])
      await bob.say(`the ${part}\n${'of many lines\n'.repeat(20)}`);
    await heard(page, 'the third');
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
