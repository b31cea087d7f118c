/**
 * Runs searches where they belong: what is bounded at once, the rest in a worker, step by step, which is started by the
 * first search that needs it. After each step it is the next person's turn, so a search of everything holds nobody up.
 */
import { Worker } from 'node:worker_threads';
import { StoreBusy } from '../store.ts';
import type { Database } from './database.ts';
import { type FoundIds, type SearchStep, type SearchTask, findQuickly, pageOf } from './find-messages.ts';
import type { StepAnswer, WorkerAnswer } from './search-worker.ts';

/** How many rows one step looks at: some 50 ms at most. Most searches of a million messages are done after the first. */
const STEP_ROWS = 262_144;
/** What a search may take of the worker's time. Then it answers with what it has, and goes on when asked for more. */
const WORK_LIMIT_MS = 3_000;
/** A step that takes longer is given up, together with its worker: nothing else can stop it. */
const STEP_LIMIT_MS = 5_000;

/** How many searches of one person wait. They may come faster than they are done, which would fill the memory. */
const MOST_WAITING = 10;

/** What is used of a worker. */
export interface SearchThread {
  postMessage(step: SearchStep): void;
  on(event: 'message', listener: (answer: WorkerAnswer) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  terminate(): Promise<unknown>;
  /** Only a search that is under way keeps the process alive. */
  ref(): void;
  unref(): void;
}

interface UnderWay {
  readonly task: SearchTask;
  readonly ids: number[];
  below: number | null;
  tookMs: number;
  readonly resolve: (found: FoundIds) => void;
  readonly reject: (error: Error) => void;
}

export class Search {
  readonly #db: Database;
  readonly #startThread: (file: string) => SearchThread;
  /** By person, whose turn it is first. */
  readonly #waiting = new Map<number | null, UnderWay[]>();
  #thread: SearchThread | undefined;
  #step: { search: UnderWay; limit: NodeJS.Timeout } | undefined;

  constructor(db: Database, startThread: (file: string) => SearchThread = startWorker) {
    this.#db = db;
    this.#startThread = startThread;
  }

  async find(task: SearchTask): Promise<FoundIds> {
    const quick = findQuickly(this.#db.connection, task);
    if (quick !== null) return quick;
    if ((this.#waiting.get(task.person)?.length ?? 0) >= MOST_WAITING)
      throw new StoreBusy('Too many searches');
    return this.#findInSteps(task);
  }

  close(): void {
    const closed = new Error('The store is closed');
    this.#endThread();
    this.#endStep()?.reject(closed);
    for (const search of [...this.#waiting.values()].flat()) search.reject(closed);
    this.#waiting.clear();
  }

  #findInSteps(task: SearchTask): Promise<FoundIds> {
    const { promise, resolve, reject } = Promise.withResolvers<FoundIds>();
    this.#wait({ task, ids: [], below: task.cursor, tookMs: 0, resolve, reject });
    this.#next();
    return promise;
  }

  #wait(search: UnderWay): void {
    const { person } = search.task;
    const mine = this.#waiting.get(person);
    if (mine === undefined) this.#waiting.set(person, [search]);
    else mine.push(search);
  }

  #letOthersPass(person: number | null): void {
    const mine = this.#waiting.get(person);
    if (mine === undefined) return;
    this.#waiting.delete(person);
    this.#waiting.set(person, mine);
  }

  /** Begins a step of the person who has waited longest; their other searches wait behind everybody else's. */
  #next(): void {
    if (this.#step !== undefined) return;
    const [first] = this.#waiting;
    if (first === undefined) {
      this.#thread?.unref();
      return;
    }
    const [person, [search, ...others]] = first;
    this.#waiting.delete(person);
    if (others.length > 0) this.#waiting.set(person, others);
    if (search === undefined) return;
    const { task, below, ids } = search;
    const limit = setTimeout(() => this.#giveUp(new Error('The search took too long')), STEP_LIMIT_MS);
    this.#step = { search, limit };
    this.#thread ??= this.#start();
    this.#thread.ref();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.#thread.postMessage({ task, below, rows: STEP_ROWS, most: task.limit + 1 - ids.length });
  }

  #receive(answer: WorkerAnswer): void {
    const search = this.#endStep();
    if (search === undefined) return;
    this.#letOthersPass(search.task.person);
    if ('error' in answer) search.reject(new Error(`The search failed: ${answer.error}`));
    else this.#advance(search, answer);
    this.#next();
  }

  #advance(search: UnderWay, { found, tookMs }: StepAnswer): void {
    const { task, ids, resolve } = search;
    ids.push(...found.ids);
    search.below = found.below;
    search.tookMs += tookMs;
    if (ids.length > task.limit || found.below === null) resolve(pageOf(ids, task.limit));
    else if (search.tookMs > WORK_LIMIT_MS) resolve({ ids, cursor: found.below });
    else this.#wait(search);
  }

  #start(): SearchThread {
    const thread = this.#startThread(this.#db.file);
    thread.on('message', (answer) => {
      if (this.#thread === thread) this.#receive(answer);
    });
    thread.on('error', (cause) => {
      if (this.#thread === thread) this.#giveUp(new Error('The search worker failed', { cause }));
    });
    return thread;
  }

  /** Only the search under way fails: the others go on with another worker. */
  #giveUp(error: Error): void {
    this.#endThread();
    this.#endStep()?.reject(error);
    this.#next();
  }

  #endThread(): void {
    void this.#thread?.terminate();
    this.#thread = undefined;
  }

  #endStep(): UnderWay | undefined {
    if (this.#step === undefined) return undefined;
    const { search, limit } = this.#step;
    clearTimeout(limit);
    this.#step = undefined;
    return search;
  }
}

function startWorker(file: string): SearchThread {
  return new Worker(new URL('./search-worker.ts', import.meta.url), {
    workerData: file,
    resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 },
  });
}
