import { canComeBack } from '../../shared/come-back.ts';
import type { Failure, Quote } from '../../shared/events.ts';
import { makeNonce } from '../core/nonce.ts';
import type { OutboxShelf } from '../core/outbox-shelf.ts';
import { Outbox, type OutboxOptions } from '../core/outbox.ts';
import { replaceShortcodes } from '../core/shortcodes.ts';
import { beginsWithSlash, writeOut } from '../core/slash.ts';
import type { Wire } from '../core/wire.ts';
import { t } from '../words/words.ts';
import type { App } from './app.ts';
import { explain, NO_CONNECTION } from './explain.ts';
import { reloadIfIdle } from './reloading.ts';

type Listeners = Pick<OutboxOptions, 'onChange' | 'onConfirmed' | 'onRefused' | 'onLost'>;

export function makeOutbox(wire: Wire, shelf: OutboxShelf, listeners: Listeners): Outbox {
  return new Outbox({
    shelf,
    send: async (ask) => wire.ask('send', ask),
    makeNonce: () => makeNonce((bytes) => crypto.getRandomValues(bytes)),
    now: () => Date.now(),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    ...listeners,
  });
}

/** What Enter does: says it, changes it, or obeys. */
export class Sending {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  /** Sends what the composer holds. Returns false if there is nothing to send or it is too long. */
  send(): boolean {
    const app = this.#app;
    const me = app.me.value;
    const conversation = app.conversation.value;
    if (!me || !conversation || conversation.room.value?.archived) return false;
    const room = conversation.slug;
    const taken = app.composing.take();
    if (taken === undefined) return false;
    const { body, replyTo, mode } = taken;
    if (mode.kind === 'edit') {
      void app.messages.edit(room, mode.seq, replaceShortcodes(body));
      return true;
    }
    const reply = replyTo && { replyTo };
    if (beginsWithSlash(body)) void this.#obey(room, body, reply);
    else this.say({ room, body: replaceShortcodes(body), ...reply });
    reloadIfIdle(app);
    return true;
  }

  /** What commands are is fetched with the first one: `completions.tsx` does it while it is being typed. */
  async #obey(room: string, text: string, reply: { replyTo: Quote } | undefined): Promise<void> {
    const app = this.#app;
    const commands = await import('./commands.ts').catch(() => undefined);
    if (!commands) {
      app.toasts.trouble(explain(NO_CONNECTION));
      app.composing.putBack(room, text, reply?.replyTo);
      return;
    }
    const said = commands.obey(app, room, text);
    if (!said) return;
    const kind = said.kind && { kind: said.kind };
    this.say({ room, body: replaceShortcodes(said.body), ...reply, ...kind });
  }

  say(written: Parameters<App['outbox']['add']>[1]): void {
    const me = this.#app.me.value;
    if (!me) return;
    this.#app.outbox.add(me.id, written, !canComeBack(me));
    this.#app.conversationOf(written.room)?.newest();
  }

  /** The server did not take something that was said. The row says why, where it is seen. */
  refused(nonce: string, failure: Failure): void {
    const app = this.#app;
    const why = `${t('notSent')} ${explain(failure)}`;
    app.announcement.value = why;
    if (failure.code !== 'no such room') return;
    app.outbox.remove(nonce);
    app.toasts.trouble(why);
  }

  /** What a guest left unsent went with them. It is said without what it was: somebody else may sit here now. */
  async lost(count: number): Promise<void> {
    const { t } = await import('../words/later.ts');
    this.#app.toasts.say(t('unsentLost', { n: count }));
  }

  /** Takes a refused message back into the composer. */
  rewrite(nonce: string): void {
    const entry = this.#app.outbox.find(nonce);
    if (entry === undefined) return;
    this.#app.composing.putBack(entry.room, writeOut(entry), entry.replyTo);
    this.#app.outbox.remove(nonce);
  }

  /** `↑` in an empty composer: changes what I said last. */
  editLast(): void {
    const app = this.#app;
    const rows = app.conversation.value?.rows.value ?? [];
    const row = rows.findLast(
      (one) => one.kind === 'message' && !one.unsent && one.isMine && !one.message.deleted,
    );
    if (row?.kind === 'message' && app.messages.mayEdit(row.message)) app.composing.edit(row.message);
    else app.toasts.say(t('nothingToEdit'));
  }
}
