/** Every screen of the chat, one after the other, with what can be checked of each. */
import assert from 'node:assert/strict';
import {
  bodies,
  giveName,
  hasNoAxeViolations,
  heard,
  isNotTooWide,
  type ChatWindows,
  type Device,
  type Person,
} from './chat-windows.ts';
import { screenshot } from './screenshots.ts';

/** One message of each kind. */
export async function sayOfEveryKind(bob: Person): Promise<void> {
  const first = await bob.say('Hello! Is anybody here?');
  await bob.ask('react', { room: 'general', seq: first, emoji: '🎉', on: true });
  await bob.say('I am. https://example.org/a?b=c is what I meant.', 'general', { replyTo: first });
  await bob.say('A list:\n- **one**\n- *two*\n\n> quoted\n\n```js\nconst three = 3; // and more\n```');
  await bob.say('Lines\nare\nkept. 日本語 👍 עברית `code` ||spoiler||');
  const last = await bob.say('gone soon');
  await bob.ask('delete', { room: 'general', seq: last });
}

/** In one's own language and the light theme, and each in dark colours besides. */
export async function lookAtEveryScreen(chat: ChatWindows, bob: Person, device: Device): Promise<void> {
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
}

/** @param rooms what the list of rooms is called in it. */
export async function speaksTheLanguage(chat: ChatWindows, locale: string, rooms: string): Promise<void> {
  const page = await chat.open({ locale });
  await page.locator('.welcome .field').fill(`Ola ${locale.slice(0, 2)}`);
  await page.locator('.welcome .primary').click();
  await page.getByRole('navigation', { name: rooms }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), locale.slice(0, 2));
  await screenshot(page, `chat-${locale}`);
  await hasNoAxeViolations(page, locale);
  await page.context().close();
}
