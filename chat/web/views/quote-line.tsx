import type { VNode } from 'preact';
import type { Quote } from '../../shared/events.ts';
import type { App } from '../app/app.ts';
import { excerptOf } from '../core/bodies.ts';
import { t } from '../words/words.ts';
import { toneOf } from './avatar.tsx';
import { Icon } from './icon.tsx';

/** The message that a reply is about: its beginning, and the way back to it. */
export function QuoteLine({ app, quote }: { app: App; quote: Quote }): VNode {
  const from = app.people.current(quote.from);
  return (
    <button
      type="button"
      class="quote-line"
      tabIndex={-1}
      title={t('toQuoted')}
      onClick={() => void app.conversation.value?.jumpTo(quote.seq)}
    >
      <Icon name="reply" />
      <span class="unseen-text">{t('replyTo')} </span>
      <bdi class={`name ${toneOf(from)}`}>{from.name}</bdi>
      <span class="quote-text" dir="auto">
        {quote.excerpt === '' ? t('wasDeleted') : excerptOf(quote.excerpt)}
      </span>
    </button>
  );
}
