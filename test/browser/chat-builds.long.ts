/** `npm run test:long`: a new build of the page comes while windows of the old one are open. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createChat, type Chat } from '../../chat/server/chat.ts';
import { PageFiles } from '../../chat/server/page-files.ts';
import { composer, giveName } from './chat-windows.ts';
import { isKept, until } from './kept.ts';
import { sharedBrowser } from './shared-browser.ts';

const BUILT = join(import.meta.dirname, '../../chat/dist/web');

test(
  'a new build takes over, and a page of the old one still has all its parts',
  { timeout: 300_000 },
  async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'websockets.io-builds-'));
    context.after(() => rmSync(folder, { recursive: true, force: true }));
    const newer = join(folder, 'newer');
    writeNextBuild(newer);
    const log = { info: () => undefined, error: (line: string) => assert.fail(line) };
    const start = async (
      port: number,
      webFolder: string,
      offline = true,
    ): Promise<{ chat: Chat; port: number }> => {
      const chat = await createChat({ dataFolder: folder, webFolder, log, offline });
      return { chat, port: await chat.listen({ port, host: 'localhost' }) };
    };
    let { chat, port } = await start(0, BUILT);
    context.after(async () => chat.close());
    const windows = await (await sharedBrowser()).newContext({ locale: 'en-GB' });
    context.after(async () => windows.close());
    const [old, other] = [await windows.newPage(), await windows.newPage()];
    await old.goto(`http://localhost:${port}`);
    await giveName(old, 'Ada');
    await isKept(old, 'Ada');
    // Who is in the middle of something is not reloaded.
    await composer(old).fill('half a sentence');
    await other.goto(`http://localhost:${port}`);
    await composer(other).waitFor();

    await chat.close();
    ({ chat, port } = await start(port, newer));
    const builds = "(await caches.keys()).map((name) => name.replace('build ', ''))";
    const [, next] = [BUILT, newer].map((build) => PageFiles.read(build).build);
    await other.getByText('new version', { exact: false }).waitFor();
    await other.reload();
    await until(other, `document.documentElement.outerHTML.includes('-next.js')`);
    await until(other, `${builds}.length === 2 && ${builds}.includes('${next}')`);

    // The server does not have this part of the old page any more.
    await old.getByRole('button', { name: /Settings/ }).click();
    await old.getByRole('dialog').waitFor();
    await old.close();
    await until(other, "(await navigator.locks.query()).held.every(({ name }) => name.includes('-next'))");
    await other.reload();
    await until(other, `String(${builds}) === '${next}'`);
    await chat.close();
    await other.reload();
    await composer(other).waitFor();
    assert.equal(await other.locator('meta[name=build]').getAttribute('content'), next);

    // Whoever runs it wants no worker any more: browsers fetch its end, whatever the page does.
    ({ chat, port } = await start(port, newer, false));
    await other.evaluate('navigator.serviceWorker.getRegistration().then((worker) => worker.update())');
    await until(
      other,
      '(await caches.keys()).length === 0 && !(await navigator.serviceWorker.getRegistration())',
    );
    await other.reload();
    await composer(other).waitFor();
    await until(other, "(await records()) === '[]' && !('kept-for' in localStorage)");
  },
);

/** As a build of changed sources would be: every file has another name, and names the others by theirs. */
function writeNextBuild(folder: string): void {
  const names = readdirSync(join(BUILT, 'assets')).filter((name) => /\.(?:js|css|svg)$/u.test(name));
  const renamed = (name: string): string => name.replace(/(\.\w+)$/u, '-next$1');
  const rewrite = (path: string): string =>
    names.reduce(
      (text, name) => text.replaceAll(name, renamed(name)),
      readFileSync(join(BUILT, path), 'utf8'),
    );
  mkdirSync(join(folder, 'assets'), { recursive: true });
  for (const name of names)
    writeFileSync(join(folder, 'assets', renamed(name)), rewrite(join('assets', name)));
  writeFileSync(join(folder, 'index.html'), rewrite('index.html'));
  const [now, next] = [BUILT, folder].map((build) => PageFiles.read(build).build);
  writeFileSync(join(folder, 'sw.js'), rewrite('sw.js').replaceAll(now ?? '', next ?? ''));
}
