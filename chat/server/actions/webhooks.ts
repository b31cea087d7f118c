/** Webhooks: addresses by which programs elsewhere speak in one room, each as a bot with a name of its own. */
import { type Answer, failure } from '../../shared/failures.ts';
import { LIMITS } from '../../shared/limits.ts';
import { type Bot, type Person, parseRevokeWebhook, parseWebhook } from '../../shared/people.ts';
import { parseRoomAsk } from '../../shared/rooms.ts';
import { publicPerson, tellMember } from '../conversation.ts';
import { looksReserved, nameKeys } from '../name-skeleton.ts';
import { NAME_TAKEN } from '../naming.ts';
import { record } from '../record.ts';
import { isDirect } from '../store/rooms.ts';
import { hashToken, newToken } from '../tokens.ts';
import { type Action, NO_SUCH_PERSON, inRoom } from './action.ts';
import { DIRECT } from './rooms.ts';

export const makeWebhook: Action = inRoom({
  parse: parseWebhook,
  gate: 'makingWebhooks',
  right: 'make webhooks',
  needs: 'membership',
  async run(chat, { person: by, room }, { name }): Promise<Answer<{ bot: Person; token: string }>> {
    if (isDirect(room.kind)) return DIRECT;
    if (looksReserved(name)) return NAME_TAKEN;
    const token = newToken();
    const bot = await chat.store.webhooks.create({
      name,
      keys: nameKeys(name),
      role: 'member',
      at: chat.now(),
      by: by.id,
      tokenHash: hashToken(token),
      room: room.slug,
      most: LIMITS.webhooksPerRoom,
    });
    if (bot === 'taken') return NAME_TAKEN;
    if (bot === 'too many') {
      return failure('too many', `A room can have at most ${LIMITS.webhooksPerRoom} webhooks.`);
    }
    await record(chat, { what: 'webhook made', by: by.id, about: bot.id, room: room.slug });
    tellMember(chat, room.slug, { person: bot, host: false, joined: true });
    return { ok: true, bot, token };
  },
});

export const webhooks: Action = inRoom({
  parse: parseRoomAsk,
  right: 'make webhooks',
  needs: 'membership',
  archived: 'too',
  async run(chat, { room }): Promise<Answer<{ webhooks: Bot[] }>> {
    return { ok: true, webhooks: await chat.store.webhooks.list(room.slug) };
  },
});

export const revokeWebhook: Action = inRoom({
  parse: parseRevokeWebhook,
  right: 'make webhooks',
  needs: 'membership',
  archived: 'too',
  async run(chat, { person: by, room }, { id }): Promise<Answer<object>> {
    const bot = await chat.store.people.get(id);
    if (bot === null || !(await chat.store.webhooks.revoke(room.slug, id))) return NO_SUCH_PERSON;
    await record(chat, { what: 'webhook revoked', by: by.id, about: id, room: room.slug });
    tellMember(chat, room.slug, { person: publicPerson(bot), host: false, joined: false });
    return { ok: true };
  },
});
