/** `/api/chat`, `/api/owner`, `/api/invites`: what a chat is called, and the ways into it that need a link. */
/* oxlint-disable oxc/no-async-endpoint-handlers -- Express 5 passes rejections to the error handler */
import { Router } from 'express';
import { type Answer, type Failure, failure } from '../shared/failures.ts';
import { type Invite, type Me, parseAccept, parseClaim } from '../shared/people.ts';
import type { Role } from '../shared/roles.ts';
import { NO_NAME, NOT_ALLOWED, slowDown } from './actions/action.ts';
import { bringIn } from './actions/rooms.ts';
import { announceArrival } from './arrivals.ts';
import { chatInfo, mayClaim, personAudience, tellChat, tellPerson } from './conversation.ts';
import {
  type HttpCaller,
  type HttpParts,
  acceptJsonOnly,
  answer,
  callerOf,
  readJson,
  refuse,
} from './http-caller.ts';
import { createPerson, isFailure } from './naming.ts';
import type { OwnerCode } from './owner-code.ts';
import { refusePassword } from './password-rules.ts';
import { hashPassword } from './passwords.ts';
import { record } from './record.ts';
import { hashToken } from './tokens.ts';

export interface EntryRoutesOptions extends HttpParts {
  ownerCode: OwnerCode;
}

const GONE: Failure = failure('gone', 'This invite was used up, has expired or was revoked.');
const HAS_OWNER: Failure = failure('gone', 'This chat has an owner already.', 'has owner');

export function entryRoutes(options: EntryRoutesOptions): Router {
  const { chat, sessions, ownerCode } = options;
  const { store, gates } = chat;
  const routes = Router();

  routes.get('/chat', async (request, response) => {
    response.json(await chatInfo(chat, request));
  });

  /** Who asks already, or somebody new by the name that they gave. */
  async function somebody(
    caller: HttpCaller,
    name: string | undefined,
    role: Role,
  ): Promise<{ me: Me; isNew: boolean } | Failure> {
    if (caller.session?.isBot === true) return NOT_ALLOWED;
    if (caller.person !== null) return { me: caller.person, isNew: false };
    if (name === undefined) return NO_NAME;
    const waitMs = gates.waitMs('arriving', caller.address);
    if (waitMs > 0) return slowDown(waitMs);
    const me = await createPerson(store, name, role, chat.now());
    if (isFailure(me)) return me;
    await announceArrival(chat, me);
    return { me, isNew: true };
  }

  routes.post('/owner', acceptJsonOnly, readJson, async (request, response) => {
    const caller = await callerOf(options, request);
    const parsed = parseClaim(request.body);
    if (isFailure(caller) || !parsed.ok) {
      refuse(response, isFailure(caller) ? caller : (parsed as Failure));
      return;
    }
    const { code, name, password, chat: chatName } = parsed.value;
    const waitMs = gates.waitMs('guessingCodes', caller.address);
    const refused = waitMs > 0 ? slowDown(waitMs) : await refuseClaim(caller, code, password, name);
    if (refused !== null) {
      refuse(response, refused);
      return;
    }
    const found = await somebody(caller, name, 'guest');
    if (isFailure(found)) {
      refuse(response, found);
      return;
    }
    const { id } = found.me;
    // Two may have come this far: the store lets one of them through.
    if (!(await store.people.claim(id))) {
      refuse(response, HAS_OWNER);
      return;
    }
    if (password !== undefined) await store.people.setPassword(id, await hashPassword(password));
    if (chatName !== undefined && chatName !== '') await store.people.configure({ name: chatName });
    if (found.isNew || caller.session === null) await sessions.open(request, response, id);
    else await sessions.rotate(request, response, caller.session.id);
    await record(chat, { what: 'chat claimed', by: id });
    const me = (await store.people.get(id)) ?? found.me;
    tellPerson(chat, me);
    await tellChat(chat);
    response.json({ me });
  });

  async function refuseClaim(
    { request, person }: HttpCaller,
    code: string | undefined,
    password: string | undefined,
    name = '',
  ): Promise<Failure | null> {
    if ((await store.people.owner()) !== null) return HAS_OWNER;
    const may = code === undefined ? mayClaim(chat, request) : ownerCode.matches(code);
    if (!may) return NOT_ALLOWED;
    return password === undefined ? null : refusePassword(password, person?.name ?? name);
  }

  routes.get('/invites/:code', async (request, response) => {
    const waitMs = gates.waitMs('guessingCodes', options.addressOf(request));
    const invite = waitMs > 0 ? null : await store.invites.find(hashToken(request.params.code), chat.now());
    if (waitMs > 0) refuse(response, slowDown(waitMs));
    else if (invite === null) refuse(response, GONE);
    // The name of the chat and nothing else: not who invited, nor to where.
    else response.json({ chat: (await store.people.chat()).name });
  });

  routes.post('/invites/:code', acceptJsonOnly, readJson, async (request, response) => {
    const caller = await callerOf(options, request);
    const parsed = parseAccept(request.body);
    if (isFailure(caller) || !parsed.ok) {
      refuse(response, isFailure(caller) ? caller : (parsed as Failure));
      return;
    }
    const waitMs = gates.waitMs('guessingCodes', caller.address);
    const result =
      waitMs > 0
        ? slowDown(waitMs)
        : await accept(caller, hashToken(String(request.params['code'])), parsed.value.name);
    if (result.ok && result.isNew) await sessions.open(request, response, result.me.id);
    answer(response, result.ok ? { ok: true, me: result.me, room: result.room } : result);
  });

  async function accept(
    caller: HttpCaller,
    codeHash: Buffer,
    name: string | undefined,
  ): Promise<Answer<{ me: Me; room: string | null; isNew: boolean }>> {
    const offered = await store.invites.find(codeHash, chat.now());
    if (offered === null) return GONE;
    const found = await somebody(caller, name, offered.role);
    if (isFailure(found)) return found;
    const invite = await store.invites.use(codeHash, chat.now());
    if (invite === null) return GONE;
    const me = await raise(found.me, invite);
    if (invite.room !== null) await enterBy(invite, me);
    return { ok: true, me, room: invite.room, isNew: found.isNew };
  }

  /** A guest who comes by a member's invite becomes what it offers. */
  async function raise(me: Me, { role, id, by }: Invite): Promise<Me> {
    if (me.role !== 'guest' || role === 'guest') return me;
    const raised = await store.people.setRole(me.id, role);
    const deed = { what: 'role given', by: by.id, about: me.id, detail: `${role}, invite ${id}` } as const;
    await record(chat, deed, { role, invite: id });
    tellPerson(chat, raised);
    return raised;
  }

  async function enterBy({ room }: Invite, me: Me): Promise<void> {
    if (room === null) return;
    await bringIn(chat, room, me, { what: 'joined' }, me.id);
    const mine = await store.rooms.mine(room, me.id);
    if (mine !== null) chat.io.to(personAudience(me.id)).emit('joined', mine);
  }

  return routes;
}
