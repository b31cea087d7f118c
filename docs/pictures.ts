/** `npm run pictures`: fills a fresh chat with a conversation and takes the README's pictures of the real page. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io as connect, type Socket } from 'socket.io-client';
import { launchBrowser } from '../test/browser/browser.ts';
import { freePort, startServer } from '../test/browser/server-process.ts';

const root = join(import.meta.dirname, '..');
const images = join(import.meta.dirname, 'images');

const CONVERSATION: readonly (readonly [string, string])[] = [
  ['Mira Okafor', 'Morning! Is the kiln free on Thursday?'],
  ['Ann Lindqvist', 'From two o’clock on. The first firing is Bob’s.'],
  ['Ann Lindqvist', 'The shared calendar is here, by the way: https://studio.example/kiln'],
  ['Bob', 'Mine is small, six mugs and a lid. There is room on the top shelf if you want it'],
  ['Mira Okafor', 'Oh, that would be lovely. Three bowls, dry since Sunday.'],
  ['Youssef', 'I can unload on Friday morning, I have the key.'],
  ['Ann Lindqvist', 'Perfect. Then Bob at nine, Mira on the top shelf, Youssef unloads.'],
  ['Bob', 'Deal. I bring the coffee.'],
];

const data = mkdtempSync(join(tmpdir(), 'websockets.io-pictures-'));
const port = await freePort();
const url = `http://localhost:${port}`;
const server = await startServer({
  command: process.execPath,
  args: ['--conditions=source', 'chat/start.js', '--port', String(port), '--data', data],
  cwd: root,
  ready: /^Chat at/,
});
const browser = await launchBrowser();
const people = new Map<string, Socket>();
try {
  for (const [name, body] of CONVERSATION) {
    const socket = people.get(name) ?? (await enter(name));
    people.set(name, socket);
    const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex');
    await socket.emitWithAck('send', { room: 'general', nonce, body });
  }
  await take('light', { width: 1120, height: 720 }, 'chat-light');
  await take('dark', { width: 1120, height: 720 }, 'chat-dark');
  await take('light', { width: 390, height: 780 }, 'chat-phone');
} finally {
  for (const socket of people.values()) socket.disconnect();
  await browser.close();
  await server.stop();
  rmSync(data, { recursive: true, force: true });
}

async function enter(name: string): Promise<Socket> {
  const response = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ name }),
  });
  const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
  const socket = connect(url, { forceNew: true, extraHeaders: { cookie }, transports: ['websocket'] });
  await once(socket as unknown as NodeJS.EventEmitter, 'connect');
  return socket;
}

/** What Jo, who is there already, sees. */
async function take(
  colorScheme: 'light' | 'dark',
  viewport: { width: number; height: number },
  name: string,
): Promise<void> {
  const context = await browser.newContext({ viewport, colorScheme, deviceScaleFactor: 1.5 });
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('textbox', { name: /call you/i }).fill('Jo Hartmann');
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByRole('textbox', { name: /^message/i }).waitFor();
  await page.getByText('Deal. I bring the coffee.').waitFor();
  await page.screenshot({ path: join(images, `${name}.png`) });
  await context.close();
}
