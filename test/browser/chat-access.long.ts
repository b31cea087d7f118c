/** `npm run test:long`: the screens of the chat on a phone, and in the other languages. */
import { after, before, describe, test } from 'node:test';
import { ChatWindows, type Person } from './chat-windows.ts';
import { pinAndSave } from './chat-pinning.ts';
import { lookAtEveryScreen, sayOfEveryKind, speaksTheLanguage } from './chat-screens.ts';
import { sharedBrowser } from './shared-browser.ts';

describe('the chat for everybody, everywhere', { timeout: 600_000 }, () => {
  let chat: ChatWindows;
  let bob: Person;

  before(async () => {
    chat = await ChatWindows.start(await sharedBrowser());
    bob = await chat.person('Bob');
    await sayOfEveryKind(bob);
  });
  after(async () => {
    bob.leave();
    await chat.stop();
  });

  test('every screen of a phone has no axe violations in light and dark', async () => {
    await lookAtEveryScreen(chat, bob, 'phone');
  });

  test('pinned for the room, saved for oneself: on a phone', async () => {
    await pinAndSave(chat, bob, 'phone', 'dark');
  });

  for (const [locale, rooms] of [
    ['es-ES', 'Salas'],
    ['fr-FR', 'Salons'],
  ] as const) {
    test(`speaks the language of the browser: ${locale}`, async () => {
      await speaksTheLanguage(chat, locale, rooms);
    });
  }
});
