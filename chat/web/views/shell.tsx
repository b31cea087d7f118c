import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Place } from '../../shared/routes.ts';
import type { App } from '../app/app.ts';
import { ConversationView } from './conversation-view.tsx';
import { fitKeyboard } from './fit-keyboard.ts';
import { listenToKeys } from './keyboard.ts';
import { lazy, type Lazy } from './lazy.tsx';
import { Sidebar } from './sidebar.tsx';
import { ToastLine } from './toast-line.tsx';
import { Unreachable } from './unreachable.tsx';

const Dialogs = lazy(async () => (await import('./dialogs/dialogs.tsx')).Dialogs);
export const Gate: Lazy<{ app: App }> = lazy(async () => (await import('./gates.tsx')).Gate);
const MembersPanel = lazy(async () => (await import('./members-panel.tsx')).MembersPanel);
const SearchPanel = lazy(async () => (await import('./search-panel.tsx')).SearchPanel);
const InboxPanel = lazy(async () => (await import('./inbox-panel.tsx')).InboxPanel);
const PinsPanel = lazy(async () => (await import('./pins-panel.tsx')).PinsPanel);
const SavedPanel = lazy(async () => (await import('./saved-panel.tsx')).SavedPanel);

/** The whole page: the rooms, the conversation, and what stands beside or over them. */
export function Shell({ app }: { app: App }): VNode {
  useEffect(() => listenToKeys(app), [app]);
  useEffect(fitKeyboard, []);
  return (
    <>
      {isGate(app.places.place.value) ? <Gate app={app} /> : <Rooms app={app} />}
      {app.dialog.value && <Dialogs app={app} dialog={app.dialog.value} />}
      <ToastLine app={app} />
      <div class="unseen-text" aria-live="polite">
        {app.announcement.value}
      </div>
    </>
  );
}

/** Addresses that come before the rooms. */
export function isGate(place: Place): boolean {
  return 'code' in place || place.page === 'sign-in';
}

function Rooms({ app }: { app: App }): VNode {
  const conversation = app.conversation.value;
  const panel = app.places.panel.value;
  const isUnreachable = app.link.value === 'down' && !app.chat.value;
  // Nothing until the server has said who this is: what is drawn before would only move.
  if (!app.chat.value && !isUnreachable) return <div class="shell" aria-busy="true" />;
  const isVisitor = app.me.value === null;
  return (
    <div class={`shell${isVisitor ? ' is-visitor' : ''}${panel ? ` has-${panel}` : ''}`}>
      {/* Where there is one column, they are not drawn before they are looked at. */}
      {(panel === 'rooms' || !app.places.isNarrow.value) && <Sidebar app={app} />}
      {isUnreachable ? (
        <main class="conversation">
          <Unreachable app={app} />
        </main>
      ) : (
        conversation && <ConversationView key={conversation.slug} app={app} conversation={conversation} />
      )}
      {panel === 'members' && <MembersPanel app={app} />}
      {panel === 'search' && <SearchPanel app={app} />}
      {panel === 'inbox' && <InboxPanel app={app} />}
      {panel === 'pins' && <PinsPanel app={app} />}
      {panel === 'saved' && <SavedPanel app={app} />}
    </div>
  );
}
