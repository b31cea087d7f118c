/** Making rooms, coming into them and going. Everybody's devices follow at once. */
import { type Answer, type Failure, failure } from '../../shared/failures.ts';
import { DEFAULT_ROOM, LIMITS } from '../../shared/limits.ts';
import type { Person } from '../../shared/people.ts';
import { may } from '../../shared/roles.ts';
import {
  type ListedRoom,
  type Member,
  type MyRoom,
  type Room,
  type RoomKind,
  parseAdd,
  parseChangeRoom,
  parseCreateRoom,
  parseDirect,
  parseLevel,
  parseMembers,
  parseRemove,
  parseRoomAsk,
  parseRooms,
} from '../../shared/rooms.ts';
import {
  type Conversation,
  deliver,
  joinSockets,
  leaveSockets,
  personAudience,
  publicPerson,
  roomAudience,
  socketsOf,
  tellMember,
} from '../conversation.ts';
import { nameKeys } from '../name-skeleton.ts';
import { record } from '../record.ts';
import type { NewEvent } from '../store/messages.ts';
import { isDirect } from '../store/rooms.ts';
import {
  type Action,
  type NamedCaller,
  NOT_ALLOWED,
  NO_SUCH_PERSON,
  NO_SUCH_ROOM,
  type RoomCaller,
  inRoom,
  named,
  slowDown,
} from './action.ts';

/** A direct room has no name, no topic and no host, and its people are what it is. */
export const DIRECT: Failure = failure('invalid', 'This cannot be done to a direct conversation.', 'direct');

const WEBHOOK: Failure = failure(
  'not allowed',
  'A webhook speaks in its own room only: it cannot be added to another.',
  'webhook',
);

const ROOM_TAKEN: Failure = failure(
  'room taken',
  'There is a public room with this name, or one that looks like it.',
);

export const listRooms: Action = named({
  parse: parseRooms,
  async run(chat, { person }, { after = '' }): Promise<Answer<{ rooms: ListedRoom[]; more: boolean }>> {
    const rooms = await chat.store.rooms.listed(person.id, after, LIMITS.maxListSize + 1);
    return { ok: true, rooms: rooms.slice(0, LIMITS.maxListSize), more: rooms.length > LIMITS.maxListSize };
  },
});

export const createRoom: Action = named({
  parse: parseCreateRoom,
  gate: 'makingRooms',
  right: 'create rooms',
  async run(chat, caller, { name, kind, topic = '', people = [] }): Promise<Answer<{ room: MyRoom }>> {
    const { person } = caller;
    if (await hasWebhook(chat, people)) return WEBHOOK;
    const keys = keysOf(kind, name);
    const made = await chat.store.rooms.create({ name, keys, kind, topic, by: person.id, at: chat.now() });
    if (made === null) return ROOM_TAKEN;
    const { slug } = made;
    joinSockets(chat, person.id, slug);
    await say(chat, slug, person.id, { what: 'created' });
    await addPeople(chat, slug, person.id, people);
    return answerJoined(chat, caller, slug);
  },
});

export const changeRoom: Action = inRoom({
  parse: parseChangeRoom,
  gate: 'announcing',
  needs: 'membership',
  archived: 'too',
  async run(chat, caller, { name, topic, archived }): Promise<Answer<{ room: Room }>> {
    const { person, room, membership } = caller;
    if (isDirect(room.kind)) return DIRECT;
    const can = (right: Parameters<typeof may>[1]): boolean => may(person.role, right, membership?.host);
    if (name !== undefined && !can('rename rooms')) return NOT_ALLOWED;
    if (topic !== undefined && !can('set topics')) return NOT_ALLOWED;
    if (archived !== undefined && !can('archive rooms')) return NOT_ALLOWED;
    if (archived === true && room.slug === DEFAULT_ROOM)
      return failure('invalid', 'The room that everybody is in cannot be archived.', 'always open');
    if (room.archived && archived !== false)
      return failure('archived', 'This room is archived: open it again first.');

    const change = {
      ...(name !== undefined && name !== room.name && { name: { name, keys: keysOf(room.kind, name) } }),
      ...(topic !== undefined && topic !== room.topic && { topic }),
      ...(archived !== undefined && archived !== room.archived && { archived }),
    };
    if (Object.keys(change).length === 0) return { ok: true, room };
    if ((await chat.store.rooms.change(room.slug, change, chat.now())) === null) return ROOM_TAKEN;
    if (change.name !== undefined)
      await say(chat, room.slug, person.id, { what: 'renamed', name: change.name.name });
    if (change.topic !== undefined)
      await say(chat, room.slug, person.id, { what: 'topic', topic: change.topic });
    if (change.archived !== undefined) {
      await say(chat, room.slug, person.id, { what: change.archived ? 'archived' : 'reopened' });
      const what = change.archived ? 'room archived' : 'room reopened';
      await record(chat, { what, by: person.id, room: room.slug });
    }
    const changed = (await chat.store.rooms.seenBy(room.slug, person.id))?.room ?? room;
    chat.io.to(roomAudience(room.slug)).except(socketsOf(caller)).emit('room', changed);
    return { ok: true, room: changed };
  },
});

export const direct: Action = named({
  parse: parseDirect,
  right: 'write to people',
  async run(chat, caller, { people }): Promise<Answer<{ room: MyRoom }>> {
    const { person } = caller;
    const others = people.filter((id) => id !== person.id);
    if (others.length === 0) return failure('invalid', 'A conversation needs somebody else.', 'nobody else');
    if (others.length > 1 && !may(person.role, 'create groups')) return NOT_ALLOWED;
    if (await hasWebhook(chat, others)) return WEBHOOK;
    for (const id of others) if ((await chat.store.people.get(id)) === null) return NO_SUCH_PERSON;
    if (!(await chat.store.rooms.hasDirect(others, person.id))) {
      const waitMs = chat.gates.waitMs('writingToStrangers', person.id);
      if (waitMs > 0) return slowDown(waitMs);
    }
    const { room } = await chat.store.rooms.direct(others, person.id, chat.now());
    for (const id of [person.id, ...others]) joinSockets(chat, id, room.slug);
    return answerJoined(chat, caller, room.slug);
  },
});

export const join: Action = inRoom({
  parse: parseRoomAsk,
  gate: 'announcing',
  right: 'join public rooms',
  needs: 'sight',
  async run(chat, caller, { room }): Promise<Answer<{ room: MyRoom }>> {
    if (caller.membership === null)
      await bringIn(chat, room, caller.person, { what: 'joined' }, caller.person.id);
    return answerJoined(chat, caller, room);
  },
});

export const leave: Action = inRoom({
  parse: parseRoomAsk,
  gate: 'announcing',
  needs: 'membership',
  archived: 'too',
  async run(chat, { person, room }): Promise<Answer<object>> {
    if (room.slug === DEFAULT_ROOM) return failure('invalid', 'Everybody is in this room.', 'nobody leaves');
    if (room.kind === 'dm') return DIRECT;
    await takeOut(chat, room, person, { what: 'left' }, person.id);
    return { ok: true };
  },
});

export const add: Action = inRoom({
  parse: parseAdd,
  gate: 'announcing',
  right: 'add people',
  needs: 'membership',
  async run(chat, { person, room }, { people }): Promise<Answer<{ added: Person[] }>> {
    if (isDirect(room.kind)) return DIRECT;
    if (await hasWebhook(chat, people)) return WEBHOOK;
    return { ok: true, added: await addPeople(chat, room.slug, person.id, people) };
  },
});

export const removePerson: Action = inRoom({
  parse: parseRemove,
  gate: 'changing',
  right: 'remove people',
  needs: 'membership',
  async run(chat, { person: by, room }, { person: id }): Promise<Answer<object>> {
    if (isDirect(room.kind) || room.slug === DEFAULT_ROOM)
      return failure('invalid', 'Nobody can be removed from this room.', 'nobody is removed');
    const person = await chat.store.people.get(id);
    if (person === null) return NO_SUCH_PERSON;
    if (await takeOut(chat, room, person, { what: 'removed', person: id }, by.id)) {
      await record(chat, { what: 'person removed', by: by.id, about: id, room: room.slug });
      // A webhook has no other room to speak in.
      await chat.store.webhooks.revoke(room.slug, id);
    }
    return { ok: true };
  },
});

export const setLevel: Action = inRoom({
  parse: parseLevel,
  needs: 'membership',
  archived: 'too',
  async run(chat, caller: RoomCaller, { room, ...wish }): Promise<Answer<{ room: MyRoom }>> {
    await chat.store.rooms.setLevel(room, caller.person.id, wish);
    return answerJoined(chat, caller, caller.room.slug);
  },
});

export const members: Action = inRoom({
  parse: parseMembers,
  needs: 'sight',
  archived: 'too',
  async run(chat, { room }, { after = null }): Promise<Answer<{ members: Member[]; more: boolean }>> {
    const page = await chat.store.rooms.members(room.slug, after, LIMITS.maxListSize + 1);
    const members = page
      .slice(0, LIMITS.maxListSize)
      .map((member) => ({ ...member, online: chat.presence.has(member.person.id) }));
    return { ok: true, members, more: page.length > LIMITS.maxListSize };
  },
});

/** Nobody may take a room for another that everybody can find. Others may be called as their members like. */
function keysOf(kind: RoomKind, name: string): readonly string[] {
  return kind === 'public' ? nameKeys(name) : [];
}

async function hasWebhook({ store }: Conversation, people: readonly number[]): Promise<boolean> {
  return (await store.webhooks.among(people)).length > 0;
}

/** Tells the person's other devices what this one is answered. */
async function answerJoined(
  chat: Conversation,
  caller: NamedCaller,
  slug: string,
): Promise<Answer<{ room: MyRoom }>> {
  const room = await chat.store.rooms.mine(slug, caller.person.id);
  if (room === null) return NO_SUCH_ROOM;
  chat.io.to(personAudience(caller.person.id)).except(socketsOf(caller)).emit('joined', room);
  return { ok: true, room };
}

async function addPeople(
  chat: Conversation,
  slug: string,
  by: number,
  people: readonly number[],
): Promise<Person[]> {
  const added: Person[] = [];
  for (const id of people) {
    const person = id === by ? null : await chat.store.people.get(id);
    if (person === null) continue;
    if (!(await bringIn(chat, slug, person, { what: 'added', person: id }, by))) continue;
    added.push(publicPerson(person));
    const mine = await chat.store.rooms.mine(slug, id);
    if (mine !== null) chat.io.to(personAudience(id)).emit('joined', mine);
  }
  return added;
}

/** Makes somebody a member; false if they were one. */
export async function bringIn(
  chat: Conversation,
  slug: string,
  person: Person,
  event: NewEvent,
  by: number,
): Promise<boolean> {
  if (!(await chat.store.rooms.join(slug, person.id, chat.now()))) return false;
  joinSockets(chat, person.id, slug);
  tellMember(chat, slug, { person: publicPerson(person), host: false, joined: true });
  await say(chat, slug, by, event);
  return true;
}

/** False if they were no member. */
async function takeOut(
  chat: Conversation,
  { slug }: Room,
  person: Person,
  event: NewEvent,
  by: number,
): Promise<boolean> {
  if (!(await chat.store.rooms.leave(slug, person.id))) return false;
  leaveSockets(chat, person.id, slug);
  tellMember(chat, slug, { person: publicPerson(person), host: false, joined: false });
  await say(chat, slug, by, event);
  return true;
}

/** A system message. */
async function say(chat: Conversation, slug: string, by: number, event: NewEvent): Promise<void> {
  deliver(chat, await chat.store.messages.appendEvent(slug, by, event, chat.now()));
}
