/** `/api/session`, `/api/sign-in`, `/api/account`, `/api/sessions`: who this browser is, and how one comes back. */
/* oxlint-disable oxc/no-async-endpoint-handlers -- Express 5 passes rejections to the error handler */
import { type Request, type Response, Router } from 'express';
import { type Answer, type Failure, failure } from '../shared/failures.ts';
import {
  type Me,
  type SessionInfo,
  parseAccount,
  parseNameAsk,
  parsePassword,
  parseSignIn,
} from '../shared/people.ts';
import { slowDown } from './actions/action.ts';
import { tellPerson } from './conversation.ts';
import { announceArrival } from './arrivals.ts';
import {
  type HttpCaller,
  type HttpParts,
  type SignedIn,
  acceptJsonOnly,
  answer,
  callerOf,
  readJson,
  refuse,
  signedInCaller,
} from './http-caller.ts';
import { createPerson, nameKey, isFailure, renamePerson } from './naming.ts';
import { refusePassword } from './password-rules.ts';
import { hashPassword, isOutdated, verifyPassword } from './passwords.ts';
import { record } from './record.ts';
import { raiseGuest, signInHere } from './signing-in.ts';
import type { Sockets } from './sockets.ts';

export interface SessionRoutesOptions extends HttpParts {
  sockets: Sockets;
}

const WRONG: Failure = failure('wrong password', 'The name or the password is wrong.');

export function sessionRoutes(options: SessionRoutesOptions): Router {
  const { chat, sessions, sockets } = options;
  const { store, gates, log } = chat;
  const routes = Router();
  /** For names that nobody has: checking a password takes as long then. */
  const nobodysHash = hashPassword('nobody has this password');

  const signedIn = (request: Request): Promise<SignedIn | Failure> => signedInCaller(options, request);

  routes.get('/session', async (request, response: Response<{ me: Me | null } | Failure>) => {
    const caller = await callerOf(options, request);
    if (isFailure(caller)) {
      refuse(response, caller);
      return;
    }
    if (caller.session?.isBot === false) sessions.renewCookie(request, response);
    response.json({ me: caller.person });
  });

  routes.post('/session', acceptJsonOnly, readJson, async (request, response) => {
    const caller = await callerOf(options, request);
    const parsed = parseNameAsk(request.body);
    if (!parsed.ok) refuse(response, parsed);
    else if (isFailure(caller)) refuse(response, caller);
    else if (caller.person !== null) {
      const renamed = await rename(caller.person, parsed.value.name);
      if (renamed.ok) tellPerson(chat, renamed.me);
      answer(response, renamed);
    } else {
      const arrived = await arrive(caller, parsed.value.name);
      if (arrived.ok) await sessions.open(request, response, arrived.me.id);
      answer(response, arrived);
    }
  });

  async function rename(person: Me, name: string): Promise<Answer<{ me: Me }>> {
    if (name === person.name) return { ok: true, me: person };
    const waitMs = gates.waitMs('renaming', person.id);
    if (waitMs > 0) return slowDown(waitMs);
    const me = await renamePerson(store, person.id, name);
    if (isFailure(me)) return me;
    // Guests come and go by any name; whom others know must not turn into somebody else unseen.
    if (person.role !== 'guest') {
      await record(chat, { what: 'person renamed', by: me.id, about: me.id, detail: person.name });
    }
    return { ok: true, me };
  }

  async function arrive(caller: HttpCaller, name: string): Promise<Answer<{ me: Me }>> {
    const waitMs = gates.waitMs('arriving', caller.address);
    if (waitMs > 0) {
      return { ...slowDown(waitMs), text: 'Too many names from your address: wait a moment.' };
    }
    if ((await store.people.chat()).entry === 'invite') {
      return failure('not allowed', 'This chat can be entered by an invite only.', 'invite only');
    }
    const me = await createPerson(store, name, 'guest', chat.now());
    if (isFailure(me)) return me;
    await announceArrival(chat, me);
    return { ok: true, me };
  }

  routes.delete('/session', async (request, response: Response<{ me: null }>) => {
    const session = await sessions.resume(request);
    if (session !== null) {
      await store.sessions.close(session.person, session.id);
      sockets.signOut(session.id);
    }
    sessions.forgetCookie(request, response);
    response.json({ me: null });
  });

  routes.post('/sign-in', acceptJsonOnly, readJson, async (request, response) => {
    const parsed = parseSignIn(request.body);
    const caller = await callerOf(options, request);
    if (!parsed.ok || isFailure(caller)) {
      refuse(response, parsed.ok ? (caller as Failure) : parsed);
      return;
    }
    const me = await checkPassword(caller, parsed.value.name, parsed.value.password);
    if (isFailure(me)) {
      refuse(response, me);
      return;
    }
    await signInHere(options, request, response, me);
    log.info('Signed in', { person: me.id });
    response.json({ me });
  });

  async function checkPassword(caller: HttpCaller, name: string, password: string): Promise<Me | Failure> {
    const key = nameKey(name).slice(0, 200);
    const waitMs = gates.waitMs('signingIn', caller.address) || gates.waitMs('signingInAs', key);
    if (waitMs > 0) return slowDown(waitMs);
    const known = await store.people.password(key);
    const isRight = await verifyPassword(password, known?.hash ?? (await nobodysHash));
    const me = known === null || !isRight ? null : await store.people.get(known.person);
    if (known === null || me === null) {
      log.info('Sign-in refused', { person: known?.person ?? null, address: caller.address });
      return WRONG;
    }
    if (isOutdated(known.hash)) await store.people.setPassword(me.id, await hashPassword(password));
    return me;
  }

  routes.post('/account', acceptJsonOnly, readJson, async (request, response) => {
    const caller = await signedIn(request);
    const parsed = parseAccount(request.body);
    if (isFailure(caller) || !parsed.ok) {
      refuse(response, isFailure(caller) ? caller : (parsed as Failure));
      return;
    }
    const result = await becomeMember(caller.person, parsed.value.password, parsed.value.name);
    if (result.ok) await sessions.rotate(request, response, caller.session.id);
    answer(response, result);
  });

  async function becomeMember(
    person: Me,
    password: string,
    name: string = person.name,
  ): Promise<Answer<{ me: Me }>> {
    if (person.hasPassword) {
      return failure('invalid', 'You have a password already: change it instead.', 'has password');
    }
    const refused = refusePassword(password, name);
    if (refused !== null) return refused;
    const renamed = await rename(person, name);
    if (!renamed.ok) return renamed;
    await store.people.setPassword(person.id, await hashPassword(password));
    const me = await raiseGuest(chat, person);
    log.info('Account made', { person: me.id, role: me.role });
    return { ok: true, me };
  }

  routes.post('/account/password', acceptJsonOnly, readJson, async (request, response) => {
    const caller = await signedIn(request);
    const parsed = parsePassword(request.body);
    if (isFailure(caller) || !parsed.ok) {
      refuse(response, isFailure(caller) ? caller : (parsed as Failure));
      return;
    }
    const { person, session } = caller;
    const checked = await checkPassword(caller, person.name, parsed.value.old);
    const refused = isFailure(checked) ? checked : refusePassword(parsed.value.password, person.name);
    if (refused !== null) {
      refuse(response, refused);
      return;
    }
    await store.people.setPassword(person.id, await hashPassword(parsed.value.password));
    await sessions.rotate(request, response, session.id);
    for (const id of await store.sessions.closeOthers(person.id, session.id)) sockets.signOut(id);
    log.info('Password changed', { person: person.id });
    response.json({ me: person });
  });

  const listSessions = async ({ person, session }: SignedIn): Promise<{ sessions: SessionInfo[] }> => ({
    sessions: (await store.sessions.list(person.id)).map((info) => ({
      ...info,
      current: info.id === session.id,
    })),
  });

  routes.get('/sessions', async (request, response) => {
    const caller = await signedIn(request);
    if (isFailure(caller)) refuse(response, caller);
    else response.json(await listSessions(caller));
  });

  routes.delete('/sessions', async (request, response) => {
    const caller = await signedIn(request);
    if (isFailure(caller)) {
      refuse(response, caller);
      return;
    }
    const closed = await store.sessions.closeOthers(caller.person.id, caller.session.id);
    for (const id of closed) sockets.signOut(id);
    response.json(await listSessions(caller));
  });

  routes.delete('/sessions/:id', async (request, response) => {
    const caller = await signedIn(request);
    if (isFailure(caller)) {
      refuse(response, caller);
      return;
    }
    const id = Number(request.params.id);
    if (!Number.isSafeInteger(id) || !(await store.sessions.close(caller.person.id, id))) {
      refuse(response, failure('gone', 'There is no such session.'));
      return;
    }
    sockets.signOut(id);
    response.json(await listSessions(caller));
  });

  return routes;
}
