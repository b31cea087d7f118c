/** What the owner decides for everybody: the log, rooms for newcomers, a colour, and to whom the chat goes. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { ChatWindows, composer, hasNoAxeViolations, isNotTooWide, VIEWPORTS } from './chat-windows.ts';
import { screenshot } from './screenshots.ts';
import { sharedBrowser } from './shared-browser.ts';

const PASSWORD = 'clay and kiln and fire';

describe('what the owner decides', { timeout: 300_000 }, () => {
  let browser: Browser;
  let chat: ChatWindows;
  let ann: Page;

  before(async () => {
    browser = await sharedBrowser();
    chat = await ChatWindows.start(browser);
    ann = await chat.claim('Clay & Kiln', 'Ann');
  });
  after(async () => {
    await chat.stop();
  });

  const manage = () => ann.getByRole('dialog', { name: 'Run this chat' });
  const open = async (): Promise<void> => ann.getByRole('button', { name: 'Clay & Kiln' }).click();

  /** On a desk in the dark, and on a phone in the light. */
  async function look(name: string): Promise<void> {
    await ann.emulateMedia({ colorScheme: 'dark' });
    await screenshot(ann, `chat-${name}-desktop-dark`);
    await hasNoAxeViolations(ann, `${name}, dark`);
    await ann.emulateMedia({ colorScheme: 'light' });
    await ann.setViewportSize(VIEWPORTS.phone);
    await isNotTooWide(ann);
    await screenshot(ann, `chat-${name}-phone-light`);
    await ann.setViewportSize(VIEWPORTS.desktop);
  }

  test('a colour and rooms for newcomers hold for who comes, and are in the log with a way to each person', async () => {
    await ann.getByRole('button', { name: 'New room' }).click();
    await ann.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Glazes');
    await ann.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
    await ann.getByRole('heading', { name: 'Glazes' }).waitFor();

    await open();
    assert.equal(await manage().getByRole('checkbox', { name: 'General' }).isDisabled(), true);
    await manage().getByRole('checkbox', { name: 'Glazes' }).check();
    await manage().getByRole('radio', { name: 'Violet' }).check();
    await look('run');
    await manage().getByRole('button', { name: 'Save' }).click();
    await ann.getByText('Saved, for everybody.').waitFor();
    await ann.locator('html[data-accent=violet]').waitFor({ state: 'attached' });

    const bob = await chat.enter('Bob');
    assert.equal(await bob.locator('html').getAttribute('data-accent'), 'violet');
    await bob.getByRole('navigation').getByRole('link', { name: 'Glazes' }).waitFor();
    const page = await (await fetch(chat.url)).text();
    assert.match(page, /<html[^>]* data-accent="violet"/, 'from the first picture on');

    await manage().getByRole('tab', { name: 'People' }).click();
    await manage().getByRole('button', { name: /^Bob/ }).click();
    await manage()
      .getByRole('radio', { name: /^moderator/ })
      .check();
    await manage().getByRole('button', { name: 'Save' }).click();
    await manage().getByRole('tab', { name: 'Log' }).click();
    const lines = manage().getByRole('list', { name: 'Log' }).getByRole('listitem');
    await lines.first().getByText('Ann made Bob moderator.').waitFor();
    assert.match(
      (await lines.nth(1).textContent()) ?? '',
      /Ann changed the chat: its colour, the rooms of newcomers\./,
    );
    await look('log');
    await lines.first().getByRole('button', { name: 'Bob' }).click();
    await ann.getByRole('dialog', { name: 'Bob' }).getByRole('button', { name: 'Show in the log' }).click();
    await manage().getByText('What Bob did').waitFor();
    assert.equal(await lines.count(), 1);
    await manage().getByRole('button', { name: 'Show all' }).click();
    await lines.nth(2).waitFor();
    await ann.keyboard.press('Escape');
  });

  test('the owner hands the chat over, with their password', async () => {
    for (const name of ['Cy', 'Ann']) await becomeMember(name === 'Ann' ? ann : await chat.enter(name));
    await open();
    await manage().getByRole('button', { name: 'Hand the chat over…' }).click();
    const dialog = ann.getByRole('dialog', { name: 'Hand the chat over' });
    await dialog.getByRole('textbox', { name: 'To whom?' }).fill('Cy');
    await dialog.getByRole('button', { name: 'Cy' }).click();
    await dialog.getByText('Cy becomes the owner').waitFor();
    await look('hand-over');
    const give = dialog.getByRole('button', { name: 'Hand the chat over' });
    await dialog.getByLabel('Present password').fill('not this one');
    await give.click();
    await dialog.getByText('This is not your password.').waitFor();
    await dialog.getByLabel('Present password').fill(PASSWORD);
    await give.click();
    await ann.getByText('Cy owns the chat now.').waitFor();
    await open();
    await manage().getByRole('tab', { name: 'Log' }).click();
    await manage().getByText('Ann handed the chat over to Cy.').waitFor();
    await manage().getByRole('tab', { name: 'This chat' }).click();
    assert.equal(await manage().getByRole('button', { name: 'Hand the chat over…' }).count(), 0);
  });

  async function becomeMember(page: Page): Promise<void> {
    const answer = await page.evaluate<number>(
      `fetch('/api/account', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ password: '${PASSWORD}' }) }).then(({ status }) => status)`,
    );
    assert.equal(answer, 200);
    await page.reload();
    await composer(page).waitFor();
  }
});
