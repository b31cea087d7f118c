import type { Answer, ChangeRoomAsk, CreateRoomAsk, MyRoom, NotifyLevel } from '../../shared/events.ts';
import { spoken, t } from '../words/words.ts';
import type { App } from './app.ts';
import { explain } from './explain.ts';

/** The last moment that a `Date` can be. */
const FOR_EVER = 8.64e15;

export function mutedUntil(at: number): string {
  if (at >= FOR_EVER) return t('mutedForNow');
  const form = new Intl.DateTimeFormat(spoken(), { weekday: 'short', hour: 'numeric', minute: '2-digit' });
  return t('mutedUntil', { time: form.format(at) });
}

/** What can be done to rooms. Each answers the reason if it was not done, for the form that asked. */
export class RoomActions {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  async create(ask: CreateRoomAsk): Promise<string | undefined> {
    return this.#openNew(await this.#app.ask('create room', ask));
  }

  /** Opens the conversation with these people. */
  async direct(people: number[]): Promise<string | undefined> {
    return this.#openNew(await this.#app.ask('direct', { people }));
  }

  async join(room: string): Promise<string | undefined> {
    return this.#openNew(await this.#app.ask('join', { room }));
  }

  async leave(room: string): Promise<string | undefined> {
    const answer = await this.#app.ask('leave', { room });
    if (!answer.ok) return explain(answer);
    this.#app.left(room);
    return undefined;
  }

  async change(ask: ChangeRoomAsk): Promise<string | undefined> {
    const answer = await this.#app.ask('change room', ask);
    if (!answer.ok) return explain(answer);
    this.#app.roomChanged(answer.room);
    return undefined;
  }

  async add(room: string, people: number[]): Promise<string | undefined> {
    const answer = await this.#app.ask('add', { room, people });
    if (!answer.ok) return explain(answer);
    this.#app.toasts.say(t('peopleAdded', { n: answer.added.length }));
    return undefined;
  }

  async remove(room: string, person: number): Promise<void> {
    const answer = await this.#app.ask('remove', { room, person });
    if (!answer.ok) this.#app.toasts.trouble(explain(answer));
  }

  async setLevel(room: string, level: NotifyLevel): Promise<void> {
    const answer = await this.#app.ask('level', { room, level });
    if (answer.ok) this.#app.joined(answer.room);
    else this.#app.toasts.trouble(explain(answer));
  }

  /** Nothing of this room for so long, or until it is turned on again; 0 turns it on. Answers the reason if not. */
  async mute(room: string, ms: number): Promise<string | undefined> {
    const quietUntil = ms === 0 ? 0 : Math.min(Date.now() + ms, FOR_EVER);
    const answer = await this.#app.ask('level', { room, quietUntil });
    if (!answer.ok) return explain(answer);
    this.#app.joined(answer.room);
    const undo = { label: t('undo'), run: () => void this.mute(room, 0) };
    if (quietUntil === 0) this.#app.toasts.say(t('unmuted'));
    else this.#app.toasts.say(mutedUntil(quietUntil), undo);
    return undefined;
  }

  async readAll(): Promise<void> {
    const answer = await this.#app.ask('read all', {});
    if (!answer.ok) this.#app.toasts.trouble(explain(answer));
    else for (const state of answer.rooms) this.#app.wasRead(state);
  }

  #openNew(answer: Answer<{ room: MyRoom }>): string | undefined {
    if (!answer.ok) return explain(answer);
    this.#app.joined(answer.room);
    this.#app.places.toRoom(answer.room.slug);
    return undefined;
  }
}
