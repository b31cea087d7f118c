/** Somebody new is here: the people in the default rooms see them come. */
import { type Conversation, publicPerson, tellMember } from './conversation.ts';
import type { Me } from '../shared/people.ts';

export async function announceArrival(chat: Conversation, me: Me): Promise<void> {
  for (const room of await chat.store.rooms.slugsOf(me.id)) {
    tellMember(chat, room, { person: publicPerson(me), host: false, joined: true });
  }
}
