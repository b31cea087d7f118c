/** Which event does what. The checks of each stand with it, made by action.ts. */
import type { ClientToServer } from '../../shared/events.ts';
import type { Action } from './action.ts';
import {
  bots,
  configure,
  createBot,
  deeds,
  giveRole,
  invite,
  invites,
  people,
  recover,
  quietHours,
  revokeBot,
  revokeInvite,
} from './people.ts';
import { pin, pins, save, saved, savedIn } from './keeping.ts';
import { removePreview } from './previews.ts';
import { days, enter, hello, history, mentions, read, readAll, revisions } from './reading.ts';
import {
  add,
  changeRoom,
  createRoom,
  direct,
  join,
  leave,
  listRooms,
  members,
  removePerson,
  setLevel,
} from './rooms.ts';
import { search } from './search.ts';
import { edit, react, remove, restore, send, typing } from './speaking.ts';
import { makeWebhook, revokeWebhook, webhooks } from './webhooks.ts';

export type ActionName = Exclude<keyof ClientToServer, 'chat message'>;

export const ACTIONS: Readonly<Record<ActionName, Action>> = {
  hello,
  enter,
  history,
  days,
  read,
  'read all': readAll,
  mentions,
  search,
  send,
  edit,
  delete: remove,
  restore,
  react,
  pin,
  pins,
  'remove preview': removePreview,
  save,
  saved,
  'saved in': savedIn,
  revisions,
  typing,
  rooms: listRooms,
  'create room': createRoom,
  'change room': changeRoom,
  direct,
  join,
  leave,
  add,
  remove: removePerson,
  level: setLevel,
  'quiet hours': quietHours,
  members,
  people,
  invite,
  invites,
  'revoke invite': revokeInvite,
  'create bot': createBot,
  bots,
  'revoke bot': revokeBot,
  'make webhook': makeWebhook,
  webhooks,
  'revoke webhook': revokeWebhook,
  'give role': giveRole,
  recover,
  deeds,
  configure,
};
