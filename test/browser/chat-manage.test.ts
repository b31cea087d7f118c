/** What the owner of a chat does to it: roles, bots, its name, and who may come in. One chat for all of it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { io, type Socket } from 'socket.io-client';
import { act, ChatWindows, hasNoAxeViolations, heard, isNotTooWide, say, VIEWPORTS } from './chat-windows.ts';
import { screenshot } from './screenshots.ts';
import { sharedBrowser } from './shared-browser.ts';

describe('running the chat', { timeout: 300_000 }, () => {
  let browser: Browser;
  let chat: ChatWindows;
  /** The owner, and somebody else, in windows that stay open. */
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

  const dialog = (page: Page, name: string) => page.getByRole('dialog', { name });

  async function manage(tab: string): Promise<void> {
    await ann.getByRole('button', { name: 'Clay & Kiln' }).click();
    await dialog(ann, 'Run this chat').getByRole('tab', { name: tab }).click();
  }

  /** In both themes, and on a phone. */
  async function look(page: Page, name: string): Promise<void> {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await screenshot(page, `chat-${name}-desktop-${colorScheme}`);
      // The same page in other colours: nothing but these can be new.
      const rules = colorScheme === 'dark' ? ['color-contrast', 'link-in-text-block'] : undefined;
      await hasNoAxeViolations(page, `${name}, ${colorScheme}`, rules);
    }
    await page.setViewportSize(VIEWPORTS.phone);
    await isNotTooWide(page);
    // What is too wide for a dialog is cut off, and the page none the wider.
    const widths = await page.evaluate<number[]>(
      "((open) => [open.scrollWidth, open.clientWidth])(document.querySelector('dialog[open]'))",
    );
    assert.equal(widths[0], widths[1], `what ${name} shows is cut off on a phone`);
    await screenshot(page, `chat-${name}-phone-light`);
    await page.setViewportSize(VIEWPORTS.desktop);
  }

  test('the owner makes somebody a moderator, and both see it at once', async () => {
    await say(jan, 'What does a moderator do?');
    await heard(ann, 'What does a moderator do?');
    await ann.getByRole('button', { name: 'Members' }).click();
    const line = ann.getByRole('complementary').getByRole('button', { name: /^Jan/ });
    await line.click();
    await dialog(ann, 'Jan')
      .getByRole('radio', { name: /^moderator/ })
      .check();
    await look(ann, 'person');
    await dialog(ann, 'Jan').getByRole('button', { name: 'Save' }).click();
    await jan.getByText('Your new role: moderator.').waitFor();
    await jan.getByRole('navigation').getByText('moderator', { exact: true }).waitFor();
    await ann.getByText('New role for Jan: moderator.').waitFor();
    await line.getByText('moderator').waitFor();
    await line.and(ann.locator(':focus')).waitFor();

    // From a message; a moderator is told no way to give roles.
    await say(ann, 'This.');
    await heard(jan, 'This.');
    await act(jan, 'This.', 'About Ann');
    await dialog(jan, 'Ann').getByText('owner').waitFor();
    assert.equal(await jan.getByRole('radio').count(), 0);
    await jan.getByRole('button', { name: 'Write to Ann' }).click();
    await jan.getByRole('heading', { name: 'Ann', exact: true }).waitFor();
    await jan.getByRole('link', { name: 'General' }).click();

    await manage('People');
    const people = dialog(ann, 'Run this chat').getByRole('list', { name: 'People' });
    await people.getByRole('button', { name: /^Ann owner/ }).click();
    await people.getByText('Your own role is changed by somebody else.').waitFor();
    await people.getByRole('button', { name: /^Jan moderator/ }).click();
    await look(ann, 'people');
    await ann.keyboard.press('Escape');
  });

  test('a bot is made, speaks by the program that is shown, and is silent when it is revoked', async () => {
    await manage('Bots');
    const bots = dialog(ann, 'Run this chat');
    await bots.getByRole('textbox', { name: 'Name of the new bot' }).fill('Jan');
    await bots.getByRole('button', { name: 'Make a bot' }).click();
    await bots.getByRole('alert').filter({ hasText: 'belongs to somebody else' }).waitFor();
    await bots.getByRole('textbox', { name: 'Name of the new bot' }).fill('Kiln watch');
    await bots.getByRole('button', { name: 'Make a bot' }).click();
    const token = await bots.getByRole('textbox', { name: 'Token of Kiln watch' }).inputValue();
    const [program = '', command = ''] = await bots.locator('pre').allTextContents();
    await bots.locator('pre .code-keyword').first().waitFor();
    await look(ann, 'new-bot');
    await bots.getByRole('button', { name: 'Done' }).click();
    assert.equal(await ann.getByText(token).count(), 0, 'it is not shown again');

    const socket = runProgram(program);
    await heard(jan, 'Here I am.');
    await say(jan, 'ping');
    await heard(jan, 'pong');
    const read = async (): Promise<Response> => fetch(...readCommand(command));
    assert.equal((await read()).status, 200);

    await bots.getByRole('listitem').filter({ hasText: 'Kiln watch' }).waitFor();
    await bots.getByRole('button', { name: 'Revoke Kiln watch' }).click();
    await look(ann, 'revoke-bot');
    await ann.keyboard.press('Enter');
    const ended = once(socket as unknown as NodeJS.EventEmitter, 'disconnect');
    await bots.getByRole('button', { name: 'Revoke Kiln watch' }).click();
    await bots.getByRole('button', { name: 'Revoke Kiln watch' }).click();
    await ended;
    await bots.getByText('Kiln watch is revoked.').waitFor();
    assert.equal(await bots.getByRole('listitem').count(), 0);
    assert.equal((await read()).status, 401);
    await ann.keyboard.press('Escape');
  });

  test('the chat gets another name and is closed to strangers, for everybody at once', async () => {
    const visitor = await chat.open();
    await visitor.getByRole('textbox', { name: /call you/i }).waitFor();
    await manage('This chat');
    await dialog(ann, 'Run this chat').getByRole('button', { name: 'Invite people' }).click();
    await dialog(ann, 'Invite to Clay & Kiln').getByRole('button', { name: 'Make a link' }).click();
    const link = await ann.getByRole('textbox', { name: 'Invite link' }).inputValue();
    await ann.keyboard.press('Escape');

    await manage('This chat');
    await ann.getByText('25 uses left').waitFor();
    await ann.getByRole('textbox', { name: 'What is this chat called?' }).fill('Clay & Fire');
    await ann.getByRole('radio', { name: /^Only with an invite/ }).check();
    await look(ann, 'manage');
    await ann.getByRole('button', { name: 'Save' }).click();
    await ann.getByText('Saved, for everybody.').waitFor();
    await jan.getByText('Clay & Fire').first().waitFor();
    await visitor.getByText('This chat is for people with an invite.').waitFor();
    await visitor.goto(link);
    await visitor.getByRole('heading', { name: 'You are invited to Clay & Fire' }).waitFor();
    await visitor.context().close();
  });
});

/** Runs the program as it stands, but for its import. */
function runProgram(text: string): Socket {
  let socket: Socket | undefined;
  const connect = (url: string, options: object): Socket => {
    socket = io(url, { ...options, forceNew: true, reconnection: false, transports: ['websocket'] });
    return socket;
  };
  // oxlint-disable-next-line typescript/no-implied-eval -- what the page shows is what is tested
  new Function('io', text.replace(/^import .*$/mu, ''))(connect);
  assert.ok(socket);
  return socket;
}

/** What that command line would ask for. */
function readCommand(text: string): [url: string, init: RequestInit] {
  const parts = /^curl -H 'Authorization: (Bearer [\w-]{43})' \\\n {2}'([^']+)'$/u.exec(text.trim());
  assert.ok(parts, text);
  return [parts[2] ?? '', { headers: { authorization: parts[1] ?? '' } }];
}
