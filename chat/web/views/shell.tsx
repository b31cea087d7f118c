import type { VNode } from 'preact';
import type { App } from '../app.ts';
import { Banner } from './banner.tsx';
import { Composer } from './composer.tsx';
import { Header } from './header.tsx';
import { MessageList } from './message-list.tsx';
import { Unreachable } from './unreachable.tsx';
import { Welcome } from './welcome.tsx';

/** The whole page: header, conversation, and where one writes. */
export function Shell({ app }: { app: App }): VNode {
  const isUnreachable = app.link.value === 'down' && !app.hasEntered.value;
  return (
    <div class="shell">
      <Header app={app} />
      <main class="main">{isUnreachable ? <Unreachable app={app} /> : <MessageList app={app} />}</main>
      <footer class="dock">
        <Banner app={app} />
        <Dock app={app} />
      </footer>
      <div class="unseen-text" aria-live="polite">
        {app.announcement.value}
      </div>
    </div>
  );
}

/** Nothing until the server has said who this is: a form that turns into a composer would startle. */
function Dock({ app }: { app: App }): VNode | null {
  const me = app.me.value;
  if (me === undefined) return null;
  return me === null ? <Welcome app={app} /> : <Composer app={app} />;
}
