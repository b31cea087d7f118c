/** Rooms and who is in them. A room's `slug` is its address for ever: it never changes, whatever the room is called. */
import {
  type Parser,
  count,
  fields,
  filledSign,
  flag,
  numbers,
  oneOf,
  optional,
  sign,
  slug,
} from './fields.ts';
import { LIMITS } from './limits.ts';
import type { Person } from './people.ts';

/** `dm`: two people, always the same room for the same two. `group`: a few, by name of its people. */
export type RoomKind = 'public' | 'private' | 'dm' | 'group';

/** What everybody who can see a room sees of it. */
export interface Room {
  slug: string;
  /** Empty for `dm` and `group`: the page names them by `people`. */
  name: string;
  topic: string;
  kind: RoomKind;
  /** Everybody who comes in is in it from the beginning. The one of the tutorial, `DEFAULT_ROOM`, nobody can leave. */
  isDefault: boolean;
  /** Nothing can be said in it any more; it can be read. */
  archived: boolean;
  /** The seq of the newest message, 0 if there is none. */
  lastSeq: number;
  /** The revision of the newest change. */
  rev: number;
  /** For `dm` and `group`: all who are in it, oneself included. */
  people?: Person[];
}

/** `all`: every message is worth a sound. `mentions`: only those that mention me. `none`: muted, and never bold. */
export type NotifyLevel = 'all' | 'mentions' | 'none';

/** A room that I am in. */
export interface MyRoom extends Room {
  /** The seq of the last message that I have read. */
  read: number;
  /** Messages of others after `read`, without system messages and tombstones; at most `LIMITS.unreadCount`. */
  unread: number;
  /** Messages after `read` that mention me. */
  mentions: number;
  level: NotifyLevel;
  /** Until then it is as if its level were `none`, in milliseconds since 1970. It may be past. */
  quietUntil?: number;
  /** Whether I am its host: whoever made it. */
  host: boolean;
  /** When something was last said in it; when it was made, if nothing was. */
  at: number;
}

/** A public room in the list of those that one could join. */
export interface ListedRoom extends Room {
  members: number;
  joined: boolean;
}

export interface Member {
  person: Person;
  host: boolean;
  online: boolean;
}

export interface RoomAsk {
  room: string;
}

export interface CreateRoomAsk {
  name: string;
  kind: 'public' | 'private';
  topic?: string;
  /** Whom to add at once. */
  people?: number[];
}

export interface ChangeRoomAsk {
  room: string;
  name?: string;
  topic?: string;
  archived?: boolean;
}

/** Opens the room with these people: the one there is, or a new one. More than one makes a group. */
export interface DirectAsk {
  people: number[];
}

export interface AddAsk {
  room: string;
  people: number[];
}

export interface RemoveAsk {
  room: string;
  person: number;
}

/** What I want to hear of a room; what is not given stays. */
export interface LevelAsk {
  room: string;
  level?: NotifyLevel;
  /** Nothing until then; 0 ends it. */
  quietUntil?: number;
}

/** Pages by name: `after` is the id of the last member that one has. */
export interface MembersAsk {
  room: string;
  after?: number;
}

/** Pages by short name: `after` is the slug of the last room that one has. */
export interface RoomsAsk {
  after?: string;
}

const roomName = filledSign(LIMITS.roomNameChars);

export const parseRoomAsk: Parser<RoomAsk> = fields({ room: slug });
export const parseCreateRoom: Parser<CreateRoomAsk> = fields<CreateRoomAsk>({
  name: roomName,
  kind: oneOf(['public', 'private']),
  topic: optional(sign(LIMITS.topicChars)),
  people: optional(numbers(LIMITS.peopleAtOnce)),
});
export const parseChangeRoom: Parser<ChangeRoomAsk> = fields<ChangeRoomAsk>({
  room: slug,
  name: optional(roomName),
  topic: optional(sign(LIMITS.topicChars)),
  archived: optional(flag),
});
export const parseDirect: Parser<DirectAsk> = fields({ people: numbers(LIMITS.groupPeople - 1) });
export const parseAdd: Parser<AddAsk> = fields({ room: slug, people: numbers(LIMITS.peopleAtOnce) });
export const parseRemove: Parser<RemoveAsk> = fields({ room: slug, person: count(1) });
export const parseLevel: Parser<LevelAsk> = fields<LevelAsk>({
  room: slug,
  level: optional(oneOf(['all', 'mentions', 'none'])),
  quietUntil: optional(count(0)),
});
export const parseMembers: Parser<MembersAsk> = fields<MembersAsk>({
  room: slug,
  after: optional(count(1)),
});
export const parseRooms: Parser<RoomsAsk> = fields<RoomsAsk>({ after: optional(slug) });
