/** A thread with a read-only connection of its own: what it looks for holds nobody up. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { type FoundIds, type SearchTask, findMessages } from './find-messages.ts';

export type WorkerAnswer = { number: number; found: FoundIds } | { number: number; error: string };

const db = new DatabaseSync(String(workerData), { readOnly: true });

parentPort?.on('message', ({ number, task }: { number: number; task: SearchTask }) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(answer(number, task));
});

function answer(number: number, task: SearchTask): WorkerAnswer {
  try {
    return { number, found: findMessages(db, task) };
  } catch (error) {
    return { number, error: error instanceof Error ? error.message : String(error) };
  }
}
