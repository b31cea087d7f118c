/** `npm run pictures`: fills a fresh chat with a conversation and takes the README's pictures of the real page. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../test/browser/browser.ts';
import { ChatWindows, composer, type Person } from '../test/browser/chat-windows.ts';

const images = join(import.meta.dirname, 'images');

const browser = await launchBrowser();
const chat = await ChatWindows.start(browser);
const people: Person[] = [];
try {
  const jo = await makeOwner();
  await talk();
  await take(jo, 'light', { width: 1280, height: 800 }, 'chat-light');
  await take(jo, 'dark', { width: 1280, height: 800 }, 'chat-dark');
  await take(jo, 'light', { width: 390, height: 780 }, 'chat-phone');
} finally {
  for (const person of people) person.leave();
  await browser.close();
  await chat.server.stop();
}

/** Jo, who owns the chat: hers are the windows that are taken. */
async function makeOwner(): Promise<Page> {
  const page = await chat.open({ path: '/claim/here' });
  await page.getByRole('textbox', { name: 'What is this chat called?' }).fill('Clay & Kiln');
  await page.getByRole('textbox', { name: 'What should people call you?' }).fill('Jo Hartmann');
  await page.getByRole('button', { name: 'Make it yours' }).click();
  await composer(page).waitFor();
  await makeRoom(page, 'Glaze recipes', 'What worked, and what ran');
  await makeRoom(page, 'Spring market', '');
  await page.getByRole('link', { name: 'General' }).click();
  await page.getByRole('button', { name: 'General' }).click();
  await page.getByRole('textbox', { name: 'Topic' }).fill('The firing plan hangs on the door');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The firing plan hangs on the door').first().waitFor();
  return page;
}

async function makeRoom(page: Page, name: string, topic: string): Promise<void> {
  await page.getByRole('button', { name: 'New room' }).click();
  await page.getByRole('textbox', { name: 'Name of the room' }).fill(name);
  await page.getByRole('textbox', { name: 'Topic (optional)' }).fill(topic);
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name }).waitFor();
}

async function talk(): Promise<void> {
  const [mira, ann, bob, youssef] = await Promise.all(
    ['Mira Okafor', 'Ann Lindqvist', 'Bob', 'Youssef'].map(async (name) => {
      const person = await chat.person(name);
      people.push(person);
      return person;
    }),
  );
  if (!mira || !ann || !bob || !youssef) return;
  const { people: found } = await bob.ask<{ people: { id: number }[] }>('people', { like: 'Jo Hartmann' });
  const jo = found[0]?.id ?? 0;
  await mira.say('Morning! Is the kiln free on **Thursday**?');
  const free = await ann.say('From two o’clock on. The first firing is Bob’s.');
  await ann.say('The calendar is here, by the way: https://studio.example/kiln');
  await bob.say(
    'Mine is small, six mugs and a lid. There is room on the top shelf if you want it',
    'general',
    {
      replyTo: free,
    },
  );
  const lovely = await mira.say('Oh, that would be lovely. Three bowls, dry since Sunday.');
  for (const person of [bob, ann, youssef]) {
    await person.ask('react', { room: 'general', seq: lovely, emoji: '🎉', on: true });
  }
  await ann.say(
    'Then the second program:\n```js\nconst cone6 = [\n  { rate: 100, to: 600 }, // slowly\n  { rate: 150, to: 1222, hold: 15 },\n];\n```',
  );
  await youssef.say('I can unload on Friday morning. @Jo Hartmann, do you have the key?');
  const coffee = await bob.say('Deal. I bring the coffee, and the *good* cups ☕');
  await mira.ask('react', { room: 'general', seq: coffee, emoji: '👍', on: true });
  await bob.ask('join', { room: 'glaze-recipes' });
  await bob.say('Celadon ran on the porcelain. Two coats, not three.', 'glaze-recipes');
  const { room } = await mira.ask<{ room: { slug: string } }>('direct', { people: [jo] });
  await mira.say('Can you bring the sieve?', room.slug);
}

async function take(
  page: Page,
  colorScheme: 'light' | 'dark',
  viewport: { width: number; height: number },
  name: string,
): Promise<void> {
  const state = await page.context().storageState();
  const context = await browser.newContext({
    viewport,
    colorScheme,
    deviceScaleFactor: 1.5,
    storageState: state,
    locale: 'en-GB',
  });
  const window = await context.newPage();
  await window.goto(`${chat.url}/r/general`);
  await window.getByText('Deal. I bring the coffee').waitFor();
  // The colours of the code come a moment later.
  await window.locator('.code-block .code-keyword').first().waitFor();
  await composer(window).waitFor();
  await window.screenshot({ path: join(images, `${name}.png`) });
  await context.close();
}
