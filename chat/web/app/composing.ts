import { batch, computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { LIMITS, type Message, type Quote } from '../../shared/events.ts';
import type { Drafts } from '../core/drafts.ts';
import type { OwnTyping } from '../core/typing.ts';

/** What the composer is for at the moment. */
export type Mode = { kind: 'new' } | { kind: 'edit'; seq: number; body: string };

export interface ComposingOptions {
  drafts: Drafts;
  typing: OwnTyping;
}

/** The text that is being written in the room on the screen: a draft, an answer, or a change of something said. */
export class Composing {
  readonly text: Signal<string> = signal('');
  readonly replyTo: Signal<Quote | undefined> = signal(undefined);
  readonly mode: Signal<Mode> = signal({ kind: 'new' });
  readonly left: ReadonlySignal<number> = computed(() => LIMITS.bodyChars - this.text.value.trimEnd().length);
  /** Raised when the composer shall take the focus, with the caret at the end. */
  readonly focusWanted: Signal<number> = signal(0);
  readonly #drafts: Drafts;
  readonly #typing: OwnTyping;
  #room = '';

  constructor({ drafts, typing }: ComposingOptions) {
    this.#drafts = drafts;
    this.#typing = typing;
  }

  get room(): string {
    return this.#room;
  }

  /** Another room is on the screen: with what was begun there. */
  enter(room: string): void {
    if (room === this.#room) return;
    this.#room = room;
    this.#showDraft();
  }

  /** The drafts are this person's from now on. */
  belongTo(person: number | null): void {
    if (this.#drafts.belongTo(person)) this.#showDraft();
  }

  write(text: string): void {
    const isMore = text.length > this.text.value.length;
    this.text.value = text;
    if (this.mode.value.kind === 'new') {
      this.#keep();
      if (isMore && !text.startsWith('/')) this.#typing.wrote(this.#room);
    }
  }

  reply(message: Message): void {
    if (this.mode.value.kind === 'edit') this.cancel();
    const excerpt = message.body.slice(0, LIMITS.excerptChars);
    this.replyTo.value = { seq: message.seq, from: message.from, excerpt };
    this.#keep();
    this.focusWanted.value++;
  }

  edit(message: Message): void {
    batch(() => {
      this.mode.value = { kind: 'edit', seq: message.seq, body: message.body };
      this.replyTo.value = undefined;
      this.text.value = message.body;
    });
    this.focusWanted.value++;
  }

  /** Leaves an edit or an answer. Returns false if there was neither. */
  cancel(): boolean {
    if (this.mode.value.kind === 'edit') {
      this.#showDraft();
    } else if (this.replyTo.value) {
      this.replyTo.value = undefined;
      this.#keep();
    } else {
      return false;
    }
    return true;
  }

  /** Takes what is written, and leaves the composer empty. Undefined if it is nothing, or too much. */
  take(): { body: string; replyTo: Quote | undefined; mode: Mode } | undefined {
    const body = this.text.value.replace(/^\s*\n/u, '').trimEnd();
    if (body.trim() === '' || body.length > LIMITS.bodyChars) return undefined;
    const taken = { body, replyTo: this.replyTo.value, mode: this.mode.value };
    if (taken.mode.kind === 'edit') {
      this.#showDraft();
    } else {
      this.#drafts.write(this.#room, { text: '' });
      this.#showDraft();
      this.#typing.sent();
    }
    return taken;
  }

  /** Puts a text back: something that was refused, or a command that failed. Never over what is being written. */
  putBack(room: string, text: string, replyTo?: Quote): void {
    const draft = this.#drafts.of(room);
    const isFree = draft.text === '';
    const answered = isFree ? (replyTo ?? draft.replyTo) : draft.replyTo;
    const both = isFree ? text : `${draft.text}\n${text}`;
    this.#drafts.write(room, answered ? { text: both, replyTo: answered } : { text: both });
    if (room === this.#room && this.mode.value.kind === 'new') this.#showDraft();
    this.focusWanted.value++;
  }

  #showDraft(): void {
    const draft = this.#drafts.of(this.#room);
    batch(() => {
      this.mode.value = { kind: 'new' };
      this.text.value = draft.text;
      this.replyTo.value = draft.replyTo;
    });
  }

  #keep(): void {
    const replyTo = this.replyTo.value;
    const text = this.mode.value.kind === 'new' ? this.text.value : '';
    this.#drafts.write(this.#room, replyTo ? { text, replyTo } : { text });
  }
}
