/** A thread with a read-only connection of its own: what it looks for holds nobody up. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { type SearchStep, type StepFound, findStep } from './find-messages.ts';

export interface StepAnswer {
  found: StepFound;
  tookMs: number;
}

export type WorkerAnswer = StepAnswer | { error: string };

const db = new DatabaseSync(String(workerData), { readOnly: true });

parentPort?.on('message', (step: SearchStep) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(answer(step));
});

function answer(step: SearchStep): WorkerAnswer {
  const begun = performance.now();
  try {
    return { found: findStep(db, step), tookMs: performance.now() - begun };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
