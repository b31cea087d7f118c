import type { Message } from '../../shared/events.ts';
import { speakers } from '../core/announcer.ts';
import { excerptOf, shorten } from '../core/bodies.ts';
import { t } from '../words/words.ts';

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
