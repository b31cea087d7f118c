/** People, roles, invites, bots, and what the chat is called. */
import { type Answer, failure } from '../../shared/failures.ts';
import { type Deed, parseDeeds } from '../../shared/deeds.ts';
import { LIMITS } from '../../shared/limits.ts';
import {
  type Bot,
  type ChatInfo,
  type Invite,
  type Me,
  type Person,
  parseConfigure,
  parseId,
  parseInvite,
  parseNameAsk,
  parsePeople,
  parseQuietHours,
  parseRole,
} from '../../shared/people.ts';
import { isAtLeast, may, outranks } from '../../shared/roles.ts';
import {
  VISITOR_AUDIENCE,
  personAudience,
  publicPerson,
  socketsOf,
  tellChat,
  tellMember,
  tellPerson,
} from '../conversation.ts';
import { looksReserved, nameKeys } from '../name-skeleton.ts';
import { record } from '../record.ts';
import { makeRecovery } from '../recovery.ts';
import { hashToken, newCode, newToken } from '../tokens.ts';
import { NAME_TAKEN } from '../naming.ts';
import { type Action, NOT_ALLOWED, NO_SUCH_PERSON, NO_SUCH_ROOM, named, parseNothing } from './action.ts';
import { chooseDefaults } from './default-rooms.ts';
import { handOver } from './handing-over.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const INVITE_DAYS = 7;
const INVITE_USES = 25;

export const people: Action = named({
  parse: parsePeople,
  async run(
    chat,
    { person },
    { like = '', room, limit = LIMITS.maxListSize },
  ): Promise<Answer<{ people: Person[] }>> {
    const visible = room === undefined ? null : await chat.store.rooms.seenBy(room, person.id);
    if (room !== undefined && visible === null) return NO_SUCH_ROOM;
    const filter = { like, room: room ?? null, limit: Math.min(limit, LIMITS.maxListSize) };
    return { ok: true, people: await chat.store.people.list(filter) };
  },
});

export const giveRole: Action = named({
  parse: parseRole,
  right: 'give roles',
  async run(chat, { person: by }, { person: id, role, password }): Promise<Answer<{ person: Person }>> {
    const person = await chat.store.people.get(id);
    if (person === null) return NO_SUCH_PERSON;
    if (role === 'owner') return handOver(chat, by, person, password);
    if (id === by.id || !outranks(by.role, person.role) || !outranks(by.role, role)) return NOT_ALLOWED;
    if (person.bot === true && !isAtLeast('member', role)) {
      return failure('invalid', 'A bot can be a member at most.', 'bot role');
    }
    const changed = await chat.store.people.setRole(id, role);
    await record(chat, { what: 'role given', by: by.id, about: id, detail: role }, { role });
    tellPerson(chat, changed);
    return { ok: true, person: publicPerson(changed) };
  },
});

export const recover: Action = named({
  parse: parseId,
  gate: 'inviting',
  right: 'give roles',
  async run(chat, { person: by }, { id }): Promise<Answer<{ code: string; expires: number }>> {
    const person = await chat.store.people.get(id);
    if (person === null) return NO_SUCH_PERSON;
    // Whoever has the link can be that person: it must not lead upwards, nor to an equal.
    if (person.bot === true || !outranks(by.role, person.role)) return NOT_ALLOWED;
    const link = await makeRecovery(chat.store, id, by.id, chat.now());
    if (link === null) return NO_SUCH_PERSON;
    await record(chat, { what: 'recovery link made', by: by.id, about: id });
    return { ok: true, ...link };
  },
});

export const deeds: Action = named({
  parse: parseDeeds,
  right: 'configure the chat',
  async run(
    chat,
    { person: reader },
    { before = null, ...filter },
  ): Promise<Answer<{ deeds: Deed[]; more: boolean }>> {
    const page = await chat.store.deeds.list({
      reader: reader.id,
      before,
      limit: LIMITS.pageSize + 1,
      ...filter,
    });
    return { ok: true, deeds: page.slice(0, LIMITS.pageSize), more: page.length > LIMITS.pageSize };
  },
});

export const quietHours: Action = named({
  parse: parseQuietHours,
  async run(chat, caller, { quiet }): Promise<Answer<{ me: Me }>> {
    const me = await chat.store.people.setQuietHours(caller.person.id, quiet);
    chat.io.to(personAudience(me.id)).except(socketsOf(caller)).emit('me', me);
    return { ok: true, me };
  },
});

export const invite: Action = named({
  parse: parseInvite,
  gate: 'inviting',
  right: 'invite',
  async run(chat, { person }, ask): Promise<Answer<{ invite: Invite; code: string }>> {
    const { room, role = 'guest', days = INVITE_DAYS, uses = INVITE_USES } = ask;
    if (!isAtLeast('member', role))
      return failure('invalid', 'An invite can make somebody a member at most.');
    if (days > LIMITS.inviteDays || uses > LIMITS.inviteUses) {
      return failure(
        'too many',
        `An invite can last ${LIMITS.inviteDays} days and be used ${LIMITS.inviteUses} times at most.`,
      );
    }
    if (room !== undefined) {
      const seen = await chat.store.rooms.seenBy(room, person.id);
      if (seen === null) return NO_SUCH_ROOM;
      if (seen.membership === null || seen.room.people !== undefined) return NOT_ALLOWED;
    }
    const code = newCode();
    const at = chat.now();
    const made = await chat.store.invites.create({
      codeHash: hashToken(code),
      room: room ?? null,
      role,
      by: person.id,
      at,
      expires: at + days * DAY_MS,
      uses,
    });
    const deed = { what: 'invite made', by: person.id, detail: role } as const;
    await record(chat, { ...deed, ...(room !== undefined && { room }) }, { invite: made.id, role, uses });
    return { ok: true, invite: made, code };
  },
});

export const invites: Action = named({
  parse: parseNothing,
  right: 'invite',
  async run(chat, { person }): Promise<Answer<{ invites: Invite[] }>> {
    const by = may(person.role, 'configure the chat') ? null : person.id;
    return { ok: true, invites: await chat.store.invites.list(by, chat.now()) };
  },
});

export const revokeInvite: Action = named({
  parse: parseId,
  right: 'invite',
  async run(chat, { person }, { id }): Promise<Answer<object>> {
    const by = may(person.role, 'configure the chat') ? null : person.id;
    if (!(await chat.store.invites.revoke(id, by))) return failure('gone', 'There is no such invite.');
    await record(chat, { what: 'invite revoked', by: person.id }, { invite: id });
    return { ok: true };
  },
});

export const createBot: Action = named({
  parse: parseNameAsk,
  right: 'create bots',
  async run(chat, { person: by }, { name }): Promise<Answer<{ bot: Person; token: string }>> {
    if (looksReserved(name)) return NAME_TAKEN;
    const token = newToken();
    const bot = await chat.store.people.createBot({
      name,
      keys: nameKeys(name),
      role: 'member',
      at: chat.now(),
      by: by.id,
      tokenHash: hashToken(token),
    });
    if (bot === null) return NAME_TAKEN;
    await record(chat, { what: 'bot made', by: by.id, about: bot.id });
    for (const room of await chat.store.rooms.slugsOf(bot.id)) {
      tellMember(chat, room, { person: bot, host: false, joined: true });
    }
    return { ok: true, bot, token };
  },
});

export const bots: Action = named({
  parse: parseNothing,
  right: 'create bots',
  async run(chat): Promise<Answer<{ bots: Bot[] }>> {
    return { ok: true, bots: await chat.store.people.bots() };
  },
});

export const revokeBot: Action = named({
  parse: parseId,
  right: 'create bots',
  async run(chat, { person: by }, { id }): Promise<Answer<object>> {
    const rooms = await chat.store.rooms.slugsOf(id);
    const bot = await chat.store.people.get(id);
    if (bot === null || !(await chat.store.people.revokeBot(id))) return NO_SUCH_PERSON;
    await record(chat, { what: 'bot revoked', by: by.id, about: id });
    chat.io.in(personAudience(id)).disconnectSockets(true);
    for (const room of rooms)
      tellMember(chat, room, { person: publicPerson(bot), host: false, joined: false });
    return { ok: true };
  },
});

export const configure: Action = named({
  parse: parseConfigure,
  right: 'configure the chat',
  async run(chat, caller, { rooms, ...wish }): Promise<Answer<{ chat: ChatInfo }>> {
    const { name, entry, accent, previews } = wish;
    if (name === '') return failure('invalid', 'The chat needs a name.');
    if (previews === 'on' && !chat.previews.isAllowed)
      return failure('not allowed', 'Whoever runs the server allows no link previews.');
    const refused = rooms === undefined ? null : await chooseDefaults(chat, caller, rooms);
    if (refused !== null) return refused;
    await chat.store.people.configure(wish);
    const detail = [
      ...(name === undefined ? [] : ['name']),
      ...(entry === undefined ? [] : [`entry ${entry}`]),
      ...(previews === undefined ? [] : [`previews ${previews}`]),
      ...(accent === undefined ? [] : [`accent ${accent}`]),
      ...(rooms === undefined ? [] : ['rooms']),
    ];
    if (detail.length > 0) {
      await record(
        chat,
        { what: 'chat configured', by: caller.person.id, detail: detail.join(', ') },
        { ...(entry !== undefined && { entry }), ...(previews !== undefined && { previews }) },
      );
    }
    const info = await tellChat(chat);
    // Those who came in while it was open would go on to hear everything.
    if (entry === 'invite') chat.io.in(VISITOR_AUDIENCE).disconnectSockets(true);
    return { ok: true, chat: info };
  },
});
