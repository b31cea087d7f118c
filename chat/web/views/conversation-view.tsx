import type { VNode } from 'preact';
import type { App } from '../app/app.ts';
import type { Conversation } from '../app/conversation.ts';
import { explain } from '../app/explain.ts';
import { t } from '../words/words.ts';
import { Banner } from './banner.tsx';
import { Composer } from './composer.tsx';
import { lazy } from './lazy.tsx';
import { MessageList } from './message-list.tsx';
import { RoomHeader } from './room-header.tsx';
import { TypingLine } from './typing-line.tsx';
import { Welcome } from './welcome.tsx';

const KeptRoom = lazy(async () => (await import('../app/at-hand.ts')).KeptRoom);

interface Props {
  app: App;
  conversation: Conversation;
}

export function ConversationView({ app, conversation }: Props): VNode {
  const refused = conversation.refusal.value;
  // Whoever has no name is told what to do about that where one gives it.
  const refusal = refused?.code === 'no name' && app.me.value === null ? undefined : refused;
  const link = app.link.value;
  const isLeftAlone = !conversation.hasEntered.value && (link === 'down' || link === 'quiet');
  return (
    <main class="conversation">
      <RoomHeader app={app} conversation={conversation} />
      {refusal ? (
        <div class="notice">
          <h2>{t('roomClosed')}</h2>
          <p>{explain(refusal)}</p>
          <button type="button" class="primary" onClick={() => app.places.go('/')}>
            {t('toOtherRooms')}
          </button>
        </div>
      ) : isLeftAlone ? (
        <KeptRoom app={app} conversation={conversation} />
      ) : (
        <MessageList app={app} conversation={conversation} />
      )}
      <footer class="dock">
        <Banner app={app} />
        {!refusal && <Dock app={app} conversation={conversation} />}
      </footer>
    </main>
  );
}

function Dock({ app, conversation }: Props): VNode | null {
  const me = app.me.value;
  const room = conversation.room.value;
  if (me === undefined) return null;
  if (me === null) return <Welcome app={app} />;
  if (room?.archived) return <p class="dock-note">{t('isArchived')}</p>;
  const isIn = app.rooms.value.some(({ slug }) => slug === conversation.slug);
  if (!isIn && conversation.hasEntered.value) return <JoinBar app={app} slug={conversation.slug} />;
  return (
    <>
      <Composer app={app} conversation={conversation} />
      <TypingLine app={app} room={conversation.slug} />
    </>
  );
}

/** Whoever reads a public room without being in it. */
function JoinBar({ app, slug }: { app: App; slug: string }): VNode {
  const join = async (): Promise<void> => {
    const problem = await app.roomActions.join(slug);
    if (problem !== undefined) app.toasts.trouble(problem);
  };
  return (
    <div class="join-bar">
      <p>{t('readingOnly')}</p>
      <button type="button" class="primary" onClick={() => void join()}>
        {t('joinRoom')}
      </button>
    </div>
  );
}
