/** Previews of links: turned on by the owner, there without moving what is read, and gone when somebody wants that. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Serve, png, runSite } from '../../chat/test/hostile-site.ts';
import {
  act,
  ChatWindows,
  composer,
  hasNoAxeViolations,
  heard,
  isNotTooWide,
  say,
  VIEWPORTS,
} from './chat-windows.ts';
import { screenshot } from './screenshots.ts';
import { sharedBrowser } from './shared-browser.ts';

const head = (title: string, about = '', image = ''): string =>
  `<title>${title}</title><meta name="description" content="${about}"><meta property="og:image" content="${image}">`;

test('previews of links', { timeout: 120_000 }, async (context) => {
  let answer = (): void => {};
  const late: Serve = (_request, response) => {
    answer = () =>
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(head('Late', 'But here.', '/p'));
  };
  const site = await runSite(context, {
    '/kiln': head(
      'How hot is a kiln? A potter&rsquo;s guide to cones and temperatures',
      'Cones melt at known temperatures. This guide lists all of them, from 022 to 14, and says what becomes of clay and glaze at each one of them.',
      '/p',
    ),
    '/plain': head('A page with a title'),
    '/late': late,
    '/p': (_request, response) => response.writeHead(200).end(png(480, 252)),
  });
  const folder = mkdtempSync(join(tmpdir(), 'websockets.io-previews-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'chat.json'), JSON.stringify({ previewsAllow: site.host }));
  const chat = await ChatWindows.start(await sharedBrowser(), ['--config', join(folder, 'chat.json')]);
  try {
    const page = await chat.open({ path: '/claim/here' });
    await page.getByRole('textbox', { name: 'What should people call you?' }).fill('Ann');
    await page.getByRole('button', { name: 'Make it yours' }).click();
    await composer(page).waitFor();

    await page.getByRole('button', { name: 'Chat', exact: true }).click();
    await page.getByRole('radio', { name: /^On The server/ }).check();
    await page.getByText('Saved, for everybody.').waitFor();
    await screenshot(page, 'chat-previews-switch-desktop-light');
    await page.keyboard.press('Escape');

    await say(page, `Read this before you fire anything: ${site.url}/kiln`);
    const link = page.getByRole('link', { name: /How hot is a kiln/ });
    await link.waitFor();
    assert.equal(await link.getAttribute('rel'), 'noopener noreferrer nofollow ugc');
    assert.equal(await link.getAttribute('href'), `${site.url}/kiln`);
    await say(page, `And this: ${site.url}/plain`);
    await page.getByRole('link', { name: 'A page with a title' }).waitFor();
    await pictureIsThere(page, chat.url);
    await look(page, chat);

    // Somebody reads further up while a preview comes to a message above.
    await say(page, `${site.url}/late`);
    for (const part of ['first', 'second', 'third'])
      await say(page, `the ${part}\n${'of many lines\n'.repeat(20)}`);
    await heard(page, 'the third');
    await page.getByRole('log').hover();
    await page.mouse.wheel(0, -300);
    await page.getByRole('button', { name: 'Newest' }).waitFor();
    const top = async (): Promise<number> =>
      page.evaluate<number>("document.querySelector('.rows').lastElementChild.getBoundingClientRect().top");
    const before = await top();
    answer();
    await page.getByRole('link', { name: 'Late', exact: true }).waitFor();
    await page.locator('.preview').nth(2).locator('img').waitFor({ state: 'attached' });
    assert.ok(Math.abs((await top()) - before) < 1, 'what is read stays where it is');

    // On a page that is opened anew, the cards take no more room with their words than before.
    await page.goto(`${chat.url}/r/general/2`);
    await link.waitFor();
    assert.equal(await page.evaluate<number>(SHIFTS), 0);

    await page.locator('.preview').first().hover();
    await page.getByRole('button', { name: 'Remove preview' }).first().click();
    await link.waitFor({ state: 'detached' });
    await act(page, 'And this', 'Remove preview');
    await page.getByRole('link', { name: 'A page with a title' }).waitFor({ state: 'detached' });
    await page.goto(`${chat.url}/settings`);
    await page.getByRole('tab', { name: 'Look and feel' }).click();
    await page.getByRole('radio', { name: 'Without pictures' }).check();
    await screenshot(page, 'chat-previews-setting-desktop-light');
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Late', exact: true }).waitFor();
    assert.equal(await page.locator('.preview img').count(), 0);
  } finally {
    await chat.stop();
  }
});

const SHIFTS = `new Promise((resolve) => {
  new PerformanceObserver((list) => resolve(list.getEntries().reduce((sum, { value }) => sum + value, 0)))
    .observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => resolve(0), 200);
})`;

async function pictureIsThere(page: Page, origin: string): Promise<void> {
  const [src, width] = await page.evaluate<[string, number]>(`(async () => {
    const image = document.querySelector('.preview img');
    await image.decode();
    return [image.currentSrc, image.naturalWidth];
  })()`);
  assert.ok(src.startsWith(`${origin}/previews/`), src);
  assert.equal(width, 480);
}

/** In both themes, and on a phone. */
async function look(page: Page, chat: ChatWindows): Promise<void> {
  for (const device of ['desktop', 'phone'] as const) {
    await page.setViewportSize(VIEWPORTS[device]);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await screenshot(page, `chat-previews-${device}-${colorScheme}`);
      // The same page in other colours: nothing but these can be new.
      const rules = colorScheme === 'dark' ? ['color-contrast', 'link-in-text-block'] : undefined;
      if (device === 'desktop') await hasNoAxeViolations(page, `previews, ${colorScheme}`, rules);
    }
    await isNotTooWide(page);
  }
  await page.setViewportSize(VIEWPORTS.desktop);
  assert.deepEqual(chat.faults, []);
}
