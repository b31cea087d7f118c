/** Pinning for a room, saving for oneself. */
import { type Answer, type Failure, failure } from '../../shared/failures.ts';
import { type KeepAsk, type Saved, parseKeep, parseSaved } from '../../shared/keeping.ts';
import { LIMITS } from '../../shared/limits.ts';
import type { Message } from '../../shared/messages.ts';
import { may } from '../../shared/roles.ts';
import { parseRoomAsk } from '../../shared/rooms.ts';
import { type Conversation, deliverChange, personAudience, socketsOf } from '../conversation.ts';
import { isDirect } from '../store/rooms.ts';
import { type Action, NOT_ALLOWED, NO_SUCH_MESSAGE, inRoom, named } from './action.ts';

const PINS_FULL: Failure = failure(
  'too many',
  `A room can have at most ${LIMITS.pinsPerRoom} pinned messages: let one go first.`,
);
const SAVED_FULL: Failure = failure(
  'too many',
  `You can save at most ${LIMITS.savedPerPerson} messages: let one go first.`,
);

export const pin: Action = inRoom({
  parse: parseKeep,
  gate: 'reacting',
  needs: 'membership',
  async run(chat, caller, ask): Promise<Answer<{ message: Message }>> {
    const { room, person, membership } = caller;
    if (!isDirect(room.kind) && !may(person.role, 'pin messages', membership?.host)) return NOT_ALLOWED;
    const message = await findSaid(chat, ask);
    if (message === null) return NO_SUCH_MESSAGE;
    const keep = { ...ask, person: person.id, at: chat.now() };
    const changed = await chat.store.keeping.pin(keep, LIMITS.pinsPerRoom);
    if (changed === null) return PINS_FULL;
    if (changed.rev > message.rev) deliverChange(chat, changed, socketsOf(caller));
    return { ok: true, message: changed };
  },
});

export const pins: Action = inRoom({
  parse: parseRoomAsk,
  needs: 'sight',
  archived: 'too',
  async run(chat, { room }): Promise<Answer<{ messages: Message[] }>> {
    return { ok: true, messages: await chat.store.keeping.pins(room.slug) };
  },
});

export const save: Action = inRoom({
  parse: parseKeep,
  gate: 'reacting',
  needs: 'sight',
  archived: 'too',
  async run(chat, caller, ask): Promise<Answer<object>> {
    if ((await findSaid(chat, ask)) === null) return NO_SUCH_MESSAGE;
    const { id } = caller.person;
    const keep = { ...ask, person: id, at: chat.now() };
    if (!(await chat.store.keeping.save(keep, LIMITS.savedPerPerson))) return SAVED_FULL;
    chat.io.to(personAudience(id)).except(socketsOf(caller)).emit('saved', ask);
    return { ok: true };
  },
});

export const saved: Action = named({
  parse: parseSaved,
  async run(chat, { person }, { before, limit = LIMITS.pageSize }): Promise<Answer<Saved>> {
    return { ok: true, ...(await chat.store.keeping.saved(person.id, before ?? null, limit)) };
  },
});

export const savedIn: Action = inRoom({
  parse: parseRoomAsk,
  needs: 'sight',
  archived: 'too',
  async run(chat, { person, room }): Promise<Answer<{ seqs: number[] }>> {
    return { ok: true, seqs: await chat.store.keeping.savedIn(room.slug, person.id) };
  },
});

/** What happened in a room is not said by anybody, and a tombstone says nothing. */
async function findSaid(chat: Conversation, { room, seq }: KeepAsk): Promise<Message | null> {
  const message = await chat.store.messages.get(room, seq);
  return message === null || message.deleted !== undefined || message.kind === 'system' ? null : message;
}
