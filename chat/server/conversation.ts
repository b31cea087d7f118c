/** What the actions share: the server of sockets, the store, and the names of the audiences. */
import type { Server, Socket } from 'websockets.io';
import type { ClientToServer, Failure, Message, Person, ServerToClient } from '../shared/events.ts';
import type { FloodGate } from './flood-gate.ts';
import type { HeadCount } from './head-count.ts';
import type { Store } from './store.ts';

export interface SocketData {
  /** Who the session cookie says this is; null without one. */
  person: Person | null;
  /** Who a socket without a session became when it spoke by the tutorial's event. */
  guest: Promise<Person> | null;
}

export type ChatServer = Server<ClientToServer, ServerToClient, Record<string, never>, SocketData>;
export type ChatSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>;

export interface Conversation {
  io: ChatServer;
  store: Store;
  headCount: HeadCount;
  /** For what is said. Keyed by person, or by socket where there is none. */
  speaking: FloodGate;
  /** For what is asked. Keyed by socket. */
  asking: FloodGate;
  /** Which build of the page is served. */
  build: string;
  now: () => number;
}

/** Everybody who entered the room by `enter`. */
export function roomAudience(slug: string): string {
  return `room ${slug}`;
}

/** The sockets that never did `enter`: the tutorial's page, and bots as simple as it. */
export const TUTORIAL_AUDIENCE = 'tutorial';

/** The sockets that came with one session's cookie. */
export function sessionAudience(sessionId: string): string {
  return `session ${sessionId}`;
}

/** All sockets of one person. */
export function personAudience(person: number): string {
  return `person ${person}`;
}

/** One name for all sockets of a person; an unnamed socket is a visitor of its own. */
export function visitorOf(socket: ChatSocket): string {
  return socket.data.person === null ? `socket ${socket.id}` : personAudience(socket.data.person.id);
}

/** Shows a stored message to everybody in its room but the sockets of `except`. */
export function deliver(io: ChatServer, message: Message, except: string[] = []): void {
  io.to(roomAudience(message.room)).except(except).emit('message', message);
  io.to(TUTORIAL_AUDIENCE).except(except).emit('chat message', message.body);
}

export function failure(code: Failure['code'], text: string): Failure {
  return { ok: false, code, text };
}
