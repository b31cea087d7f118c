import type { VNode } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { App } from '../app/app.ts';
import type { Conversation } from '../app/conversation.ts';
import { keptRooms } from '../app/keeping-rooms.ts';
import { t } from '../words/later.ts';

/** Where a room was opened that only the server could show: what is kept of it, or a sentence that nothing is. */
export function KeptRoom({ app, conversation }: { app: App; conversation: Conversation }): VNode | null {
  const isMissing = useSignal(false);
  useEffect(() => {
    const { slug } = conversation;
    const me = app.me.peek();
    const show = async (): Promise<void> => {
      const kept = me ? await keptRooms.room(me.id, slug) : undefined;
      if (conversation.hasEntered.peek() || app.me.peek()?.id !== me?.id) return;
      if (kept) {
        app.people.learn(kept.messages.map(({ from }) => from));
        const { room, messages, older } = kept;
        conversation.preview({
          me: me ?? null,
          build: '',
          room,
          messages: [...messages],
          caughtUp: false,
          older,
          online: 0,
        });
      }
      // The address may name a message that is not among what is kept.
      isMissing.value = !conversation.hasEntered.peek();
    };
    void show();
  }, [app, conversation]);
  if (!isMissing.value) return null;
  return (
    <div class="notice" role="status">
      <p>{t('notKept')}</p>
    </div>
  );
}
