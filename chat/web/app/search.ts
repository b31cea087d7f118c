import { signal, type Signal } from '@preact/signals';
import type { Message } from '../../shared/events.ts';
import type { App } from './app.ts';
import { explain } from './explain.ts';

/** What was looked for and found. Outlives the panel: whoever comes back from a hit finds the others again. */
export class Search {
  readonly typed: Signal<string> = signal('');
  /** What the hits are for. */
  readonly asked: Signal<string> = signal('');
  readonly hits: Signal<readonly Message[]> = signal([]);
  readonly phrases: Signal<readonly string[]> = signal([]);
  readonly unclear: Signal<readonly string[]> = signal([]);
  readonly cursor: Signal<number | null> = signal(null);
  readonly problem: Signal<string | undefined> = signal(undefined);
  readonly isBusy: Signal<boolean> = signal(false);
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  async run(): Promise<void> {
    const query = this.typed.value.trim();
    if (query === '') return;
    this.#begin(query);
    this.isBusy.value = true;
    await this.#ask(query);
    this.isBusy.value = false;
  }

  async more(): Promise<void> {
    if (this.cursor.value !== null) await this.#ask(this.asked.value, this.cursor.value);
  }

  /** Somebody else looks at this page from now on. */
  forget(): void {
    this.typed.value = '';
    this.#begin('');
  }

  #begin(query: string): void {
    this.asked.value = query;
    this.hits.value = [];
    this.phrases.value = [];
    this.unclear.value = [];
    this.cursor.value = null;
    this.problem.value = undefined;
  }

  async #ask(query: string, before?: number): Promise<void> {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const answer = await this.#app.ask('search', { query, zone, ...(before !== undefined && { before }) });
    // Another search was begun meanwhile.
    if (this.asked.value !== query) return;
    this.problem.value = answer.ok ? undefined : explain(answer);
    if (!answer.ok) return;
    this.hits.value = [...this.hits.value, ...answer.messages];
    this.cursor.value = answer.cursor;
    this.phrases.value = answer.phrases;
    this.unclear.value = answer.unclear;
  }
}
