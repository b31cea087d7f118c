import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Bot } from '../../../shared/events.ts';
import { t } from '../../words/later.ts';
import { Avatar } from '../avatar.tsx';
import { formatAgo } from '../times.ts';

interface Props {
  /** Undefined for what never connects. */
  isOnline: boolean | undefined;
  bot: Bot;
  askRevoke: string;
  revoke: () => Promise<void>;
}

/** One bot, and its end: that is asked twice, since its token never comes back. */
export function BotLine({ isOnline, bot: { bot, by, seen }, askRevoke, revoke }: Props): VNode {
  const isAsking = useSignal<boolean | undefined>(undefined);
  const wayOut = useRef<HTMLButtonElement>(null);
  const used = seen === null ? t('neverUsed') : t('lastUsed', { when: formatAgo(seen, Date.now()) });
  useEffect(() => {
    if (isAsking.value !== undefined) wayOut.current?.focus();
  }, [isAsking.value]);
  return (
    <li class={isAsking.value ? 'line bot-line is-asking' : 'line bot-line'}>
      <Avatar person={bot} {...(isOnline !== undefined && { isOnline })} />
      {isAsking.value ? (
        <div class="line-text">
          <p>{askRevoke}</p>
          <div class="form-actions">
            <button type="button" class="plain" ref={wayOut} onClick={() => (isAsking.value = false)}>
              {t('cancel')}
            </button>
            <button type="button" class="plain is-danger" onClick={() => void revoke()}>
              {t('revoke')}
              <span class="unseen-text"> {bot.name}</span>
            </button>
          </div>
        </div>
      ) : (
        <>
          <div class="line-text">
            <p class="card-title">
              <bdi>{bot.name}</bdi>
            </p>
            <p class="hint">
              {t('madeBy', { name: by.name })} · {isOnline ? t('isHere') : used}
            </p>
          </div>
          <button type="button" class="plain is-danger" ref={wayOut} onClick={() => (isAsking.value = true)}>
            {t('revoke')}
            <span class="unseen-text"> {bot.name}</span>
          </button>
        </>
      )}
    </li>
  );
}
