import { LIMITS, type Message } from '../../shared/events.ts';
import { may } from '../../shared/roles.ts';
import { permalink } from '../../shared/routes.ts';
import { t } from '../words/words.ts';
import type { App } from './app.ts';
import { explain } from './explain.ts';

/** What can be done to something said. Changes are shown at once, and taken back if the server does not take them. */
export class MessageActions {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  mayEdit(message: Message): boolean {
    return this.#isMine(message) && !message.deleted && message.kind !== 'system' && this.#isOpen();
  }

  mayDelete(message: Message): boolean {
    if (message.deleted || message.kind === 'system') return false;
    const me = this.#app.me.value;
    if (!me) return false;
    const room = this.#app.myRoom(message.room);
    return this.#isMine(message) || may(me.role, 'delete messages of others', room?.host ?? false);
  }

  /** Whether anything new can be said or put on messages here. */
  mayAnswer(message: Message): boolean {
    const me = this.#app.me.value;
    return !message.deleted && message.kind !== 'system' && !!me && may(me.role, 'react') && this.#isOpen();
  }

  async edit(room: string, seq: number, body: string): Promise<void> {
    const { app, store } = { app: this.#app, store: this.#app.conversationOf(room)?.store };
    const before = store?.find(seq);
    if (before?.body === body) return;
    const undo = store?.change(seq, { body, edited: Date.now() });
    const answer = await app.ask('edit', { room, seq, body });
    if (answer.ok) {
      app.receive(answer.message);
      return;
    }
    undo?.();
    app.toasts.trouble(`${t('notChanged')} ${explain(answer)}`);
    // Nothing that somebody wrote is lost: it is in the composer again.
    if (before && app.composing.text.value === '') {
      app.composing.edit(before);
      app.composing.write(body);
    }
  }

  async delete(message: Message): Promise<void> {
    const app = this.#app;
    const { room, seq } = message;
    const me = app.me.value;
    if (!me) return;
    const undo = app
      .conversationOf(room)
      ?.store.change(seq, { body: '', deleted: { at: Date.now(), by: me } });
    const answer = await app.ask('delete', { room, seq });
    if (!answer.ok) {
      undo?.();
      app.toasts.trouble(`${t('notDeleted')} ${explain(answer)}`);
      return;
    }
    app.receive(answer.message);
    app.toasts.say(t('messageDeleted'), { label: t('undo'), run: () => void this.#restore(room, seq) });
  }

  async react(message: Message, emoji: string, on?: boolean): Promise<void> {
    const app = this.#app;
    const me = app.me.value;
    if (!me || !this.mayAnswer(message)) return;
    const { room, seq } = message;
    const before = message.reactions ?? [];
    const present = before.find((reaction) => reaction.emoji === emoji);
    const turnsOn = on ?? !present?.people.includes(me.id);
    if (!present && before.length >= LIMITS.reactionsPerMessage) return;
    const people = (present?.people ?? []).filter((id) => id !== me.id);
    const changed = { emoji, people: turnsOn ? [...people, me.id] : people };
    const reactions = present
      ? before.map((reaction) => (reaction === present ? changed : reaction))
      : [...before, changed];
    const shown = reactions.filter((reaction) => reaction.people.length > 0);
    const undo = app.conversationOf(room)?.store.change(seq, { reactions: shown });
    const answer = await app.ask('react', { room, seq, emoji, on: turnsOn });
    if (answer.ok) {
      app.receive(answer.message);
      return;
    }
    undo?.();
    app.toasts.trouble(explain(answer));
  }

  async markUnread({ room, seq }: Message): Promise<void> {
    const app = this.#app;
    app.conversationOf(room)?.markUnreadFrom(seq);
    const answer = await app.ask('read', { room, seq: seq - 1, back: true });
    if (answer.ok) app.wasRead(answer);
    else app.toasts.trouble(explain(answer));
  }

  async copyLink({ room, seq }: Message): Promise<void> {
    await this.copy(new URL(permalink(room, seq), location.href).href, t('linkCopied'));
  }

  /** On plain http there is no clipboard for scripts, except the old command on a selection. */
  async copy(text: string, done: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = document.createElement('textarea');
      field.value = text;
      (document.querySelector('dialog[open]') ?? document.body).append(field);
      field.select();
      const isCopied = document.execCommand('copy');
      field.remove();
      if (!isCopied) {
        this.#app.toasts.say(text);
        return;
      }
    }
    this.#app.toasts.say(done);
  }

  async #restore(room: string, seq: number): Promise<void> {
    const answer = await this.#app.ask('restore', { room, seq });
    if (answer.ok) this.#app.receive(answer.message);
    else this.#app.toasts.trouble(explain(answer));
  }

  #isMine(message: Message): boolean {
    return message.from.id === this.#app.me.value?.id;
  }

  #isOpen(): boolean {
    return this.#app.conversation.value?.room.value?.archived !== true;
  }
}
