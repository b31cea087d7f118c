/**
 * Runs searches where they belong: what is bounded at once, the rest in a worker, which is started by the first search
 * that needs it.
 */
import { Worker } from 'node:worker_threads';
import type { Database } from './database.ts';
import { type FoundIds, type SearchTask, findQuickly } from './find-messages.ts';
import type { WorkerAnswer } from './search-worker.ts';

/** A search that takes longer is given up, together with its worker: nothing else can stop it. */
const LIMIT_MS = 10_000;

interface Waiting {
  resolve: (found: FoundIds) => void;
  reject: (error: Error) => void;
  limit: NodeJS.Timeout;
}

export class Search {
  readonly #db: Database;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #number = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  async find(task: SearchTask): Promise<FoundIds> {
    return findQuickly(this.#db.connection, task) ?? this.#findInWorker(task);
  }

  close(): void {
    this.#giveUp(new Error('The store is closed'));
  }

  #findInWorker(task: SearchTask): Promise<FoundIds> {
    this.#worker ??= this.#start();
    const number = ++this.#number;
    const { promise, resolve, reject } = Promise.withResolvers<FoundIds>();
    const limit = setTimeout(() => this.#giveUp(new Error('The search took too long')), LIMIT_MS);
    this.#waiting.set(number, { resolve, reject, limit });
    this.#worker.ref();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.#worker.postMessage({ number, task });
    return promise;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./search-worker.ts', import.meta.url), {
      workerData: this.#db.file,
      resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 },
    });
    worker.on('message', (answer: WorkerAnswer) => {
      const waiting = this.#waiting.get(answer.number);
      if (waiting === undefined) return;
      this.#waiting.delete(answer.number);
      clearTimeout(waiting.limit);
      // Only a search that is under way keeps the process alive.
      if (this.#waiting.size === 0) worker.unref();
      if ('found' in answer) waiting.resolve(answer.found);
      else waiting.reject(new Error(`The search failed: ${answer.error}`));
    });
    worker.on('error', (error) => {
      if (this.#worker === worker) this.#giveUp(new Error('The search worker failed', { cause: error }));
    });
    return worker;
  }

  #giveUp(error: Error): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
    for (const { reject, limit } of this.#waiting.values()) {
      clearTimeout(limit);
      reject(error);
    }
    this.#waiting.clear();
  }
}
