import type { Message } from '../../shared/events.ts';
import { Announcer, speakers } from '../core/announcer.ts';
import { excerptOf, shorten } from '../core/bodies.ts';
import { mentions } from '../core/room-list.ts';
import { t } from '../words/words.ts';
import type { App } from './app.ts';
import type { Noticing } from './noticing.ts';

/** Nobody listens to the end of a longer one while others arrive; it is in the list. */
const SPOKEN_CHARACTERS = 200;

/** One sentence for however many messages. */
export function announce(messages: readonly Message[]): string {
  const [only] = messages;
  if (only && messages.length === 1)
    return `${only.from.name}: ${shorten(excerptOf(only.body), SPOKEN_CHARACTERS)}`;
  const { names, more } = speakers(messages);
  const who = more > 0 ? t('andMore', { names: names.join(', '), n: more }) : names.join(', ');
  return t('newMessagesFrom', { n: messages.length, who });
}

/** Counts what arrives, and says to screen readers what does so in the room on the screen, as far as the person wants. */
export class Aloud {
  readonly #app: App;
  #noticing: Promise<Noticing> | undefined;
  readonly #announcer = new Announcer((heard) => (this.#app.announcement.value = announce(heard)));

  constructor(app: App) {
    this.#app = app;
  }

  /** Messages that their room has not shown before on this page, live or caught up with. */
  arrived(messages: readonly Message[]): void {
    const { conversation, me: who, settings } = this.#app;
    const me = who.value?.id;
    const others = messages.filter(({ from, kind }) => from.id !== me && kind !== 'system');
    const [first] = others;
    if (!first) return;
    const isForMe = others.some((message) => mentions(message, me));
    this.#app.conversationOf(first.room)?.arrived(others.length, isForMe);
    if (conversation.value?.slug !== first.room) return;
    const which = settings.announcements.value;
    for (const message of others)
      if (which === 'all' || (which === 'mentions' && mentions(message, me))) this.#announcer.add(message);
  }

  /** A message that was said just now. What tells of it elsewhere is fetched with the first one. */
  news(message: Message): void {
    if (message.from.id === this.#app.me.value?.id) return;
    this.#noticing ??= import('./noticing.ts').then(({ Noticing }) => new Noticing(this.#app));
    this.#noticing.then(
      (noticing) => noticing.heard(message),
      () => (this.#noticing = undefined),
    );
  }

  forget(): void {
    this.#announcer.forget();
    this.#app.announcement.value = '';
  }
}
