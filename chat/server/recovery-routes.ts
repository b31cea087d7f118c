/** `/api/recovery/:code`: somebody who could not sign in any more comes back, with a new password. */
/* oxlint-disable oxc/no-async-endpoint-handlers -- Express 5 passes rejections to the error handler */
import { Router } from 'express';
import { type Answer, type Failure, failure } from '../shared/failures.ts';
import { type Me, parseRecover } from '../shared/people.ts';
import { may, outranks } from '../shared/roles.ts';
import { slowDown } from './actions/action.ts';
import { acceptJsonOnly, answer, readJson, refuse } from './http-caller.ts';
import { refusePassword } from './password-rules.ts';
import { hashPassword } from './passwords.ts';
import { record } from './record.ts';
import type { SessionRoutesOptions } from './session-routes.ts';
import { raiseGuest, signInHere } from './signing-in.ts';
import { hashToken } from './tokens.ts';

const GONE: Failure = failure(
  'gone',
  'This link was used, has expired, or a newer one was made: ask for another.',
);
/** No session has this id: all of them are ended. */
const NO_SESSION = 0;

export function recoveryRoutes(options: SessionRoutesOptions): Router {
  const { chat, sockets, addressOf } = options;
  const { store, gates } = chat;
  const routes = Router();

  routes.get('/recovery/:code', async (request, response) => {
    const waitMs = gates.waitMs('guessingCodes', addressOf(request));
    const me = waitMs > 0 ? null : await ledTo(hashToken(request.params.code));
    if (waitMs > 0) refuse(response, slowDown(waitMs));
    else if (me === null) refuse(response, GONE);
    else
      response.json({
        name: me.name,
        passkeys: (await store.passkeys.list(me.id)).map(({ label }) => label),
      });
  });

  routes.post('/recovery/:code', acceptJsonOnly, readJson, async (request, response) => {
    const parsed = parseRecover(request.body);
    const waitMs = gates.waitMs('guessingCodes', addressOf(request));
    const result = !parsed.ok
      ? parsed
      : waitMs > 0
        ? slowDown(waitMs)
        : await recover(hashToken(String(request.params['code'])), parsed.value.password);
    if (result.ok) await signInHere(options, request, response, result.me);
    answer(response, result);
  });

  /**
   * Null for a link that leads nowhere, or up: since it was made, whom it leads to may have risen and who made it may
   * have fallen.
   */
  async function ledTo(codeHash: Buffer): Promise<Me | null> {
    const link = await store.recoveries.find(codeHash, chat.now());
    const me = link === null ? null : await store.people.get(link.person);
    if (link === null || me === null || link.by === null) return me;
    const by = await store.people.get(link.by);
    return by !== null && may(by.role, 'give roles') && outranks(by.role, me.role) ? me : null;
  }

  /** The link is used up only by a password that may be one; then nobody else is that person any more. */
  async function recover(codeHash: Buffer, password: string): Promise<Answer<{ me: Me }>> {
    const shown = await ledTo(codeHash);
    if (shown === null) return GONE;
    const refused = refusePassword(password, shown.name);
    if (refused !== null) return refused;
    const hash = await hashPassword(password);
    // Hashing takes a while, in which roles may have changed.
    const known = await ledTo(codeHash);
    if (known === null || (await store.recoveries.use(codeHash, chat.now())) === null) return GONE;
    // Whoever lost a device, or had it taken, lost its passkey as well.
    const passkeys = await store.passkeys.removeAll(known.id);
    await store.people.setPassword(known.id, hash);
    const me = await raiseGuest(chat, known);
    for (const id of await store.sessions.closeOthers(me.id, NO_SESSION)) sockets.signOut(id);
    await record(chat, { what: 'recovery link used', by: me.id, about: me.id }, { passkeys });
    return { ok: true, me };
  }

  return routes;
}
