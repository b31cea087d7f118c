import type { VNode } from 'preact';
import type { Conversation } from '../app/conversation.ts';
import { t } from '../words/words.ts';
import { Icon } from './icon.tsx';

/** While reading further up: how much arrived, and the way back to the newest. */
export function NewestPill({ conversation }: { conversation: Conversation }): VNode | null {
  if (conversation.isFollowing.value) return null;
  const unseen = conversation.unseen.value;
  return (
    <button
      type="button"
      class={unseen === 0 ? 'pill' : 'pill has-unseen'}
      onClick={() => conversation.newest()}
    >
      {conversation.unseenMention.value && (
        <>
          <strong aria-hidden="true">@{t('you')}</strong>
          <span class="unseen-text">{t('mentionsYou')}: </span>
        </>
      )}
      {unseen === 0 ? t('newest') : t('newMessages', { n: unseen })}
      <Icon name="down" />
    </button>
  );
}
