/** Coming in without a password: by a passkey of the device, and by a link from another device. */
import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { ChatWindows, composer, hasNoAxeViolations, isNotTooWide, say } from './chat-windows.ts';
import { screenshot } from './screenshots.ts';
import { sharedBrowser } from './shared-browser.ts';

/** A device that knows its owner, and says yes to everything. */
async function addAuthenticator(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** Whether the browser offers passkeys where one types a name. */
async function letComplete(page: Page, isOffered: boolean): Promise<void> {
  await page.evaluate(`PublicKeyCredential.isConditionalMediationAvailable = async () => ${isOffered}`);
}

async function openSettings(page: Page, tab: string): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('dialog').getByRole('tab', { name: tab }).click();
}

void suite('the chat without passwords', { timeout: 180_000 }, () => {
  test('a guest adds a passkey, comes back by it, and removes it', async (context) => {
    const chat = await ChatWindows.start(await sharedBrowser());
    context.after(() => chat.stop());
    const page = await chat.enter('Gus');
    await addAuthenticator(page);
    await say(page, 'As a guest.');
    await openSettings(page, 'You');
    const dialog = page.getByRole('dialog', { name: 'Settings' });
    const section = dialog.getByRole('region', { name: 'Passkeys' });
    await section.getByText('this name stays yours').waitFor();
    await section.getByRole('button', { name: 'Add a passkey' }).click();
    const remove = section.getByRole('button', { name: 'Remove Chrome, Linux' });
    await remove.waitFor();
    await section.getByText('never used').waitFor();
    await section.getByRole('button', { name: 'Rename Chrome, Linux' }).click();
    await section.getByRole('textbox', { name: 'Name of the passkey' }).fill('Desk');
    await section.getByRole('button', { name: 'Save' }).click();
    await section.getByRole('button', { name: 'Rename Desk' }).waitFor();
    await section.getByRole('button', { name: 'Add a passkey' }).click();
    await section.getByRole('alert').filter({ hasText: 'on this device already' }).waitFor();
    await hasNoAxeViolations(page, 'passkeys');
    await screenshot(page, 'chat-passkeys-desktop-light');
    await letComplete(page, false);
    await dialog.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await composer(page).waitFor();
    await say(page, 'As a member.');

    await letComplete(page, true);
    await openSettings(page, 'You');
    await dialog.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).click();
    // The form offers it to fill in, and this authenticator says yes to that, too.
    await composer(page).waitFor();
    await openSettings(page, 'You');
    await section.getByText('last used').waitFor();
    await section.getByRole('button', { name: 'Remove Desk' }).click();
    await section.getByText('your only way back').waitFor();
    await section.getByRole('button', { name: 'Close' }).click();
    await dialog.getByRole('textbox', { name: 'Password' }).fill('an entirely new one');
    await dialog.getByRole('button', { name: 'Set a password' }).click();
    await dialog.getByText('Change the password').first().waitFor();
    await section.getByRole('button', { name: 'Remove Desk' }).click();
    await section.getByRole('button', { name: 'Remove Desk' }).click();
    await page.getByText('Desk is removed.').first().waitFor();
    await section.getByRole('listitem').waitFor({ state: 'detached' });
  });

  test('a link signs one in on another device, which the first one sees', async (context) => {
    const chat = await ChatWindows.start(await sharedBrowser());
    context.after(() => chat.stop());
    const desk = await chat.enter('Gus');
    await openSettings(desk, 'Devices');
    const section = desk.getByRole('region', { name: 'Sign in on another device' });
    await section.getByRole('button', { name: 'Show the code' }).click();
    const isOnNetwork = Object.values(networkInterfaces()).some((addresses) =>
      addresses?.some(({ family, internal }) => family === 'IPv4' && !internal),
    );
    if (!isOnNetwork) {
      // `localhost` leads no other device here, and nothing else does.
      await section.getByRole('alert').filter({ hasText: 'cannot reach' }).waitFor();
      assert.equal(chat.faults.splice(0).length, 1);
      return;
    }
    await section.getByText('On your network the chat is at').waitFor();
    await section.getByRole('img', { name: 'QR code of the link' }).waitFor();
    const link = await section.getByRole('textbox', { name: 'Link for the other device' }).inputValue();
    const { pathname: path, hostname } = new URL(link);
    assert.match(path, /^\/device\/[\w-]{22}$/);
    assert.notEqual(hostname, 'localhost');
    await hasNoAxeViolations(desk, 'the code');
    await screenshot(desk, 'chat-device-link-desktop-light');

    const phone = await chat.open({ path, device: 'phone', scheme: 'dark' });
    await phone.getByRole('heading', { name: 'Join as Gus' }).waitFor();
    await isNotTooWide(phone);
    await hasNoAxeViolations(phone, 'the other device');
    await screenshot(phone, 'chat-device-phone-dark');
    await phone.getByRole('button', { name: 'Sign in here' }).click();
    await composer(phone).waitFor();
    await say(phone, 'From the phone.');
    await section.getByRole('status').filter({ hasText: 'Signed in on Chrome' }).waitFor();
    const dialog = desk.getByRole('dialog', { name: 'Settings' });
    await dialog.getByRole('button', { name: 'Sign out Chrome' }).waitFor();
    await phone.goto(chat.url + path);
    await phone.getByRole('heading', { name: 'This link leads nowhere' }).waitFor();
    // The used link, which browsers log.
    assert.deepEqual(
      chat.faults.splice(0).map((fault) => /\b4\d\d\b/.exec(fault)?.[0]),
      ['410'],
    );
  });
});
