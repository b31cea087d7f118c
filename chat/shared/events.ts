/**
 * What the page and the server say to each other by socket. Every ask is answered by an `Answer`; the server has stored
 * what it answers for, and tells others only then. What is read over HTTP, and who one is, stands in routes.ts.
 *
 * After each connect a page asks `hello`, then `enter` with the last `rev` for each room that it holds messages of.
 * `message` events of all rooms of `hello` arrive from then on, so some may come before those answers: a message with a
 * `rev` that one has already is nothing new.
 *
 * Who one is is read from the cookie once, at connecting: after signing in or out, connect anew. Bots connect with
 * `auth: { token }`.
 */
import type { Deed, DeedsAsk } from './deeds.ts';
import type { Answer } from './failures.ts';
import type { KeepAsk, Saved, SavedAsk } from './keeping.ts';
import type { EditAsk, Message, MessageAsk, ReactAsk, Revision, SendAsk } from './messages.ts';
import type {
  Bot,
  ChatInfo,
  ConfigureAsk,
  Invite,
  InviteAsk,
  Me,
  PeopleAsk,
  Person,
  RevokeWebhookAsk,
  QuietHoursAsk,
  RoleAsk,
  WebhookAsk,
} from './people.ts';
import type {
  DaysAsk,
  EnterAsk,
  Entered,
  Hello,
  History,
  HistoryAsk,
  Mentions,
  MentionsAsk,
  ReadAsk,
  ReadState,
} from './reading.ts';
import type {
  AddAsk,
  ChangeRoomAsk,
  CreateRoomAsk,
  DirectAsk,
  LevelAsk,
  ListedRoom,
  Member,
  MembersAsk,
  MyRoom,
  RemoveAsk,
  Room,
  RoomAsk,
  RoomsAsk,
} from './rooms.ts';
import type { Found, SearchAsk } from './search.ts';

export type * from './accents.ts';
export type * from './deeds.ts';
export type * from './failures.ts';
export type * from './keeping.ts';
export type * from './messages.ts';
export type * from './passkeys.ts';
export type * from './people.ts';
export type * from './reading.ts';
export type * from './roles.ts';
export type * from './rooms.ts';
export type * from './search.ts';
export { DEFAULT_ROOM, LIMITS } from './limits.ts';

type Ask<Payload, Value> = (ask: Payload, answer: (answer: Answer<Value>) => void) => void;
type Nothing = Record<string, never>;

export interface ClientToServer {
  hello: Ask<Nothing, Hello>;

  /** Comes into a room: its newest page, or with `rev` all that changed since. Its events follow, also for non-members. */
  enter: Ask<EnterAsk, Entered>;
  history: Ask<HistoryAsk, History>;
  days: Ask<DaysAsk, { has: boolean[] }>;
  read: Ask<ReadAsk, ReadState>;
  /** Everything in all my rooms is read. */
  'read all': Ask<Nothing, { rooms: ReadState[] }>;
  mentions: Ask<MentionsAsk, Mentions>;
  search: Ask<SearchAsk, Found>;

  send: Ask<SendAsk, { message: Message }>;
  /** One's own messages only. */
  edit: Ask<EditAsk, { message: Message }>;
  /** Leaves a tombstone. For `LIMITS.undoMs` it can be taken back by `restore`. */
  delete: Ask<MessageAsk, { message: Message }>;
  restore: Ask<MessageAsk, { message: Message }>;
  react: Ask<ReactAsk, { message: Message }>;
  /** A pinned message has changed: everybody gets it. In direct rooms everybody may pin. */
  pin: Ask<KeepAsk, { message: Message }>;
  /** The last pinned first. */
  pins: Ask<RoomAsk, { messages: Message[] }>;
  /** By whoever said it, or may delete it. Another link brings another one. */
  'remove preview': Ask<MessageAsk, { message: Message }>;
  save: Ask<KeepAsk, Nothing>;
  /** In the rooms that I can see. */
  saved: Ask<SavedAsk, Saved>;
  /** Which messages of a room I have saved, by seq. */
  'saved in': Ask<RoomAsk, { seqs: number[] }>;
  /** What it said before, the oldest first. */
  revisions: Ask<MessageAsk, { revisions: Revision[] }>;
  /** I am writing. Repeat every 3 s; it is never stored and never answered. */
  typing: (ask: RoomAsk) => void;

  /** The public rooms. */
  rooms: Ask<RoomsAsk, { rooms: ListedRoom[]; more: boolean }>;
  'create room': Ask<CreateRoomAsk, { room: MyRoom }>;
  'change room': Ask<ChangeRoomAsk, { room: Room }>;
  direct: Ask<DirectAsk, { room: MyRoom }>;
  join: Ask<RoomAsk, { room: MyRoom }>;
  leave: Ask<RoomAsk, Nothing>;
  add: Ask<AddAsk, { added: Person[] }>;
  remove: Ask<RemoveAsk, Nothing>;
  level: Ask<LevelAsk, { room: MyRoom }>;
  'quiet hours': Ask<QuietHoursAsk, { me: Me }>;
  members: Ask<MembersAsk, { members: Member[]; more: boolean }>;
  /** For autocomplete: those in the given room first, then by name. */
  people: Ask<PeopleAsk, { people: Person[] }>;

  /** The link is `/i/CODE`; the code is told this once. */
  invite: Ask<InviteAsk, { invite: Invite; code: string }>;
  /** Mine; all of them for who may configure the chat. */
  invites: Ask<Nothing, { invites: Invite[] }>;
  'revoke invite': Ask<{ id: number }, Nothing>;

  /** For `auth: { token }` and `Authorization: Bearer`; the token is told this once. */
  'create bot': Ask<{ name: string }, { bot: Person; token: string }>;
  bots: Ask<Nothing, { bots: Bot[] }>;
  /** Its token is worth nothing from now on; what it said stays. */
  'revoke bot': Ask<{ id: number }, Nothing>;
  /** For `POST /hooks/TOKEN`; the token is told this once. */
  'make webhook': Ask<WebhookAsk, { bot: Person; token: string }>;
  /** Those of a room; `seen` is when one last spoke. */
  webhooks: Ask<RoomAsk, { webhooks: Bot[] }>;
  'revoke webhook': Ask<RevokeWebhookAsk, Nothing>;
  /** The owner gives `owner` to hand the chat over, and is an admin then. */
  'give role': Ask<RoleAsk, { person: Person }>;
  /** For somebody who cannot sign in: the link is `/recover/CODE`, for one day and one use; the code is told this once. */
  recover: Ask<{ id: number }, { code: string; expires: number }>;
  /** What was done by those who may do more than others, the newest first. */
  deeds: Ask<DeedsAsk, { deeds: Deed[]; more: boolean }>;
  configure: Ask<ConfigureAsk, { chat: ChatInfo }>;

  /** The tutorial's event: a text for the default room. */
  'chat message': (body: string) => void;
}

export interface ServerToClient {
  /** A message that is new or has changed, as it is now. */
  message: (message: Message) => void;
  /** A room that I am in or have entered is called otherwise, has another topic, or is archived. */
  room: (room: Room) => void;
  /** I am in this room now: joined on another device, or added by somebody. Also when it changes for me alone. */
  joined: (room: MyRoom) => void;
  /** I am in this room no more. */
  left: (room: { room: string }) => void;
  /** Somebody else came into a room, or went. */
  member: (change: { room: string; person: Person; host: boolean; joined: boolean }) => void;
  /** Somebody has another name or role. */
  person: (person: Person) => void;
  /** My own name or role, changed elsewhere. */
  me: (me: Me) => void;
  /** Who came and who went, a few times per second at most. */
  presence: (change: { came: number[]; went: number[] }) => void;
  /** How many people (not sockets) are here now, visitors without a name included. */
  online: (count: number) => void;
  typing: (who: { room: string; person: Person }) => void;
  /** I have saved a message on another device, or let it go. */
  saved: (kept: KeepAsk) => void;
  /** I have read on another device. */
  read: (state: ReadState) => void;
  chat: (chat: ChatInfo) => void;
  /** Why the connection is about to end. */
  notice: (notice: { what: 'signed out' | 'stopping' }) => void;
  /** The tutorial's event, for sockets that never said `hello` or `enter`. */
  'chat message': (body: string) => void;
}
