import { signal, type Signal } from '@preact/signals';
import type { Member } from '../../shared/events.ts';
import type { News } from '../core/wire.ts';
import type { App } from './app.ts';

/** Who is in the room on the screen: read when somebody looks, a page at a time, and kept right from then on. */
export class Members {
  readonly list: Signal<readonly Member[]> = signal([]);
  readonly hasMore: Signal<boolean> = signal(false);
  readonly hasLoaded: Signal<boolean> = signal(false);
  readonly #app: App;
  #room: string | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  async show(room: string): Promise<void> {
    if (room !== this.#room) {
      this.#room = room;
      this.list.value = [];
      this.hasLoaded.value = false;
    }
    await this.#load(room, undefined);
  }

  async more(): Promise<void> {
    const last = this.list.value.at(-1)?.person.id;
    if (this.#room !== undefined && last !== undefined) await this.#load(this.#room, last);
  }

  forget(): void {
    this.#room = undefined;
    this.list.value = [];
    this.hasMore.value = false;
    this.hasLoaded.value = false;
  }

  changed({ room, person, host, joined }: News['member']): void {
    this.#app.people.learn([person]);
    if (room !== this.#room) return;
    const others = this.list.value.filter((member) => member.person.id !== person.id);
    const online = this.#app.online.value.has(person.id);
    this.list.value = joined ? [...others, { person, host, online }] : others;
  }

  async #load(room: string, after: number | undefined): Promise<void> {
    const answer = await this.#app.ask('members', after === undefined ? { room } : { room, after });
    if (!answer.ok || room !== this.#room) return;
    const { members, more } = answer;
    this.#app.people.learn(members.map(({ person }) => person));
    this.list.value = after === undefined ? members : [...this.list.value, ...members];
    this.hasMore.value = more;
    this.hasLoaded.value = true;
  }
}
