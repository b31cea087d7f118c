import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { App } from '../app.ts';
import { Avatar } from './avatar.tsx';
import { Mark } from './mark.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import { ThemeToggle } from './theme-toggle.tsx';

export function Header({ app }: { app: App }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const me = app.me.value;
  return (
    <header class="header">
      <Mark />
      <h1 class="room-name" dir="auto">
        {app.roomName.value}
      </h1>
      <Presence app={app} />
      <div class="header-tools">
        <ThemeToggle app={app} />
        {me && (
          <>
            <button
              type="button"
              class="me"
              aria-haspopup="dialog"
              title="Change your name"
              onClick={() => dialog.current?.showModal()}
            >
              <Avatar person={me} />
              <bdi class="me-name">{me.name}</bdi>
              <span class="unseen-text">, change your name</span>
            </button>
            <RenameDialog app={app} me={me} dialog={dialog} />
          </>
        )}
      </div>
    </header>
  );
}

/** How many people are here, as long as that is known. */
function Presence({ app }: { app: App }): VNode {
  const link = app.link.value;
  const isHere = link === 'open' || link === 'quiet';
  const online = app.online.value;
  const words = link === 'connecting' ? 'Connecting…' : isHere ? `${online} online` : 'Reconnecting…';
  return <p class={isHere ? 'presence is-here' : 'presence'}>{words}</p>;
}
