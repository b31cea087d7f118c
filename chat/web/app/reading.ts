import type { App } from './app.ts';

/** What is deleted together is counted together. */
const RECOUNT_MS = 1_000;

/** Tells the server how far one has read, and hears from it what is unread then. */
export class Reading {
  readonly #app: App;
  readonly #due = new Set<string>();

  constructor(app: App) {
    this.#app = app;
  }

  async tell(room: string, seq: number): Promise<void> {
    const answer = await this.#app.ask('read', { room, seq });
    if (answer.ok) this.#app.wasRead(answer);
  }

  /** Something unread has changed: "read up to where I am" moves nothing, and is answered with the counts. */
  recount(room: string): void {
    if (this.#due.has(room)) return;
    this.#due.add(room);
    setTimeout(() => {
      this.#due.delete(room);
      const my = this.#app.myRoom(room);
      if (my) void this.tell(room, my.read);
    }, RECOUNT_MS);
  }
}
