/**
 * How an action is made of its parts. Whatever comes in, by socket or over HTTP, takes the same steps in the same order:
 * it is parsed, it must not come too fast, who asks must be somebody, see the room, be in it, and have the right; only
 * then it is done. All of that is looked up anew for each event: sockets' rooms are for delivering only.
 */
import { type Answer, type Failure, failure } from '../../shared/failures.ts';
import type { Parser } from '../../shared/fields.ts';
import type { Me } from '../../shared/people.ts';
import { type RightName, may } from '../../shared/roles.ts';
import type { Room } from '../../shared/rooms.ts';
import type { Caller, Conversation } from '../conversation.ts';
import type { GateName } from '../flood-limits.ts';

export type Action = (chat: Conversation, caller: Caller, payload: unknown) => Promise<Answer<object>>;

export interface NamedCaller extends Caller {
  person: Me;
}

/** Somebody who can see a room, with what they are in it. */
export interface RoomCaller extends NamedCaller {
  room: Room;
  /** Null for who is not in it. */
  membership: { host: boolean } | null;
}

type Run<From, Ask, Value> = (chat: Conversation, caller: From, ask: Ask) => Promise<Answer<Value>>;

/** `own`: the action has a gate of its own. */
type Gate = GateName | 'own';

interface Open<Ask, Value> {
  parse: Parser<Ask>;
  gate?: Gate;
  run: Run<Caller, Ask, Value>;
}

/** Also for visitors without a name. */
export function open<Ask, Value extends object>({ parse, gate = 'asking', run }: Open<Ask, Value>): Action {
  return async (chat, caller, payload) => {
    const parsed = parse(payload);
    if (!parsed.ok) return parsed;
    return tooFast(chat, gate, caller) ?? run(chat, caller, parsed.value);
  };
}

interface Named<Ask, Value> {
  parse: Parser<Ask>;
  gate?: Gate;
  right?: RightName;
  run: Run<NamedCaller, Ask, Value>;
}

/** For everybody who has a name, and the right if one is needed. */
export function named<Ask, Value extends object>({
  parse,
  gate = 'asking',
  right,
  run,
}: Named<Ask, Value>): Action {
  return async (chat, caller, payload) => {
    const parsed = parse(payload);
    if (!parsed.ok) return parsed;
    if (caller.person === null) return NO_NAME;
    if (right !== undefined && !may(caller.person.role, right)) return NOT_ALLOWED;
    return tooFast(chat, gate, caller) ?? run(chat, { ...caller, person: caller.person }, parsed.value);
  };
}

interface InRoom<Ask, Value> extends Omit<Named<Ask, Value>, 'run'> {
  /** `sight`: whoever can see the room. `membership`: whoever is in it. */
  needs: 'sight' | 'membership';
  /** Whether it can be done in an archived room. */
  archived?: 'too';
  run: Run<RoomCaller, Ask, Value>;
}

export function inRoom<Ask extends { room: string }, Value extends object>({
  parse,
  gate = 'asking',
  right,
  needs,
  archived,
  run,
}: InRoom<Ask, Value>): Action {
  return async (chat, caller, payload) => {
    const parsed = parse(payload);
    if (!parsed.ok) return parsed;
    const { person } = caller;
    if (person === null) return NO_NAME;
    const slow = tooFast(chat, gate, caller);
    if (slow !== null) return slow;
    const seen = await chat.store.rooms.seenBy(parsed.value.room, person.id);
    if (seen === null) return NO_SUCH_ROOM;
    const { room, membership } = seen;
    if (needs === 'membership' && membership === null) return NOT_IN_IT;
    if (right !== undefined && !may(person.role, right, membership?.host)) return NOT_ALLOWED;
    if (room.archived && archived !== 'too') return ARCHIVED;
    return run(chat, { ...caller, person, room, membership }, parsed.value);
  };
}

/** For actions that ask for nothing. */
export const parseNothing: Parser<object> = () => ({ ok: true, value: {} });

export const NO_NAME: Failure = failure('no name', 'Choose a name first.');
export const NOT_ALLOWED: Failure = failure('not allowed', 'You are not allowed to do this.');
export const NO_SUCH_ROOM: Failure = failure('no such room', 'There is no such room.');
export const NO_SUCH_MESSAGE: Failure = failure('no such message', 'There is no such message.');
export const NO_SUCH_PERSON: Failure = failure('no such person', 'There is no such person.');
const NOT_IN_IT: Failure = failure('not allowed', 'Join the room first.', 'join first');
export const ARCHIVED: Failure = failure('archived', 'This room is archived: nothing can be changed in it.');

/** What is counted by person, whatever device they use; the rest is by connection or address. */
function tooFast(chat: Conversation, gate: Gate, { person, key }: Caller): Failure | null {
  if (gate === 'own') return null;
  const waitMs = chat.gates.waitMs(gate, gate === 'asking' || person === null ? key : person.id);
  return waitMs === 0 ? null : slowDown(waitMs);
}

export function slowDown(waitMs: number): Failure {
  return { ...failure('too fast', 'You are too fast: wait a moment.'), waitMs };
}

/** The gate for what a person says. */
export function speakingGate({ role, bot }: Me): GateName {
  if (bot === true) return 'speakingAsBot';
  return role === 'guest' ? 'speakingAsGuest' : 'speaking';
}
