/** Somebody who lost their password comes back by the link that an admin sends them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChatWindows, VIEWPORTS, composer, hasNoAxeViolations, isNotTooWide, say } from './chat-windows.ts';
import { screenshot } from './screenshots.ts';
import { sharedBrowser } from './shared-browser.ts';

test('an admin makes a link, and it leads its person back, once', { timeout: 180_000 }, async (context) => {
  const browser = await sharedBrowser();
  const chat = await ChatWindows.start(browser);
  context.after(() => chat.stop());
  const ann = await chat.claim('Clay & Kiln', 'Ann');
  const jan = await chat.enter('Jan');
  await say(jan, 'Here before.');

  await ann.getByRole('button', { name: 'Members' }).click();
  await ann.getByRole('complementary').getByRole('button', { name: /^Jan/ }).click();
  const dialog = ann.getByRole('dialog', { name: 'Jan' });
  await dialog.getByText('Can Jan not sign in any more?').click();
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  const field = dialog.getByRole('textbox', { name: 'Link to come back' });
  const link = await field.inputValue();
  await field.scrollIntoViewIfNeeded();
  await screenshot(ann, 'chat-recovery-link-desktop-light');
  await hasNoAxeViolations(ann, 'the link');
  await ann.setViewportSize(VIEWPORTS.phone);
  await isNotTooWide(ann);
  await screenshot(ann, 'chat-recovery-link-phone-light');

  const path = new URL(link).pathname;
  assert.match(path, /^\/recover\/[\w-]{22}$/);
  const german = await chat.open({ path, locale: 'de', device: 'phone', scheme: 'dark' });
  await german.getByRole('heading', { name: /Jan/ }).waitFor();
  await isNotTooWide(german);
  await screenshot(german, 'chat-recovery-phone-dark-de');
  await german.close();
  const back = await chat.open({ path });
  await back.getByRole('heading', { name: 'Welcome back, Jan' }).waitFor();
  await hasNoAxeViolations(back, 'coming back');
  await screenshot(back, 'chat-recovery-desktop-light');
  const password = back.getByLabel('New password');
  await password.fill('short');
  await back.getByRole('button', { name: 'Come in' }).click();
  await back.getByRole('alert').filter({ hasText: 'At least 10 characters' }).waitFor();
  await password.fill('password123');
  await back.getByRole('button', { name: 'Come in' }).click();
  await back.getByRole('alert').filter({ hasText: 'anybody would guess' }).waitFor();
  await password.fill('an entirely new one');
  await back.getByRole('button', { name: 'Come in' }).click();
  await composer(back).waitFor();
  await say(back, 'Here again.');
  const again = await chat.open({ path });
  await again.getByRole('heading', { name: 'This link leads nowhere' }).waitFor();
  await screenshot(again, 'chat-recovery-gone-desktop-light');
  // The refused password and the used link, which browsers log.
  assert.deepEqual(
    chat.faults.splice(0).map((fault) => /\b4\d\d\b/.exec(fault)?.[0]),
    ['400', '410'],
  );
});
