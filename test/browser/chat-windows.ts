/** The chat as a process, and windows of people in it: for the browser tests of its page. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { io, type Socket } from 'socket.io-client';
import { freePort, startServer, type ServerProcess } from './server-process.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const ARRIVED = `Promise.all(document.getAnimations()
  .filter(({ effect }) => Number.isFinite(effect.getComputedTiming().endTime))
  .map(({ finished }) => finished.catch(() => undefined)))`;

export const VIEWPORTS = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
} as const;
export type Device = keyof typeof VIEWPORTS;
export type Scheme = 'light' | 'dark';

export interface WindowOptions {
  device?: Device;
  scheme?: Scheme;
  path?: string;
  /** The language of the browser. */
  locale?: string;
  reducedMotion?: 'reduce';
  /** Whether the page may keep itself for when the server is away. It costs each window half a second. */
  keeps?: boolean;
}

interface AxeResult {
  violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[];
}

/** A running chat. What no page may ever do, errors in the console and requests to elsewhere, is collected in `faults`. */
export class ChatWindows {
  readonly faults: string[] = [];
  readonly port: number;
  readonly #browser: Browser;
  readonly dataFolder: string;
  readonly #flags: readonly string[];
  server: ServerProcess;

  private constructor(
    browser: Browser,
    server: ServerProcess,
    place: { port: number; dataFolder: string; flags: readonly string[] },
  ) {
    this.#browser = browser;
    this.server = server;
    this.port = place.port;
    this.dataFolder = place.dataFolder;
    this.#flags = place.flags;
  }

  static async start(browser: Browser, flags: readonly string[] = []): Promise<ChatWindows> {
    buildOnce();
    const dataFolder = mkdtempSync(join(tmpdir(), 'websockets.io-chat-'));
    const port = await freePort();
    const place = { port, dataFolder, flags };
    return new ChatWindows(browser, await startChat(place), place);
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  /** Starts the server again, after a stop, with the same data on the same port. */
  async restart(): Promise<void> {
    this.server = await startChat({ port: this.port, dataFolder: this.dataFolder, flags: this.#flags });
  }

  /** Closes all windows and the server. @throws {AssertionError} for what should not have happened meanwhile. */
  async stop(): Promise<void> {
    await Promise.all(this.#browser.contexts().map(async (context) => context.close()));
    await this.server.stop();
    rmSync(this.dataFolder, { recursive: true, force: true });
    assert.deepEqual(this.server.errorLines, [], 'the server printed errors');
    assert.deepEqual(this.faults, []);
  }

  /** Nobody could be reached for a while, and browsers log that: it is the point of the test. */
  forgiveLostConnections(): void {
    const isForgiven = (fault: string): boolean =>
      /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|WebSocket|ERR_INTERNET_DISCONNECTED|status of 503/.test(
        fault,
      );
    const kept = this.faults.filter((fault) => !isForgiven(fault));
    this.faults.splice(0, Infinity, ...kept);
  }

  /** A window of its own person: contexts share no cookies and no storage. */
  async open(options: WindowOptions = {}): Promise<Page> {
    const { device = 'desktop', scheme = 'light', path = '/', locale = 'en-GB', reducedMotion } = options;
    const isPhone = device === 'phone';
    const context = await this.#browser.newContext({
      viewport: VIEWPORTS[device],
      colorScheme: scheme,
      hasTouch: isPhone,
      isMobile: isPhone,
      locale,
      reducedMotion: reducedMotion ?? null,
      serviceWorkers: options.keeps === true ? 'allow' : 'block',
    });
    context.setDefaultTimeout(45_000);
    const page = await context.newPage();
    this.#watch(page);
    await page.goto(this.url + path);
    return page;
  }

  async enter(name: string, options: WindowOptions = {}): Promise<Page> {
    const page = await this.open(options);
    await giveName(page, name);
    return page;
  }

  /** The window of whoever makes this chat theirs: nobody owns it yet. */
  async claim(chatName: string, name: string): Promise<Page> {
    const page = await this.open({ path: '/claim/here' });
    await page.getByRole('textbox', { name: 'What is this chat called?' }).fill(chatName);
    await page.getByRole('textbox', { name: 'What should people call you?' }).fill(name);
    await page.getByRole('button', { name: 'Make it yours' }).click();
    await composer(page).waitFor();
    return page;
  }

  /** Somebody who needs no window: a person by HTTP and socket, as a page would be. */
  async person(name: string): Promise<Person> {
    const response = await fetch(`${this.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.url },
      body: JSON.stringify({ name }),
    });
    const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
    const socket = io(this.url, { forceNew: true, extraHeaders: { cookie }, transports: ['websocket'] });
    await once(socket as unknown as NodeJS.EventEmitter, 'connect');
    return new Person(socket);
  }

  #watch(page: Page): void {
    page.on('pageerror', (error) => this.faults.push(`page error: ${error.message}`));
    page.on('console', (message) => {
      const isOurs = message.text() !== 'Service Worker registration blocked by Playwright';
      if (isOurs && ['error', 'warning'].includes(message.type()))
        this.faults.push(`console: ${message.text()}`);
    });
    const origins = [`${this.url}/`, `ws://localhost:${this.port}/`, 'data:', 'blob:'];
    const check = (url: string): void => {
      if (!origins.some((origin) => url.startsWith(origin))) this.faults.push(`foreign request: ${url}`);
    };
    page.on('request', (request) => check(request.url()));
    page.on('websocket', (socket) => check(socket.url()));
  }
}

export class Person {
  readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
  }

  /** Asks, and waits as long as the server wants if that was too fast. @throws {Error} when it refuses otherwise. */
  async ask<T extends object>(event: string, ask: object): Promise<T> {
    for (;;) {
      const answer = (await this.socket.emitWithAck(event, ask)) as
        (T & { ok: true }) | { ok: false; code: string; text: string; waitMs?: number };
      if (answer.ok) return answer;
      if (answer.code !== 'too fast') throw new Error(`${event}: ${answer.text}`);
      await new Promise((resolve) => setTimeout(resolve, answer.waitMs ?? 500));
    }
  }

  async say(body: string, room = 'general', more: object = {}): Promise<number> {
    const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex');
    const { message } = await this.ask<{ message: { seq: number } }>('send', { room, nonce, body, ...more });
    return message.seq;
  }

  leave(): void {
    this.socket.disconnect();
  }
}

export async function giveName(page: Page, name: string): Promise<void> {
  await page.getByRole('textbox', { name: /call you/i }).fill(name);
  await page.getByRole('button', { name: 'Join' }).click();
  await composer(page).waitFor();
}

export function composer(page: Page): Locator {
  return page.getByRole('textbox', { name: /^message /i });
}

export async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
}

/** The messages on the screen, without what happened in the room. */
export function bodies(page: Page): Locator {
  return page.getByRole('log').locator('.message .body');
}

/** Waits until the window shows this message, then reads all messages. */
export async function heard(page: Page, awaited: string): Promise<string[]> {
  await bodies(page).filter({ hasText: awaited }).first().waitFor();
  return bodies(page).allTextContents();
}

/** Opens the menu of a message, and does what the item says. */
export async function act(page: Page, text: string, item: string): Promise<void> {
  await bodies(page).filter({ hasText: text }).last().hover();
  // A hand lets go later than a program: what opened meanwhile must stay.
  await page.mouse.down({ button: 'right' });
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
  await page.mouse.up({ button: 'right' });
  await page.getByRole('menuitem', { name: item }).click();
}

/** Of all rules that axe has, or of those that are named. */
export async function hasNoAxeViolations(
  page: Page,
  where: string,
  rules?: readonly string[],
): Promise<void> {
  // Colours on their way to others are neither.
  await page.evaluate(ARRIVED);
  // Evaluated, not added as a script: the page's own policy would rightly refuse that. Half a megabyte: once a page.
  if (await page.evaluate<boolean>("typeof axe === 'undefined'")) await page.evaluate(AXE);
  const options = rules === undefined ? {} : { runOnly: { type: 'rule', values: rules } };
  const { violations } = await page.evaluate<AxeResult>(`axe.run(${JSON.stringify(options)})`);
  const told = violations.map(({ id, nodes }) => [
    id,
    nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`),
  ]);
  assert.deepEqual(told, [], `axe found violations on ${where}`);
}

export async function isNotTooWide(page: Page): Promise<void> {
  const tooWide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  assert.ok(tooWide <= 0, `page is ${tooWide} px wider than the window`);
}

async function startChat(place: {
  port: number;
  dataFolder: string;
  flags: readonly string[];
}): Promise<ServerProcess> {
  const { port, dataFolder, flags } = place;
  return startServer({
    command: process.execPath,
    args: ['--conditions=source', 'chat/start.js', '--port', String(port), '--data', dataFolder, ...flags],
    cwd: ROOT,
    ready: /^Chat at http:/,
  });
}

function buildOnce(): void {
  if (existsSync(join(ROOT, 'chat/dist/web/index.html'))) return;
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  execFileSync(process.execPath, [vite, 'build', '--config', 'chat/vite.config.ts'], { cwd: ROOT });
}
