/** Saying something, and changing what was said. It is stored before anybody sees it, and a repeat is not said twice. */
import { type Answer, failure } from '../../shared/failures.ts';
import type { Parsed, Parser } from '../../shared/fields.ts';
import { LIMITS } from '../../shared/limits.ts';
import {
  type Message,
  type SendAsk,
  parseEdit,
  parseMessageAsk,
  parseReact,
  parseSend,
} from '../../shared/messages.ts';
import { may } from '../../shared/roles.ts';
import { type RoomAsk, parseRoomAsk } from '../../shared/rooms.ts';
import { parsePost } from '../../shared/routes.ts';
import {
  type Conversation,
  deliver,
  deliverChange,
  personAudience,
  publicPerson,
  roomAudience,
  socketsOf,
} from '../conversation.ts';
import { previewedLink } from '../previews/previewed-link.ts';
import { record } from '../record.ts';
import { isDirect } from '../store/rooms.ts';
import {
  ARCHIVED,
  type Action,
  NOT_ALLOWED,
  NO_SUCH_MESSAGE,
  type RoomCaller,
  inRoom,
  slowDown,
  speakingGate,
} from './action.ts';
import { findMentioned } from './mentioned.ts';
import { refuseLinks, refuseSpeech } from './speech-rules.ts';

export const send: Action = speak(parseSend);

/** The same for programs over HTTP, which need not make up a nonce. */
export const post: Action = speak(parseRoomPost);

/** The same for a webhook: whom `@room` reaches is up to the rights that its maker has by now. */
export function postFor(maker: number): Action {
  return speak(parseRoomPost, async ({ store }, { room }) => {
    const person = await store.people.get(maker);
    const seen = await store.rooms.seenBy(room.slug, maker);
    return person !== null && may(person.role, 'mention rooms', seen?.membership?.host);
  });
}

type MayMentionRoom = (chat: Conversation, caller: RoomCaller) => boolean | Promise<boolean>;

function mayMentionRoom(_chat: Conversation, { person, membership }: RoomCaller): boolean {
  return may(person.role, 'mention rooms', membership?.host);
}

function parseRoomPost(payload: unknown): Parsed<Speech & RoomAsk> {
  const room = parseRoomAsk(payload);
  if (!room.ok) return room;
  const message = parsePost(payload);
  return message.ok ? { ok: true, value: { nonce: null, ...message.value, ...room.value } } : message;
}

/** A nonce of null is a program that does not repeat. */
type Speech = Omit<SendAsk, 'room' | 'nonce'> & { nonce: string | null };

function speak(parse: Parser<Speech & RoomAsk>, mayMention: MayMentionRoom = mayMentionRoom): Action {
  return inRoom({
    parse,
    gate: 'own',
    right: 'send',
    needs: 'membership',
    async run(chat, caller, ask): Promise<Answer<{ message: Message }>> {
      const { person, room } = caller;
      const waitMs =
        chat.gates.waitMs(speakingGate(person), person.id) || chat.gates.waitMs('speakingInRoom', room.slug);
      return waitMs > 0 ? slowDown(waitMs) : say(chat, caller, ask, mayMention);
    },
  });
}

/** For who may speak here, and not too fast. */
export async function say(
  chat: Conversation,
  caller: RoomCaller,
  { nonce, body, replyTo, kind }: Speech,
  mayMention: MayMentionRoom = mayMentionRoom,
): Promise<Answer<{ message: Message }>> {
  const { person, room } = caller;
  const refused = await refuseSpeech(chat, caller, { body, nonce });
  if (refused !== null) return refused;
  const mentioned = await findMentioned(chat, room, person.id, body);
  const { message, repeated } = await chat.store.messages.append({
    room: room.slug,
    person: person.id,
    nonce,
    body,
    at: chat.now(),
    mentions: mentioned.mentions,
    mentionsRoom:
      mentioned.room && (await mayMention(chat, caller)) && chat.gates.pass('mentioningRoom', room.slug),
    ...(replyTo !== undefined && { replyTo }),
    ...(kind !== undefined && { kind }),
  });
  const own = nonce === null ? message : { ...message, nonce };
  // Whoever was away when the first one was delivered finds it among the changes when they are back.
  if (!repeated) {
    // The others did not have the room before somebody said something in it.
    if (isDirect(room.kind) && message.seq === 1) await showRoom(chat, room.slug);
    deliver(chat, own, socketsOf(caller));
    chat.previews.want(chat, caller, message);
    chat.io
      .to(personAudience(person.id))
      .except(socketsOf(caller))
      .emit('read', { room: room.slug, read: message.seq, unread: 0, mentions: 0 });
  }
  // A repeated nonce may have been used in another room: that is where its message is.
  return { ok: true, message: own };
}

async function showRoom({ store, io }: Conversation, slug: string): Promise<void> {
  for (const person of await store.rooms.memberIds(slug)) {
    const mine = await store.rooms.mine(slug, person);
    if (mine !== null) io.to(personAudience(person)).emit('joined', mine);
  }
}

export const edit: Action = inRoom({
  parse: parseEdit,
  gate: 'changing',
  right: 'send',
  needs: 'membership',
  async run(chat, caller, { seq, body }): Promise<Answer<{ message: Message }>> {
    const { room, person } = caller;
    const message = await chat.store.messages.get(room.slug, seq);
    if (message === null || message.deleted !== undefined) return NO_SUCH_MESSAGE;
    if (message.from.id !== person.id || message.kind === 'system') return NOT_ALLOWED;
    const refused = await refuseLinks(chat, caller, body);
    if (refused !== null) return refused;
    const { mentions } = await findMentioned(chat, room, person.id, body);
    const dropsPreview = previewedLink(body) !== previewedLink(message.body);
    const change = { body, mentions, dropsPreview };
    const edited = await chat.store.messages.edit(room.slug, seq, change, chat.now());
    if (edited.rev > message.rev) {
      deliverChange(chat, edited, socketsOf(caller));
      await tellMentioned(chat, message, edited);
    }
    if (dropsPreview) chat.previews.want(chat, caller, edited);
    return { ok: true, message: edited };
  },
});

/** Who had read the message already finds no other sign that it names them now. An edit makes no sound. */
async function tellMentioned({ store, io }: Conversation, before: Message, after: Message): Promise<void> {
  const known = new Set(before.mentions?.map(({ person }) => person));
  for (const { person } of after.mentions ?? []) {
    const mine = known.has(person) ? null : await store.rooms.mine(after.room, person);
    if (mine === null) continue;
    const { read, unread, mentions } = mine;
    io.to(personAudience(person)).emit('read', { room: after.room, read, unread, mentions });
  }
}

export const remove: Action = inRoom({
  parse: parseMessageAsk,
  gate: 'changing',
  needs: 'membership',
  archived: 'too',
  async run(chat, caller, { seq }): Promise<Answer<{ message: Message }>> {
    const { room, person, membership } = caller;
    const message = await chat.store.messages.get(room.slug, seq);
    const isModerator = may(person.role, 'delete messages of others', membership?.host);
    if (room.archived && !isModerator) return ARCHIVED;
    if (message === null) return NO_SUCH_MESSAGE;
    const isOwn = message.from.id === person.id;
    if (message.kind === 'system' || (!isOwn && !isModerator)) return NOT_ALLOWED;
    const now = chat.now();
    const deleted = await chat.store.messages.delete(room.slug, seq, person.id, now, now + LIMITS.undoMs);
    if (deleted.rev > message.rev) {
      deliverChange(chat, deleted, socketsOf(caller));
      if (!isOwn) {
        const deed = { by: person.id, about: message.from.id, room: room.slug, detail: String(seq) };
        await record(chat, { what: 'message deleted', ...deed }, { seq });
      }
    }
    return { ok: true, message: deleted };
  },
});

export const restore: Action = inRoom({
  parse: parseMessageAsk,
  needs: 'membership',
  archived: 'too',
  async run(chat, caller, { seq }): Promise<Answer<{ message: Message }>> {
    const { room, person, membership } = caller;
    // Moderators may delete there, so that they may take it back.
    if (room.archived && !may(person.role, 'delete messages of others', membership?.host)) return ARCHIVED;
    const message = await chat.store.messages.get(room.slug, seq);
    if (message?.deleted === undefined) return NO_SUCH_MESSAGE;
    if (message.deleted.by.id !== person.id) return NOT_ALLOWED;
    const restored = await chat.store.messages.restore(room.slug, seq, chat.now());
    if (restored === null) return failure('gone', 'It is too late to bring this message back.', 'too late');
    deliverChange(chat, restored, socketsOf(caller));
    return { ok: true, message: restored };
  },
});

export const react: Action = inRoom({
  parse: parseReact,
  gate: 'reacting',
  right: 'react',
  needs: 'membership',
  async run(chat, caller, { seq, emoji, on }): Promise<Answer<{ message: Message }>> {
    const { room, person } = caller;
    const message = await chat.store.messages.get(room.slug, seq);
    if (message === null || message.deleted !== undefined) return NO_SUCH_MESSAGE;
    const reaction = { person: person.id, emoji, on, at: chat.now() };
    const changed = await chat.store.messages.react(room.slug, seq, reaction, LIMITS.reactionsPerMessage);
    if (changed === null) {
      return failure(
        'too many',
        `A message can have at most ${LIMITS.reactionsPerMessage} different reactions.`,
      );
    }
    if (changed.rev > message.rev) deliverChange(chat, changed, socketsOf(caller));
    return { ok: true, message: changed };
  },
});

/** Not stored, and not answered: the server only passes it on to those who are there. */
export const typing: Action = inRoom({
  parse: parseRoomAsk,
  gate: 'own',
  right: 'send',
  needs: 'membership',
  async run(chat, { person, room }): Promise<Answer<object>> {
    if (chat.gates.pass('typing', `${person.id} ${room.slug}`)) {
      chat.io
        .to(roomAudience(room.slug))
        .except(personAudience(person.id))
        .volatile.emit('typing', { room: room.slug, person: publicPerson(person) });
    }
    return { ok: true };
  },
});
