import type { VNode } from 'preact';
import type { App } from '../../app/app.ts';
import type { Dialog } from '../../app/dialog.ts';
import { ArchiveDialog, LeaveDialog } from './confirm-dialogs.tsx';
import { DateDialog } from './date-dialog.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { NewRoomDialog } from './new-room-dialog.tsx';
import { lazy } from '../lazy.tsx';
import { AddPeopleDialog, NewDirectDialog } from './people-dialogs.tsx';
import { PersonDialog } from './person-dialog.tsx';
import { RevisionsDialog } from './revisions-dialog.tsx';
import { BrowseDialog } from './browse-dialog.tsx';
import { RoomDialog } from './room-dialog.tsx';
import { SettingsDialog } from './settings-dialog.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { Switcher } from './switcher.tsx';

const ManageDialog = lazy(async () => (await import('../manage/manage-dialog.tsx')).ManageDialog);
const HandOverDialog = lazy(async () => (await import('../manage/manage-dialog.tsx')).HandOverDialog);

/** All that can stand over the page: one chunk, fetched when the first of them opens; what few people need is one more. */
export function Dialogs({ app, dialog }: { app: App; dialog: Dialog }): VNode {
  switch (dialog.kind) {
    case 'switcher':
      return <Switcher app={app} />;
    case 'shortcuts':
      return <ShortcutsDialog app={app} />;
    case 'settings':
      return <SettingsDialog app={app} />;
    case 'manage':
      return <ManageDialog app={app} deedsOf={dialog.deedsOf} />;
    case 'hand over':
      return <HandOverDialog app={app} />;
    case 'person':
      return <PersonDialog app={app} person={dialog.person} />;
    case 'new room':
      return <NewRoomDialog app={app} />;
    case 'browse rooms':
      return <BrowseDialog app={app} />;
    case 'new direct':
      return <NewDirectDialog app={app} />;
    case 'room':
      return <RoomDialog app={app} />;
    case 'invite':
      return <InviteDialog app={app} room={app.conversation.value?.room.value} />;
    case 'invite to chat':
      return <InviteDialog app={app} />;
    case 'add people':
      return <AddPeopleDialog app={app} />;
    case 'leave':
      return <LeaveDialog app={app} />;
    case 'archive':
      return <ArchiveDialog app={app} />;
    case 'date':
      return <DateDialog app={app} at={dialog.at} />;
    case 'revisions':
      return <RevisionsDialog app={app} room={dialog.room} seq={dialog.seq} />;
    default:
      return dialog satisfies never;
  }
}
