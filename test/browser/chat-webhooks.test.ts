/** A webhook from the page to the message that a program posts by it, and its end. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { ChatWindows, hasNoAxeViolations, heard, isNotTooWide, VIEWPORTS } from './chat-windows.ts';
import { screenshot } from './screenshots.ts';
import { sharedBrowser } from './shared-browser.ts';

describe('webhooks', { timeout: 300_000 }, () => {
  let browser: Browser;
  let chat: ChatWindows;
  let ann: Page;
  let jan: Page;

  before(async () => {
    browser = await sharedBrowser();
    chat = await ChatWindows.start(browser);
    ann = await chat.claim('Clay & Kiln', 'Ann');
    jan = await chat.enter('Jan');
  });
  after(async () => {
    await chat.stop();
  });

  async function look(name: string): Promise<void> {
    for (const colorScheme of ['dark', 'light'] as const) {
      await ann.emulateMedia({ colorScheme });
      await screenshot(ann, `chat-${name}-desktop-${colorScheme}`);
      await hasNoAxeViolations(ann, `${name}, ${colorScheme}`);
    }
    await ann.setViewportSize(VIEWPORTS.phone);
    await isNotTooWide(ann);
    const widths = await ann.evaluate<number[]>(
      "((open) => [open.scrollWidth, open.clientWidth])(document.querySelector('dialog[open]'))",
    );
    assert.equal(widths[0], widths[1], `what ${name} shows is cut off on a phone`);
    await screenshot(ann, `chat-${name}-phone-light`);
    await ann.setViewportSize(VIEWPORTS.desktop);
  }

  test('a webhook is made, speaks by the line that is shown, and is silent when it is revoked', async () => {
    await ann.getByRole('heading', { name: 'General' }).getByRole('button').click();
    const room = ann.getByRole('dialog', { name: 'General' });
    await room.getByText('Webhooks', { exact: true }).click();
    await room.getByRole('textbox', { name: 'Name of the new webhook' }).fill('Jan');
    await room.getByRole('button', { name: 'Make a webhook' }).click();
    await room.getByRole('alert').filter({ hasText: 'belongs to somebody else' }).waitFor();
    await room.getByRole('textbox', { name: 'Name of the new webhook' }).fill('Kiln watch');
    await room.getByRole('button', { name: 'Make a webhook' }).click();
    const address = await room.getByRole('textbox', { name: 'Address of Kiln watch' }).inputValue();
    const line = (await room.locator('pre').textContent()) ?? '';
    await look('new-webhook');
    await room.getByRole('button', { name: 'Done' }).click();
    assert.equal(await ann.getByText(address).count(), 0, 'it is not shown again');

    const parts = /^curl -d (text=hi) \\\n {2}'([^']+)'$/u.exec(line.trim());
    assert.ok(parts, line);
    assert.equal(parts[2], address);
    const post = (text: string): Promise<Response> =>
      fetch(address, { method: 'POST', body: new URLSearchParams(text) });
    assert.equal((await post('text=The **kiln** is at 1200.')).status, 200);
    await heard(jan, 'The kiln is at 1200.');
    const row = jan.locator('.message').filter({ hasText: 'The kiln is at 1200.' });
    await row.getByText('Kiln watch').waitFor();
    await row.getByText('bot', { exact: true }).waitFor();

    await room.getByRole('listitem').filter({ hasText: 'Kiln watch' }).waitFor();
    await look('webhooks');
    await room.getByRole('button', { name: 'Revoke Kiln watch' }).click();
    await room.getByRole('button', { name: 'Revoke Kiln watch' }).click();
    await room.getByText('Kiln watch is revoked.').waitFor();
    assert.equal(await room.getByRole('listitem').count(), 0);
    assert.equal((await post('text=hi')).status, 404);
    await ann.keyboard.press('Escape');
  });

  test('who may not make webhooks sees nothing of them', async () => {
    await jan.getByRole('heading', { name: 'General' }).getByRole('button').click();
    const room = jan.getByRole('dialog', { name: 'General' });
    await room.waitFor();
    assert.equal(await room.getByText('Webhooks').count(), 0);
  });
});
