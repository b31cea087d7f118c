import type { Message } from '../../shared/events.ts';
import { t } from '../words/later.ts';
import type { App } from './app.ts';
import { explain } from './explain.ts';

/** Whoever may delete the message may take away its preview. */
export function mayRemovePreview(app: App, message: Message): boolean {
  const isOpen = app.myRoom(message.room)?.archived !== true;
  return message.preview !== undefined && isOpen && app.messages.mayDelete(message);
}

export async function removePreview(app: App, { room, seq }: Message): Promise<void> {
  const answer = await app.ask('remove preview', { room, seq });
  if (!answer.ok) {
    app.toasts.trouble(explain(answer));
    return;
  }
  app.receive(answer.message);
  app.toasts.say(t('previewRemoved'));
}

/** For everybody. */
export async function turnPreviews(app: App, previews: 'on' | 'off'): Promise<void> {
  const answer = await app.ask('configure', { previews });
  if (!answer.ok) {
    app.toasts.trouble(explain(answer));
    return;
  }
  app.chat.value = answer.chat;
  app.toasts.say(t('savedForAll'));
}
