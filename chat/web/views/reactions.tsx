import type { VNode } from 'preact';
import type { Message, Reaction } from '../../shared/events.ts';
import type { App } from '../app/app.ts';
import { t } from '../words/words.ts';

/** What people put on a message. Pressed means that I did, too. */
export function Reactions({ app, message }: { app: App; message: Message }): VNode {
  const me = app.me.value?.id;
  return (
    <div class="reactions" role="group" aria-label={t('reactions')}>
      {message.reactions?.map((reaction) => {
        const isMine = me !== undefined && reaction.people.includes(me);
        const who = whoReacted(app, reaction);
        return (
          <button
            key={reaction.emoji}
            type="button"
            class="reaction"
            tabIndex={-1}
            aria-pressed={isMine}
            title={who}
            onClick={() => void app.messages.react(message, reaction.emoji)}
          >
            <span class="reaction-emoji">{reaction.emoji}</span>
            <span>{reaction.people.length}</span>
            <span class="unseen-text">{who}</span>
          </button>
        );
      })}
    </div>
  );
}

/** By name as far as they are known here. */
export function whoReacted(app: App, { people }: Reaction): string {
  const me = app.me.value?.id;
  const names = people
    .map((id) => (id === me ? t('you') : app.people.find(id)?.name))
    .filter((name) => name !== undefined);
  const rest = people.length - names.length;
  if (names.length === 0) return t('nPeople', { n: rest });
  return rest > 0 ? t('andMore', { names: names.join(', '), n: rest }) : names.join(', ');
}
