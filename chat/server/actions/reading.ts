/** Coming in, and moving through what was said. */
import { type Answer, failure } from '../../shared/failures.ts';
import { LIMITS } from '../../shared/limits.ts';
import { type Message, type Revision, parseMessageAsk } from '../../shared/messages.ts';
import {
  type Entered,
  type Hello,
  type History,
  type HistoryAsk,
  type Mentions,
  type ReadState,
  parseDays,
  parseEnter,
  parseHistory,
  parseMentions,
  parseRead,
} from '../../shared/reading.ts';
import {
  type Caller,
  type ChatSocket,
  type Conversation,
  TUTORIAL_AUDIENCE,
  chatInfo,
  personAudience,
  roomAudience,
  socketsOf,
  withNonces,
} from '../conversation.ts';
import { type Action, NO_NAME, NO_SUCH_ROOM, inRoom, named, open, parseNothing } from './action.ts';

/** Listen first, then read: what is stored in between is heard, or in the answer, or both, but never lost. */
function listenTo(socket: ChatSocket | null, rooms: readonly string[]): void {
  if (socket === null) return;
  socket.leave(TUTORIAL_AUDIENCE);
  socket.join(rooms.map(roomAudience));
}

export const hello: Action = open({
  parse: parseNothing,
  async run(chat, { person, socket, request }): Promise<Answer<Hello>> {
    if (person !== null) listenTo(socket, await chat.store.rooms.slugsOf(person.id));
    return {
      ok: true,
      me: person,
      chat: await chatInfo(chat, request),
      build: chat.build,
      rooms: person === null ? [] : await chat.store.rooms.allMine(person.id),
      online: person === null ? [] : chat.presence.people,
    };
  },
});

/** What visitors without a name may read, they may also enter. */
async function mayRead(chat: Conversation, { person }: Caller): Promise<boolean> {
  return person !== null || (await chat.store.people.chat()).entry === 'open';
}

export const enter: Action = open({
  parse: parseEnter,
  async run(chat, caller, { room: slug, rev }): Promise<Answer<Entered>> {
    const { person, socket } = caller;
    if (!(await mayRead(chat, caller))) return NO_NAME;
    const { rooms, reading } = chat.store;
    if ((await rooms.seenBy(slug, person?.id ?? null)) === null) return NO_SUCH_ROOM;
    // The room's numbers before its messages: they never promise more than the list holds.
    listenTo(socket, [slug]);
    const seen = await rooms.seenBy(slug, person?.id ?? null);
    if (seen === null) return NO_SUCH_ROOM;
    const mine = person === null ? null : await rooms.mine(slug, person.id);
    const { room } = seen;
    // A rev from the future belongs to another database, for example one that was restored from a backup.
    const missed =
      rev === undefined || rev > room.rev ? null : await reading.since(slug, rev, LIMITS.maxChanges);
    const page = missed === null ? await reading.before(slug, null, LIMITS.pageSize) : null;
    const messages = missed ?? page?.messages ?? [];
    const firstSeq = messages[0]?.seq ?? room.lastSeq + 1;
    return {
      ok: true,
      me: person,
      build: chat.build,
      room: mine === null ? room : { ...mine, lastSeq: room.lastSeq, rev: room.rev },
      messages: await withNonces(chat, person, messages),
      caughtUp: missed !== null,
      older: page?.older ?? firstSeq > 1,
      online: chat.presence.count,
    };
  },
});

export const history: Action = open({
  parse: parseHistory,
  async run(chat, caller, ask): Promise<Answer<History>> {
    if (!(await mayRead(chat, caller))) return NO_NAME;
    const seen = await chat.store.rooms.seenBy(ask.room, caller.person?.id ?? null);
    if (seen === null) return NO_SUCH_ROOM;
    const page = await readPage(chat, ask);
    const messages = await withNonces(chat, caller.person, page.messages);
    return { ok: true, ...page, messages, rev: seen.room.rev };
  },
});

async function readPage(
  { store: { reading } }: Conversation,
  { room, before, after, around, at, limit = LIMITS.pageSize }: HistoryAsk,
): Promise<Omit<History, 'rev'>> {
  if (before !== undefined) return { ...(await reading.before(room, before, limit)), focus: null };
  if (after !== undefined) return { ...(await reading.after(room, after, limit)), focus: null };
  return reading.around(room, around ?? (await reading.firstAt(room, at ?? 0)) ?? 0, limit);
}

export const days: Action = inRoom({
  parse: parseDays,
  needs: 'sight',
  archived: 'too',
  async run(chat, { room }, { edges }): Promise<Answer<{ has: boolean[] }>> {
    return { ok: true, has: await chat.store.reading.days(room.slug, edges) };
  },
});

export const revisions: Action = inRoom({
  parse: parseMessageAsk,
  needs: 'sight',
  archived: 'too',
  async run(chat, { room }, { seq }): Promise<Answer<{ revisions: Revision[] }>> {
    return { ok: true, revisions: await chat.store.messages.revisions(room.slug, seq) };
  },
});

export const read: Action = inRoom({
  parse: parseRead,
  needs: 'membership',
  archived: 'too',
  async run(chat, caller, { room, seq, back = false }): Promise<Answer<ReadState>> {
    const state = await chat.store.reading.read(room, caller.person.id, seq, back);
    tellRead(chat, caller, caller.person.id, [state]);
    return { ok: true, ...state };
  },
});

export const readAll: Action = named({
  parse: parseNothing,
  async run(chat, caller): Promise<Answer<{ rooms: ReadState[] }>> {
    const rooms = await chat.store.reading.readAll(caller.person.id);
    tellRead(chat, caller, caller.person.id, rooms);
    return { ok: true, rooms };
  },
});

/** The person's other devices lose the badge, too. */
function tellRead({ io }: Conversation, caller: Caller, person: number, states: readonly ReadState[]): void {
  for (const state of states) io.to(personAudience(person)).except(socketsOf(caller)).emit('read', state);
}

export const mentions: Action = named({
  parse: parseMentions,
  async run(chat, { person }, { before, limit = LIMITS.pageSize }): Promise<Answer<Mentions>> {
    return { ok: true, ...(await chat.store.reading.mentions(person.id, before ?? null, limit)) };
  },
});

/** Changes since a rev, for programs that read over HTTP. */
export async function changes(
  chat: Conversation,
  caller: Caller,
  room: string,
  rev: number,
): Promise<Answer<{ messages: Message[]; rev: number }>> {
  if (!(await mayRead(chat, caller))) return NO_NAME;
  const seen = await chat.store.rooms.seenBy(room, caller.person?.id ?? null);
  if (seen === null) return NO_SUCH_ROOM;
  const messages = await chat.store.reading.since(room, rev, LIMITS.maxChanges);
  if (messages === null) return failure('gone', 'Too much has changed since: read the newest page.');
  return { ok: true, messages: await withNonces(chat, caller.person, messages), rev: seen.room.rev };
}
