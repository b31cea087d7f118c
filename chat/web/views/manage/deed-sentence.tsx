import type { ComponentChildren, VNode } from 'preact';
import type { Deed, DeedName, Person } from '../../../shared/events.ts';
import { ROLES } from '../../../shared/roles.ts';
import { permalink } from '../../../shared/routes.ts';
import type { App } from '../../app/app.ts';
import { t, type Key } from '../../words/later.ts';
import { closeDialog } from '../dialogs/modal.tsx';

const SENTENCES: Readonly<Record<DeedName, Key>> = {
  'chat claimed': 'deedClaimed',
  'chat configured': 'deedConfigured',
  'ownership given': 'deedHandedOver',
  'role given': 'deedRole',
  'person renamed': 'deedRenamed',
  'recovery link made': 'deedRecoveryMade',
  'recovery link used': 'deedRecoveryUsed',
  'bot made': 'deedBotMade',
  'bot revoked': 'deedBotRevoked',
  'webhook made': 'deedWebhookMade',
  'webhook revoked': 'deedWebhookRevoked',
  'invite made': 'deedInviteMade',
  'invite revoked': 'deedInviteRevoked',
  'room archived': 'deedArchived',
  'room reopened': 'deedReopened',
  'person removed': 'deedRemoved',
  'message deleted': 'deedDeleted',
};

/** What was changed about the chat, by how it is noted. */
const CHANGES: readonly (readonly [noted: string, Key])[] = [
  ['name', 'changedName'],
  ['entry open', 'changedEntryOpen'],
  ['entry invite', 'changedEntryInvite'],
  ['previews on', 'changedPreviewsOn'],
  ['previews off', 'changedPreviewsOff'],
  ['accent', 'changedAccent'],
  ['rooms', 'changedRooms'],
];

/** One sentence in which people and rooms lead to themselves. */
export function DeedSentence({ app, deed }: { app: App; deed: Deed }): VNode {
  const { by, about, room, detail = '' } = deed;
  const [noted = ''] = detail.split(',', 1);
  const role = ROLES.find((one) => one === noted);
  const parts: Readonly<Record<string, ComponentChildren>> = {
    by: by === null ? t('deedConsole') : <PersonLink app={app} person={by} />,
    about: about === undefined ? t('deedSomebody') : <PersonLink app={app} person={about} />,
    room: <RoomMention app={app} room={room} seq={deed.what === 'message deleted' ? Number(detail) : null} />,
    role: role === undefined ? noted : t(role),
    name: <bdi>{detail}</bdi>,
    changes: changesOf(detail),
  };
  // The names of the parts stand between the words of the sentence, in the order of its language.
  const words = t(keyOf(deed)).split(/\{(\w+)\}/u);
  return <>{words.map((word, index) => (index % 2 === 1 ? parts[word] : word))}</>;
}

function keyOf({ what, room, detail }: Deed): Key {
  if (what === 'invite made' && room !== undefined) return 'deedInviteToRoom';
  return what === 'role given' && detail?.includes(', invite') ? 'deedRoleByInvite' : SENTENCES[what];
}

function changesOf(detail: string): string {
  return detail
    .split(', ')
    .flatMap((noted) => CHANGES.find(([begin]) => noted.startsWith(begin))?.[1] ?? [])
    .map((key) => t(key))
    .join(', ');
}

function PersonLink({ app, person }: { app: App; person: Person }): VNode {
  return (
    <button
      type="button"
      class="name-link"
      aria-haspopup="dialog"
      onClick={() => (app.dialog.value = { kind: 'person', person })}
    >
      <bdi>{app.people.current(person).name}</bdi>
    </button>
  );
}

function RoomMention({ app, room, seq }: { app: App; room: Deed['room']; seq: number | null }): VNode {
  if (!room) return <>{t('deedHiddenRoom')}</>;
  const path = seq === null ? `/r/${encodeURIComponent(room.slug)}` : permalink(room.slug, seq);
  return (
    <a
      href={path}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        closeDialog(app);
        app.places.toRoom(room.slug, seq);
      }}
    >
      <bdi>{room.name}</bdi>
    </a>
  );
}
