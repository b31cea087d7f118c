/** What people do in the chat, from one end to the other, each in a real window. One chat for all of it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { writePast } from './chat-history.ts';
import { act, bodies, ChatWindows, composer, giveName, heard, say } from './chat-windows.ts';
import { screenshot } from './screenshots.ts';
import { sharedBrowser } from './shared-browser.ts';

const DAY = 86_400_000;

/** The first message in sight, and how far from the upper edge it is. */
const FIRST_IN_SIGHT = `(() => {
  const edge = document.querySelector('.log')?.getBoundingClientRect().top ?? 0;
  const rows = [...document.querySelectorAll('.message')].map((row) => [row.dataset.seq, row.getBoundingClientRect()]);
  const [seq, rect] = rows.find(([, { bottom }]) => bottom > edge) ?? ['', { top: 0 }];
  return seq + ' ' + Math.round(rect.top - edge);
})()`;

const firstInSight = async (page: Page): Promise<string> => page.evaluate<string>(FIRST_IN_SIGHT);

describe('journeys through the chat', { timeout: 300_000 }, () => {
  let browser: Browser;
  let chat: ChatWindows;
  /** The owner, in a window that stays open. */
  let ann: Page;

  before(async () => {
    browser = await sharedBrowser();
    chat = await ChatWindows.start(browser);
  });
  after(async () => {
    await chat.stop();
  });

  /** What is in the room's list entry: its name, and what waits there. */
  const entryOf = (page: Page, room: string) =>
    page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: room });

  test('the first visitor on this machine makes the chat theirs', async () => {
    ann = await chat.open();
    await ann.getByText('Nobody owns this chat yet.').waitFor();
    await ann.getByRole('button', { name: 'Make it yours' }).click();
    await ann.getByRole('textbox', { name: 'What is this chat called?' }).fill('Clay & Kiln');
    await ann.getByRole('textbox', { name: 'What should people call you?' }).fill('Ann');
    await ann.getByLabel('Password (optional)').fill('a long way to the kiln');
    await screenshot(ann, 'chat-claim');
    await ann.getByRole('button', { name: 'Make it yours' }).click();
    await composer(ann).waitFor();
    await ann.getByText('Clay & Kiln').first().waitFor();
    await ann.getByText('owner', { exact: true }).waitFor();
    assert.equal(await ann.getByText('Nobody owns this chat yet.').count(), 0);
  });

  test('a room is made, found, looked into, and joined; what is unread there is counted', async () => {
    await ann.getByRole('button', { name: 'New room' }).click();
    await ann.getByRole('textbox', { name: 'Name of the room' }).fill('Glaze recipes');
    await ann.getByRole('textbox', { name: 'Topic (optional)' }).fill('What worked, and what ran');
    await ann.getByRole('button', { name: 'Create' }).click();
    await ann.getByRole('heading', { name: 'Glaze recipes' }).waitFor();
    assert.match(ann.url(), /\/r\/glaze-recipes$/);
    await say(ann, 'Celadon ran on the porcelain.');

    const bob = await chat.enter('Bob');
    await bob.getByRole('button', { name: 'Browse rooms' }).first().click();
    await bob.getByRole('button', { name: 'Have a look Glaze recipes' }).click();
    await heard(bob, 'Celadon ran');
    assert.equal(await composer(bob).count(), 0, 'one reads before one joins');
    await bob.getByRole('button', { name: 'Join', exact: true }).click();
    await say(bob, 'Two coats, not three.');
    await heard(ann, 'Two coats');

    await entryOf(bob, 'General').click();
    await say(ann, 'I will try that.');
    await entryOf(bob, 'Glaze recipes').and(bob.locator('.is-unread')).waitFor();
    await entryOf(bob, 'Glaze recipes').click();
    await bob.getByText('New', { exact: true }).waitFor();
    await heard(bob, 'I will try that.');
    // Seen for half a second: read, here and everywhere.
    await bob.locator('.room-link.is-unread').waitFor({ state: 'detached' });
    await bob.context().close();
  });

  test('a message is answered, changed, deleted and brought back, and people react to it', async () => {
    const bob = await chat.enter('Bob the second');
    await entryOf(ann, 'General').click();
    await say(ann, 'Is the kiln free on **Thursday**?');
    await heard(bob, 'Thursday');
    assert.equal(await bodies(bob).locator('strong').textContent(), 'Thursday');

    await act(bob, 'Thursday', 'Reply');
    await composer(bob).fill('From two o’clock on.');
    await composer(bob).press('Enter');
    const quote = ann.getByRole('log').getByRole('button', { name: /Reply to Ann Is the kiln free/ });
    await quote.waitFor();

    // ↑ in the empty composer.
    await composer(bob).press('ArrowUp');
    assert.equal(await composer(bob).inputValue(), 'From two o’clock on.');
    await composer(bob).fill('From three o’clock on.');
    await composer(bob).press('Enter');
    await heard(ann, 'From three');
    await ann.getByRole('button', { name: '(edited)' }).click();
    await ann.getByRole('dialog').getByText('From two o’clock on.').waitFor();
    await ann.keyboard.press('Escape');

    await act(ann, 'From three', 'React');
    await ann.getByRole('searchbox', { name: 'Look for an emoji' }).fill('tada');
    await ann.getByRole('button', { name: 'party popper' }).click();
    // The tone of hands is chosen by keyboard, and remembered.
    await act(ann, 'From three', 'React');
    await ann.getByRole('radio', { name: 'Yellow' }).focus();
    await ann.keyboard.press('ArrowRight');
    await ann.keyboard.press('ArrowRight');
    await ann.getByRole('radio', { name: 'Medium-light', checked: true }).waitFor();
    await ann.getByRole('searchbox', { name: 'Look for an emoji' }).fill('wave');
    await screenshot(ann, 'emoji-tones');
    await ann.keyboard.press('Enter');
    await bob.getByRole('button', { name: '👋🏼 1 Ann' }).waitFor();
    await ann.reload();
    await ann.getByRole('button', { name: 'Choose an emoji' }).click();
    await ann.getByRole('radio', { name: 'Medium-light', checked: true }).waitFor();
    await ann.keyboard.press('Escape');

    const reaction = bob.getByRole('group', { name: 'Reactions' }).getByRole('button', { name: '🎉 1 Ann' });
    await reaction.click();
    await ann.getByRole('button', { name: /🎉 2 you, Bob the second/ }).waitFor();

    await act(bob, 'From three', 'Delete');
    await ann.getByText('This message was deleted.').waitFor();
    await bob.getByRole('button', { name: 'Undo' }).click();
    await heard(ann, 'From three');
    await bob.context().close();
  });

  test('who is mentioned finds it in the inbox, and the way back to it', async () => {
    const cem = await chat.enter('Cem Öztürk');
    await cem.getByRole('button', { name: 'New message' }).click();
    await cem.getByRole('textbox', { name: 'With whom?' }).fill('an');
    await cem.getByRole('button', { name: /^Ann/ }).click();
    await cem.getByRole('button', { name: 'Start talking' }).click();
    await say(cem, 'Can you bring the sieve?');
    // A message between two is counted, whatever it says.
    await entryOf(ann, 'Cem Öztürk').getByText('1').waitFor();

    await composer(ann).fill('Nobody knows like @cem');
    await ann.getByRole('option', { name: 'Cem Öztürk' }).waitFor();
    await screenshot(ann, 'chat-mention');
    await composer(ann).press('Enter');
    assert.equal(await composer(ann).inputValue(), 'Nobody knows like @Cem Öztürk ');
    await composer(ann).press('Enter');
    await cem.getByRole('button', { name: 'Mentions' }).click();
    const hit = cem.getByRole('complementary').getByRole('link', { name: /Nobody knows like @Cem/ });
    await hit.click();
    await cem.waitForURL(/\/r\/general\/\d+$/);
    await heard(cem, 'Nobody knows');
    await cem.locator('.message.mentions-me').waitFor();
    await cem.context().close();
  });

  test('what was said long ago is found by search, by date, by link, and at the beginning', async () => {
    await entryOf(ann, 'Glaze recipes').click();
    await say(ann, 'The recipe with 会議 and Grüße in it');
    await heard(ann, 'Grüße');
    await chat.server.stop();
    const from = new Date(new Date().getFullYear() - 1, 2, 3, 12).getTime();
    writePast(chat.dataFolder, {
      room: 'general',
      person: 'Ann',
      count: 400,
      from,
      everyMs: DAY / 2,
      body: (index) => `old message ${index}`,
    });
    await chat.restart();

    const dee = await chat.enter('Dee');
    await dee.getByRole('button', { name: 'Search' }).click();
    await dee.getByRole('searchbox', { name: 'Search' }).fill('会議 gruße from:Ann');
    await dee.keyboard.press('Enter');
    const hit = dee.getByRole('complementary').getByRole('link', { name: /The recipe with/ });
    await hit.waitFor();
    assert.deepEqual(await hit.locator('mark').allTextContents(), ['会議', 'Grüße']);
    await screenshot(dee, 'chat-search');
    await hit.click();
    await dee.waitForURL(/\/r\/glaze-recipes\/\d+$/);
    await heard(dee, 'The recipe');

    await dee.goto(`${chat.url}/r/general`);
    await heard(dee, 'old message 400');
    await dee.getByRole('button', { name: 'Jump to a date' }).first().click();
    const march = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric' }).format(from);
    while ((await dee.getByRole('dialog').getByText(march).count()) === 0) {
      await dee.getByRole('button', { name: 'Month before' }).click();
    }
    await dee.locator('.calendar-day.has-messages').first().waitFor();
    await screenshot(dee, 'chat-calendar');
    await dee.locator('.calendar-day', { hasText: /^20$/ }).click();
    await bodies(dee).getByText('old message 35', { exact: true }).waitFor();
    assert.ok((await dee.getByRole('log').locator('.message').count()) <= 300);
    // Both ways from there, without end.
    await dee.getByRole('log').hover();
    const start = dee.getByText('This is the start of General.');
    while (!(await start.isVisible())) await dee.mouse.wheel(0, -2_000);
    await bodies(dee).getByText('old message 1', { exact: true }).waitFor();

    await dee.getByRole('button', { name: 'Newest' }).click();
    await bodies(dee).getByText('old message 400', { exact: true }).waitFor();
    await dee.goto(`${chat.url}/r/general/3`);
    await dee.locator('.message[data-seq="3"]').waitFor();

    // The same lines again after a reload, and on the way back; the day's label opens the calendar at that day.
    await dee.evaluate("document.querySelector('.log').scrollTop += 700");
    await dee.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
    const place = await firstInSight(dee);
    const isThere = async (): Promise<boolean> => (await firstInSight(dee)) === place;
    await dee.reload();
    while (!(await isThere()));
    await entryOf(dee, 'General').click();
    await dee.getByRole('button', { name: 'Browse rooms' }).first().click();
    await dee.getByRole('button', { name: 'Have a look Glaze recipes' }).click();
    await heard(dee, 'The recipe');
    await dee.goBack();
    while (!(await isThere()));
    await dee.locator('.day-label').last().click();
    await dee.locator('.calendar-day:focus').waitFor();
    await screenshot(dee, 'chat-calendar-of-day');
    chat.forgiveLostConnections();
    await dee.context().close();
  });

  test('unread from here; the other device of the same person knows', async () => {
    await ann.reload();
    await entryOf(ann, 'General').click();
    const eve = await chat.enter('Eve');
    await say(ann, 'first for Eve');
    await say(ann, 'second for Eve');
    await heard(eve, 'second for Eve');
    const other = await eve.context().newPage();
    await other.goto(`${chat.url}/r/glaze-recipes`);
    await entryOf(other, 'General').waitFor();
    await other.locator('.room-link.is-unread').waitFor({ state: 'detached' });
    await act(eve, 'first for Eve', 'Mark unread from here');
    await eve.getByText('New', { exact: true }).waitFor();
    await entryOf(other, 'General').and(other.locator('.is-unread')).waitFor();
    await eve.context().close();
  });

  test('a guest becomes a member, signs out, signs in elsewhere, and ends the other session', async () => {
    const fay = await chat.enter('Fay');
    await say(fay, 'said as a guest');
    await fay.getByRole('button', { name: /Fay.*Settings/ }).click();
    await fay.getByLabel('Password').fill('short');
    await fay.getByRole('button', { name: 'Become a member' }).click();
    await fay.getByRole('alert').filter({ hasText: 'At least 10 characters' }).waitFor();
    await fay.getByLabel('Password').fill('three words and a kiln');
    await fay.getByRole('button', { name: 'Become a member' }).click();
    await fay.getByText('You are a member now.').waitFor();
    await fay.keyboard.press('Escape');

    const phone = await chat.open({ device: 'phone', path: '/sign-in' });
    await phone.getByRole('textbox', { name: 'Name' }).fill('Fay');
    await phone.getByLabel('Password').fill('three words and a kiln');
    await phone.getByRole('button', { name: 'Sign in', exact: true }).click();
    await composer(phone).waitFor();
    await say(phone, 'said from the phone');
    await heard(fay, 'said from the phone');

    await fay.getByRole('button', { name: /Fay.*Settings/ }).click();
    await fay.getByRole('tab', { name: 'Devices' }).click();
    await fay.getByRole('button', { name: /^Sign out / }).click();
    await phone.getByRole('textbox', { name: /call you/i }).waitFor();
    await fay.context().close();
    await phone.context().close();
  });

  test('signing out inside a private room leaves nothing of it on the page or in the browser', async () => {
    const ivy = await chat.enter('Ivy');
    await ann.getByRole('button', { name: 'New room' }).click();
    await ann.getByRole('textbox', { name: 'Name of the room' }).fill('Hidden kiln');
    await ann.getByRole('radio', { name: /Only people who are added/ }).check();
    await ann.getByRole('button', { name: 'Create' }).click();
    await ann.getByRole('heading', { name: 'Hidden kiln' }).waitFor();
    await say(ann, 'What the kiln cost');
    await say(ann, '/invite Ivy');
    await entryOf(ivy, 'Hidden kiln').click();
    await heard(ivy, 'What the kiln cost');
    await composer(ivy).fill('an offer of half of it');
    await ivy.getByRole('button', { name: 'Search' }).first().click();
    await ivy.getByRole('searchbox').fill('kiln');
    await ivy.keyboard.press('Enter');
    await ivy.locator('.hits li').first().waitFor();

    await ivy.getByRole('button', { name: /Ivy.*Settings/ }).click();
    await ivy.getByRole('button', { name: 'Sign out' }).click();
    await ivy.getByRole('button', { name: 'Sign out and give up this name' }).click();
    await ivy.getByRole('textbox', { name: /call you/i }).waitFor();
    assert.equal(new URL(ivy.url()).pathname, '/r/general');
    const left = await ivy.evaluate<string>(
      'document.documentElement.innerHTML + document.title + JSON.stringify([{ ...localStorage }, { ...sessionStorage }])',
    );
    assert.doesNotMatch(left, /hidden.kiln|kiln cost|offer of half|Ivy/i);
    await ivy.context().close();
  });

  test('an invite leads a stranger to the room', async () => {
    await entryOf(ann, 'Glaze recipes').click();
    await ann.getByRole('button', { name: 'Members' }).click();
    await ann.getByRole('button', { name: 'Invite link' }).click();
    await ann.getByRole('button', { name: 'Make a link' }).click();
    const link = await ann.getByRole('textbox', { name: 'Invite link' }).inputValue();
    await ann.keyboard.press('Escape');

    const gus = await chat.open({ path: new URL(link).pathname });
    await gus.getByRole('heading', { name: 'You are invited to Clay & Kiln' }).waitFor();
    await screenshot(gus, 'chat-invite');
    await giveName(gus, 'Gus');
    await gus.getByRole('heading', { name: 'Glaze recipes' }).waitFor();
    await ann.getByRole('complementary').getByText('Gus').waitFor();
    await gus.context().close();
  });

  test('on a phone there is one thing at a time, and "back" closes it', async () => {
    const hal = await chat.enter('Hal', { device: 'phone' });
    await hal.getByRole('button', { name: /^Rooms/ }).click();
    await entryOf(hal, 'General').waitFor();
    await screenshot(hal, 'chat-rooms-phone');
    await hal.goBack();
    await composer(hal).waitFor();
    await hal.getByRole('button', { name: 'Members' }).click();
    await hal.getByRole('complementary', { name: 'Members' }).waitFor();
    await hal.goBack();
    await hal.getByRole('complementary').waitFor({ state: 'detached' });
    await hal.getByRole('button', { name: 'Search' }).click();
    await hal.getByRole('searchbox', { name: 'Search' }).fill('sieve OR recipe');
    await hal.getByRole('searchbox', { name: 'Search' }).fill('recipe');
    await hal.keyboard.press('Enter');
    await hal.getByRole('link', { name: /The recipe with/ }).click();
    await hal.waitForURL(/\/r\/glaze-recipes\//);
    await hal.goBack();
    await hal.waitForURL(/\/r\/general$/);
    const tooWide = await hal.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    assert.ok(tooWide <= 0);
    await hal.context().close();
  });

  test('commands do what they say, and say what they cannot', async () => {
    const ivo = await chat.enter('Ivo');
    for (const [typed, said] of [
      ['/me waves', 'Ivo waves'],
      ['//me is text', '/me is text'],
      ['no idea :shrug: :tada:', 'no idea 🤷 🎉'],
    ] as const) {
      await composer(ivo).fill(typed);
      await composer(ivo).press('Enter');
      await heard(ivo, said);
    }
    await composer(ivo).fill('/nick Ivo the Great');
    await composer(ivo).press('Enter');
    await ivo.getByText('You are called Ivo the Great now.').waitFor();
    await composer(ivo).fill('/topci new');
    await composer(ivo).press('Enter');
    await ivo.getByText('Did you mean /topic?').waitFor();
    assert.equal(await composer(ivo).inputValue(), '/topci new');
    await ivo.context().close();
  });
});
