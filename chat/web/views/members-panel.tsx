import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { DEFAULT_ROOM, type Member } from '../../shared/events.ts';
import { may } from '../../shared/roles.ts';
import type { App } from '../app/app.ts';
import { t, type Key } from '../words/later.ts';
import { Avatar, Badge } from './avatar.tsx';
import { Icon } from './icon.tsx';
import { PanelFrame } from './panel.tsx';

/** Who is in the room: those who are here first. */
export function MembersPanel({ app }: { app: App }): VNode {
  const { members } = app;
  const slug = app.conversation.value?.slug;
  const link = app.link.value;
  useEffect(() => {
    if (slug !== undefined && link === 'open') void members.show(slug);
  }, [slug, link, members]);
  const online = app.online.value;
  const isHere = ({ person }: Member): boolean => online.has(person.id);
  const sorted = [...members.list.value].sort((a, b) => a.person.name.localeCompare(b.person.name));
  const me = app.me.value;
  const room = app.conversation.value?.room.value;
  const isOpenRoom = (room?.kind === 'public' || room?.kind === 'private') && !room.archived;
  return (
    <PanelFrame app={app} title={t('members')}>
      {me && isOpenRoom && (
        <div class="panel-actions">
          {may(me.role, 'add people') && (
            <button
              type="button"
              class="secondary"
              onClick={() => (app.dialog.value = { kind: 'add people' })}
            >
              <Icon name="plus" />
              {t('addPeople')}
            </button>
          )}
          {may(me.role, 'invite') && (
            <button type="button" class="secondary" onClick={() => (app.dialog.value = { kind: 'invite' })}>
              <Icon name="link" />
              {t('inviteLink')}
            </button>
          )}
        </div>
      )}
      <Group
        app={app}
        title={t('here', { n: sorted.filter(isHere).length })}
        list={sorted.filter(isHere)}
        isOnline
      />
      <Group app={app} title={t('away')} list={sorted.filter((member) => !isHere(member))} />
      {members.hasMore.value && (
        <button type="button" class="plain" onClick={() => void members.more()}>
          {t('showMore')}
        </button>
      )}
    </PanelFrame>
  );
}

interface GroupProps {
  app: App;
  title: string;
  list: Member[];
  isOnline?: boolean;
}

function Group({ app, title, list, isOnline = false }: GroupProps): VNode | null {
  if (list.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 class="panel-heading">{title}</h3>
      <ul class="members">
        {list.map((member) => (
          <MemberLine key={member.person.id} app={app} member={member} isOnline={isOnline} />
        ))}
      </ul>
    </section>
  );
}

const ROLE_KEYS: Partial<Record<string, Key>> = { owner: 'owner', admin: 'admin', moderator: 'moderator' };

function MemberLine({ app, member, isOnline }: { app: App; member: Member; isOnline: boolean }): VNode {
  // Read so that a new name or role is drawn.
  void app.rooms.value;
  const person = app.people.current(member.person);
  const me = app.me.value;
  const room = app.conversation.value?.room.value;
  const roleKey = ROLE_KEYS[person.role];
  const isMe = person.id === me?.id;
  const host = app.myRoom(room?.slug ?? '')?.host ?? false;
  const isRoom = room?.kind === 'public' || room?.kind === 'private';
  const mayRemove =
    me && isRoom && room.slug !== DEFAULT_ROOM && !isMe && may(me.role, 'remove people', host);
  return (
    <li class="member">
      <button
        type="button"
        class="member-name"
        aria-haspopup="dialog"
        onClick={() => (app.dialog.value = { kind: 'person', person })}
      >
        <Avatar person={person} isOnline={isOnline} />
        <bdi>{person.name}</bdi>
        <Badge person={person} />
        {roleKey && <span class="badge">{t(roleKey)}</span>}
        {member.host && <span class="badge">{t('host')}</span>}
        {isMe && <span class="you">{t('you')}</span>}
      </button>
      {mayRemove && room && (
        <button
          type="button"
          class="icon-button is-small"
          aria-label={t('removePerson', { name: person.name })}
          title={t('removePerson', { name: person.name })}
          onClick={() => void app.roomActions.remove(room.slug, person.id)}
        >
          <Icon name="close" />
        </button>
      )}
    </li>
  );
}
