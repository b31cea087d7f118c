/** Messages that are kept at hand, on any device: pinned, unpinned, saved and removed. */
import {
  act,
  hasNoAxeViolations,
  heard,
  isNotTooWide,
  type ChatWindows,
  type Device,
  type Person,
  type Scheme,
} from './chat-windows.ts';
import { screenshot } from './screenshots.ts';

export async function pinAndSave(
  chat: ChatWindows,
  bob: Person,
  device: Device,
  scheme: Scheme,
): Promise<void> {
  const name = `Pia ${device}`;
  const page = await chat.enter(name, { device, scheme });
  const look = async (what: string): Promise<void> => {
    await screenshot(page, `chat-${what}-${device}-${scheme}`);
    await hasNoAxeViolations(page, what);
    await isNotTooWide(page);
  };
  const { people } = await bob.ask<{ people: { id: number }[] }>('people', { like: name });
  const ids = people.map(({ id }) => id);
  const { room } = await bob.ask<{ room: { slug: string } }>('direct', { people: ids });
  await bob.say('The code of the door is *1234*', room.slug);
  await page.goto(`${chat.url}/r/${room.slug}`);
  await heard(page, 'The code of the door');

  await page.getByRole('button', { name: 'Pinned messages' }).click();
  await page.getByText('Nothing is pinned here.').waitFor();
  await look('no-pins');
  if (device === 'phone') await page.goBack();
  await act(page, 'The code of the door', 'Pin');
  await page.getByText('Pinned for everybody here.').waitFor();
  await page.getByText(`Pinned by ${name}`).waitFor();
  await bob.say('Bring the ladder', room.slug);
  await heard(page, 'Bring the ladder');
  if (device === 'phone') await page.getByRole('button', { name: 'Pinned messages' }).click();
  const panel = page.getByRole('complementary', { name: 'Pinned messages' });
  await panel.getByRole('link', { name: /The code of the door is 1234/ }).waitFor();
  await bob.ask('pin', { room: room.slug, seq: 2, on: true });
  await panel.getByRole('link', { name: /Bring the ladder/ }).waitFor();
  await look('pins');
  await panel.getByRole('button', { name: 'Unpin: Bob' }).first().click();
  await panel.getByRole('link', { name: /Bring the ladder/ }).waitFor({ state: 'detached' });
  if (device === 'phone') await page.goBack();

  await act(page, 'Bring the ladder', 'Save for me');
  await page.getByText('Saved, for you alone.').waitFor();
  await page.getByRole('button', { name: 'Mentions', exact: true }).click();
  await page.getByRole('button', { name: 'Saved messages' }).click();
  await page.getByRole('link', { name: /Bring the ladder/ }).waitFor();
  await look('saved');
  await page.getByRole('button', { name: 'Remove from saved: Bob' }).click();
  await page.getByText('You have saved nothing yet.').waitFor();
  await page.context().close();
}
