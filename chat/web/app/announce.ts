import type { Message } from '../../shared/events.ts';
import { speakers } from '../core/announcer.ts';
import { t } from '../words/words.ts';

/** One sentence for however many messages. */
export function announce(messages: readonly Message[]): string {
  const [only] = messages;
  if (only && messages.length === 1) return `${only.from.name}: ${only.body}`;
  const { names, more } = speakers(messages);
  const who = more > 0 ? t('andMore', { names: names.join(', '), n: more }) : names.join(', ');
  return t('newMessagesFrom', { n: messages.length, who });
}
