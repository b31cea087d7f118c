/** What the browser keeps of the chat: asked of the page, since its policy forbids a test's own scripts in it. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** Waits until the worker has a build, and the rooms that are kept have this in them. */
export async function isKept(page: Page, text: string): Promise<void> {
  await until(
    page,
    `navigator.serviceWorker?.controller && (await records()).includes(${JSON.stringify(text)})`,
  );
}

export const RECORDS = `
  const records = async () => {
    const promised = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    if (!(await indexedDB.databases()).some(({ name }) => name === 'kept')) return '';
    const database = await promised(indexedDB.open('kept'));
    try {
      return JSON.stringify(await promised(database.transaction('records').objectStore('records').getAll()));
    } finally {
      database.close();
    }
  };`;

export async function until(page: Page, condition: string): Promise<void> {
  const check = `(async () => { ${RECORDS} return Boolean(${condition}); })()`;
  const patience = AbortSignal.timeout(45_000);
  while (!(await page.evaluate<boolean>(check))) {
    if (patience.aborted) assert.fail(`it never came true that ${condition}: ${await state(page)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function state(page: Page): Promise<string> {
  return page.evaluate<string>(`(async () => {
    ${RECORDS}
    const worker = await navigator.serviceWorker.getRegistration();
    const { held } = await navigator.locks.query();
    return JSON.stringify([
      await caches.keys(), worker?.installing?.state, worker?.waiting?.state, worker?.active?.state,
      held.map(({ name }) => name), await records(), document.hidden,
    ]);
  })()`);
}
