import { signal, type Signal } from '@preact/signals';
import type { KeepAsk, Message } from '../../shared/events.ts';
import { may } from '../../shared/roles.ts';
import { t } from '../words/words.ts';
import type { App } from './app.ts';
import { explain } from './explain.ts';

/** What is pinned in the room on the screen, and what I saved: read when somebody looks, and kept right from then on. */
export class Keeping {
  /** The last pinned first. */
  readonly pins: Signal<readonly Message[]> = signal([]);
  /** The room whose pins those are; undefined until they have come. */
  readonly pinsOf: Signal<string | undefined> = signal(undefined);
  /** By seq, in the room `#savedRoom`; undefined until they have come. */
  readonly saved: Signal<ReadonlySet<number> | undefined> = signal(undefined);
  /** Raised when something was saved, or let go. */
  readonly savedChanged: Signal<number> = signal(0);
  /** Called for every message that is new or has changed: rooms are kept for when the server is away. */
  onHeard: ((message: Message) => void) | undefined;
  readonly #app: App;
  #pinsRoom: string | undefined;
  #savedRoom: string | undefined;

  constructor(app: App) {
    this.#app = app;
    app.link.subscribe((state) => state === 'open' && this.#reconnected());
    let who: number | undefined;
    app.me.subscribe((me) => {
      if (me?.id !== who) this.#forget();
      who = me?.id;
    });
  }

  mayPin(message: Message): boolean {
    const room = this.#app.myRoom(message.room);
    const me = this.#app.me.value;
    if (!me || !room || room.archived || message.deleted || message.kind === 'system') return false;
    return room.kind === 'dm' || room.kind === 'group' || may(me.role, 'pin messages', room.host);
  }

  maySave(message: Message): boolean {
    return !!this.#app.me.value && !message.deleted && message.kind !== 'system';
  }

  async showPins(room: string): Promise<void> {
    if (room !== this.#pinsRoom) this.pinsOf.value = undefined;
    this.#pinsRoom = room;
    const answer = await this.#app.ask('pins', { room });
    if (room !== this.#pinsRoom) return;
    if (answer.ok) {
      this.pins.value = answer.messages;
      this.pinsOf.value = room;
    } else {
      this.#app.toasts.trouble(explain(answer));
    }
  }

  async showSavedIn(room: string): Promise<void> {
    if (room === this.#savedRoom) return;
    this.#savedRoom = room;
    this.saved.value = undefined;
    const answer = await this.#app.ask('saved in', { room });
    if (room !== this.#savedRoom) return;
    if (answer.ok) this.saved.value = new Set(answer.seqs);
    else this.#savedRoom = undefined;
  }

  /** What was missed without a connection is read again when somebody looks. */
  #reconnected(): void {
    this.#savedRoom = undefined;
    if (this.#app.places.panel.peek() === 'pins' && this.#pinsRoom !== undefined)
      void this.showPins(this.#pinsRoom);
  }

  /** Somebody else is here now. */
  #forget(): void {
    this.pins.value = [];
    this.pinsOf.value = undefined;
    this.saved.value = undefined;
    this.#pinsRoom = undefined;
    this.#savedRoom = undefined;
    this.savedChanged.value++;
  }

  /** A message that is new or has changed. */
  changed(message: Message): void {
    this.onHeard?.(message);
    if (message.room !== this.pinsOf.peek()) return;
    const before = this.pins.peek();
    const others = before.filter(({ seq }) => seq !== message.seq);
    if (!message.pinned && others.length === before.length) return;
    const pins = message.pinned && !message.deleted ? [...others, message] : others;
    this.pins.value = pins.toSorted((a, b) => (b.pinned?.at ?? 0) - (a.pinned?.at ?? 0));
  }

  savedElsewhere({ room, seq, on }: KeepAsk): void {
    this.savedChanged.value++;
    const saved = this.saved.peek();
    if (!saved || room !== this.#savedRoom) return;
    const changed = new Set(saved);
    if (on) changed.add(seq);
    else changed.delete(seq);
    this.saved.value = changed;
  }

  isSaved({ room, seq }: Message): boolean {
    return room === this.#savedRoom && this.saved.value?.has(seq) === true;
  }

  async pin({ room, seq, pinned }: Message): Promise<void> {
    const answer = await this.#app.ask('pin', { room, seq, on: !pinned });
    if (!answer.ok) {
      this.#app.toasts.trouble(explain(answer));
      return;
    }
    this.#app.receive(answer.message);
    this.#app.toasts.say(t(pinned ? 'unpinned' : 'pinned'));
  }

  async save(message: Message): Promise<void> {
    const { room, seq } = message;
    await this.showSavedIn(room);
    await this.keep({ room, seq, on: !this.isSaved(message) });
  }

  async keep(ask: KeepAsk): Promise<void> {
    const answer = await this.#app.ask('save', ask);
    if (!answer.ok) {
      this.#app.toasts.trouble(explain(answer));
      return;
    }
    this.savedElsewhere(ask);
    this.#app.toasts.say(t(ask.on ? 'wasSaved' : 'unsaved'));
  }
}
