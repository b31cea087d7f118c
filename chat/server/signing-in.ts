/** What all ways of signing in have in common. */
import type { Request, Response } from 'express';
import type { Me } from '../shared/people.ts';
import { type Conversation, tellPerson } from './conversation.ts';
import type { HttpParts } from './http-caller.ts';
import type { Sockets } from './sockets.ts';

/** Makes this browser the person's, by a session of its own. Whoever it was before, a guest for example, is somebody else. */
export async function signInHere(
  { chat, sessions, sockets }: HttpParts & { sockets: Sockets },
  request: Request,
  response: Response,
  { id }: Me,
): Promise<void> {
  const before = await sessions.resume(request);
  if (before !== null) {
    await chat.store.sessions.close(before.person, before.id);
    sockets.signOut(before.id);
  }
  await sessions.open(request, response, id);
}

/** Who has got a way to come back is a guest no more. They are read anew: roles may have changed since they asked. */
export async function raiseGuest(chat: Conversation, { id }: Me): Promise<Me> {
  const { store } = chat;
  const known = await store.people.get(id);
  const me = known?.role === 'guest' ? await store.people.setRole(id, 'member') : known;
  if (me === null) throw new RangeError(`There is no person ${id}`);
  tellPerson(chat, me);
  return me;
}
