import type { App } from './app.ts';

/** The title of the window: what waits in all rooms, and where one is. */
export function titleOf({ waiting: { value: waiting }, conversation, chat }: App): string {
  const room = conversation.value?.room.value;
  const name = room && room.name !== '' ? room.name : (chat.value?.name ?? '');
  return (waiting > 0 ? `(${waiting}) ` : '') + (name === '' ? 'Chat' : name);
}
