import type { Message } from '../../shared/events.ts';
import { Announcer, speakers } from '../core/announcer.ts';
import { excerptOf, shorten } from '../core/bodies.ts';
import { mentions } from '../core/room-list.ts';
import { t } from '../words/words.ts';
import type { App } from './app.ts';

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

/** Says to screen readers what arrives in the room on the screen, as far as the person wants it. */
export class Aloud {
  readonly #app: App;
  readonly #announcer = new Announcer((heard) => (this.#app.announcement.value = announce(heard)));

  constructor(app: App) {
    this.#app = app;
  }

  hear(messages: readonly Message[]): void {
    const which = this.#app.settings.announcements.value;
    const me = this.#app.me.value?.id;
    for (const message of messages)
      if (which === 'all' || (which === 'mentions' && mentions(message, me))) this.#announcer.add(message);
  }

  forget(): void {
    this.#announcer.forget();
    this.#app.announcement.value = '';
  }
}
