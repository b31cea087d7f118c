import type { News, NewsName } from '../core/wire.ts';
import { t } from '../words/words.ts';
import type { App } from './app.ts';

/** Takes what the server says unasked, except messages. */
export function takeNews<E extends NewsName>(app: App, event: E, news: News[E]): void {
  const take: { readonly [N in NewsName]?: (news: News[N]) => void } = {
    room: (room) => app.roomChanged(room),
    joined: (room) => app.joined(room),
    left: ({ room }) => app.left(room),
    member: (change) => app.members.changed(change),
    person: (person) => app.people.learn([person]),
    me: (me) => {
      if (me.role !== app.me.value?.role) app.toasts.say(t('yourNewRole', { role: t(me.role) }));
      app.me.value = me;
      app.people.learn([me]);
    },
    presence: ({ came, went }) => {
      const online = new Set(app.online.value);
      for (const id of went) online.delete(id);
      for (const id of came) online.add(id);
      app.online.value = online;
    },
    typing: ({ room, person }) => {
      if (person.id !== app.me.value?.id) app.typing.heard(room, person);
    },
    read: (state) => app.wasRead(state),
    saved: (kept) => app.keeping.savedElsewhere(kept),
    chat: (chat) => (app.chat.value = chat),
    notice: ({ what }) => {
      if (what === 'signed out') app.signedOut();
    },
  };
  take[event]?.(news);
}
