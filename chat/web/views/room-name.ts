import type { Room } from '../../shared/events.ts';
import type { App } from '../app/app.ts';

/** What a room is called: rooms of a few people by the others in it. */
export function nameOf(app: App, room: Pick<Room, 'slug' | 'name' | 'kind' | 'people'> | undefined): string {
  if (room === undefined) return '';
  if (room.kind === 'public' || room.kind === 'private') return room.name;
  const people = (room.people ?? []).map((person) => app.people.current(person));
  const others = people.filter((person) => person.id !== app.me.value?.id);
  return (others.length > 0 ? others : people).map(({ name }) => name).join(', ');
}
