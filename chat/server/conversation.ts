/** What the actions share: the server of sockets, the store, who is asking, and the names of the audiences. */
import type { IncomingMessage } from 'node:http';
import type { Server, Socket } from 'websockets.io';
import type { ClientToServer, ServerToClient } from '../shared/events.ts';
import type { Message } from '../shared/messages.ts';
import { DEFAULT_ROOM } from '../shared/limits.ts';
import type { ChatInfo, Me, Person } from '../shared/people.ts';
import type { FloodGates } from './flood-limits.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Presence } from './presence.ts';
import type { Previews } from './previews/previews.ts';
import type { Repeats } from './repeats.ts';
import type { Store } from './store/store.ts';
import { isAtThisMachine } from './visitor-address.ts';

export interface SocketData {
  /** Who the cookie or token says this is; null without one. */
  person: number | null;
  session: number | null;
  address: string;
  /** Who a socket without a session became when it spoke by the tutorial's event. */
  guest: Promise<Me | null> | null;
  /** What this socket asked for and is not done yet: its next action waits for that. */
  queue: Promise<unknown>;
}

export type ChatServer = Server<ClientToServer, ServerToClient, Record<string, never>, SocketData>;
export type ChatSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>;

export interface Conversation {
  io: ChatServer;
  store: Store;
  presence: Presence;
  gates: FloodGates;
  repeats: Repeats;
  /** How long a new guest waits before they may post links in public rooms. */
  guestLinksAfterMs: number;
  previews: Previews;
  metrics: Metrics;
  log: Log;
  /** Whether who sits at this machine may claim the chat: behind a proxy that is here, everybody seems to. */
  claimableHere: boolean;
  /** Whether browsers may keep what they show. */
  offline: boolean;
  /** Which build of the page is served. */
  build: string;
  now: () => number;
}

/** Who asks, by socket or over HTTP. */
export interface Caller {
  /** As the store has them now; null for who has no name. */
  person: Me | null;
  /** For the limits: the socket, or the address. */
  key: string;
  request: IncomingMessage;
  /** Null over HTTP. */
  socket: ChatSocket | null;
}

/** Everybody who is in the room or has entered it. */
export function roomAudience(slug: string): string {
  return `room ${slug}`;
}

/** The sockets that never said `hello` or `enter`: the tutorial's page, and bots as simple as it. */
export const TUTORIAL_AUDIENCE = 'tutorial';

/** The sockets of visitors without a name. */
export const VISITOR_AUDIENCE = 'visitors';

/** Who is here and what they are called is for those who have a name themselves, and asked. */
export const NOT_FOR_STRANGERS: string[] = [TUTORIAL_AUDIENCE, VISITOR_AUDIENCE];

/** The sockets that came with one session. */
export function sessionAudience(session: number): string {
  return `session ${session}`;
}

/** All sockets of one person. */
export function personAudience(person: number): string {
  return `person ${person}`;
}

/** A message that is new: to everybody in its room but the sockets of `except`. The nonce is for its author's only. */
export function deliver(chat: Conversation, message: Message, except: string[] = []): void {
  chat.metrics.messages += 1;
  const { nonce, ...plain } = message;
  const own = personAudience(message.from.id);
  if (nonce === undefined) chat.io.to(roomAudience(message.room)).except(except).emit('message', plain);
  else {
    chat.io
      .to(roomAudience(message.room))
      .except([...except, own])
      .emit('message', plain);
    chat.io
      .to(own)
      .except([...except, TUTORIAL_AUDIENCE])
      .emit('message', message);
  }
  if (message.room === DEFAULT_ROOM && message.kind !== 'system') {
    chat.io.to(TUTORIAL_AUDIENCE).except(except).emit('chat message', message.body);
  }
}

/** With the nonces of those that are the reader's own, so that a page knows the rows that it had drawn before. */
export async function withNonces(
  { store }: Conversation,
  reader: Me | null,
  messages: readonly Message[],
): Promise<Message[]> {
  const own = messages.filter(({ from }) => from.id === reader?.id);
  const [first] = own;
  if (first === undefined || reader === null) return [...messages];
  const nonces = await store.messages.nonces(
    first.room,
    reader.id,
    own.map(({ seq }) => seq),
  );
  return messages.map((message) => {
    const nonce = nonces.get(message.seq);
    return nonce === undefined ? message : { ...message, nonce };
  });
}

/** A message that has changed. */
export function deliverChange({ io }: Conversation, message: Message, except: string[] = []): void {
  io.to(roomAudience(message.room)).except(except).emit('message', message);
}

/** The caller's own socket has the answer instead. */
export function socketsOf({ socket }: Caller): string[] {
  return socket === null ? [] : [socket.id];
}

/** Brings the open sockets of a person into a room. */
export function joinSockets({ io }: Conversation, person: number, room: string): void {
  io.in(personAudience(person)).socketsJoin(roomAudience(room));
}

/** Takes the open sockets of a person out of a room, and tells them. */
export function leaveSockets({ io }: Conversation, person: number, room: string): void {
  io.in(personAudience(person)).socketsLeave(roomAudience(room));
  io.to(personAudience(person)).emit('left', { room });
}

/** Tells the others that somebody came into a room or went. */
export function tellMember(
  { io }: Conversation,
  room: string,
  change: { person: Person; host: boolean; joined: boolean },
): void {
  io.to(roomAudience(room))
    .except(personAudience(change.person.id))
    .emit('member', { room, ...change });
}

/** Somebody has another name or role: everybody learns it, and their own devices learn the rest. */
export function tellPerson({ io }: Conversation, me: Me): void {
  io.except(NOT_FOR_STRANGERS).emit('person', publicPerson(me));
  io.to(personAudience(me.id)).emit('me', me);
}

export function publicPerson({ id, name, role, bot }: Person): Person {
  return { id, name, role, ...(bot === true && { bot }) };
}

/** The chat has another name or entry, or an owner now: everybody learns it at once. */
export async function tellChat(chat: Conversation): Promise<ChatInfo> {
  const info: ChatInfo = { ...(await aboutChat(chat)), claimable: false };
  chat.io.except(TUTORIAL_AUDIENCE).emit('chat', info);
  return info;
}

/** Whether they need no link to claim a chat that nobody owns. */
export function mayClaim({ claimableHere }: Conversation, request: IncomingMessage): boolean {
  return claimableHere && isAtThisMachine(request);
}

export async function chatInfo(chat: Conversation, request: IncomingMessage): Promise<ChatInfo> {
  const { store } = chat;
  const claimable = mayClaim(chat, request) && (await store.people.owner()) === null;
  return { ...(await aboutChat(chat)), claimable };
}

async function aboutChat({ store, previews, offline }: Conversation): Promise<Omit<ChatInfo, 'claimable'>> {
  const about = await store.people.chat();
  return {
    ...about,
    ...(!previews.isAllowed && { previews: 'never' }),
    ...(!offline && { offline: 'never' }),
  };
}
