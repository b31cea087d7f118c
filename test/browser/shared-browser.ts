/** One browser for all tests of a process: a test closes its windows, not the browser. */
import { after } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.ts';

let shared: Promise<Browser> | undefined;

after(async () => {
  await (await shared)?.close();
});

/** Started at the first call, closed when all tests are done. */
export async function sharedBrowser(): Promise<Browser> {
  if ((await shared)?.isConnected() !== true) shared = launchBrowser();
  return shared as Promise<Browser>;
}
