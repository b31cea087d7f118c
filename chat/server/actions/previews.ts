import type { Answer } from '../../shared/failures.ts';
import { type Message, parseMessageAsk } from '../../shared/messages.ts';
import { may } from '../../shared/roles.ts';
import { deliverChange, socketsOf } from '../conversation.ts';
import { type Action, NOT_ALLOWED, NO_SUCH_MESSAGE, inRoom } from './action.ts';

/** Whoever said it does not want it there, or who may delete what others say. It does not come back by itself. */
export const removePreview: Action = inRoom({
  parse: parseMessageAsk,
  gate: 'changing',
  needs: 'membership',
  async run(chat, caller, { seq }): Promise<Answer<{ message: Message }>> {
    const { room, person, membership } = caller;
    const message = await chat.store.messages.get(room.slug, seq);
    if (message === null || message.deleted !== undefined) return NO_SUCH_MESSAGE;
    const isOwn = message.from.id === person.id;
    if (!isOwn && !may(person.role, 'delete messages of others', membership?.host)) return NOT_ALLOWED;
    const changed = await chat.store.previews.takeAway(room.slug, seq);
    if (changed.rev > message.rev) deliverChange(chat, changed, socketsOf(caller));
    return { ok: true, message: changed };
  },
});
