import type { Message, MyRoom } from '../../shared/events.ts';
import { isMuted, mentions } from './room-list.ts';

/** What a message is to me: said to me in particular, or something that I want to hear of in its room. */
export type Worth = 'personal' | 'any';

/** Null if it is worth no sound: my own, old, in a muted room, or not what I want to hear of in this room. */
export function worthOf(message: Message, room: MyRoom | undefined, me: number | undefined): Worth | null {
  const { from, kind, deleted, seq } = message;
  if (room === undefined || isMuted(room) || seq <= room.read) return null;
  if (me === undefined || from.id === me || kind === 'system' || deleted) return null;
  if (mentions(message, me)) return 'personal';
  if (room.level !== 'all') return null;
  return room.kind === 'dm' || room.kind === 'group' ? 'personal' : 'any';
}
