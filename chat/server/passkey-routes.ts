/** `/api/passkeys`, `/api/sign-in/passkey`: keys of a phone, a laptop or a stick, in the place of name and password. */
/* oxlint-disable oxc/no-async-endpoint-handlers -- Express 5 passes rejections to the error handler */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { type Request, Router } from 'express';
import { type Answer, type Failure, failure } from '../shared/failures.ts';
import {
  PASSKEYS_PER_PERSON,
  type PasskeyAsk,
  type PasskeyInfo,
  type PasskeySignInAsk,
  type Passkeys,
  parseLabel,
  parsePasskey,
  parsePasskeySignIn,
} from '../shared/passkeys.ts';
import type { Me } from '../shared/people.ts';
import { slowDown } from './actions/action.ts';
import { CHALLENGE_LIFETIME_MS, Challenges } from './challenges.ts';
import { tellPerson } from './conversation.ts';
import { readCookie, setCookie } from './cookies.ts';
import { type SignedIn, acceptJsonOnly, answer, readJson, refuse, signedInCaller } from './http-caller.ts';
import { isFailure } from './naming.ts';
import { type PasskeySite, passkeySite } from './same-origin.ts';
import type { SessionRoutesOptions } from './session-routes.ts';
import { raiseGuest, signInHere } from './signing-in.ts';
import { newToken } from './tokens.ts';
import { ALGORITHMS, WebAuthnFault, readChallenge, verifyMade, verifySigned } from './webauthn.ts';

/** Who asked for a challenge to sign in is nobody yet: the browser is known by this cookie. */
const BROWSER_COOKIE = 'chat_passkey';
const USER_HANDLE_BYTES = 16;

const NO_SITE = failure(
  'not allowed',
  'Passkeys need https and an address that is a name, not a number: browsers give them to no other pages.',
);
const TOO_LATE = failure('gone', 'This took too long: try again.');
const NOT_MADE = failure('invalid', 'This is no new passkey for this chat.');
/** Whether it is unknown, was removed or signed wrongly is not told. */
const WRONG = failure('wrong password', 'This passkey does not open anything here.');
const NO_PASSKEY = failure('gone', 'There is no such passkey.');
const LAST = failure('not allowed', 'Without a password the last passkey is the only way back: it stays.');

export function passkeyRoutes(options: SessionRoutesOptions): Router {
  const { chat, sessions, addressOf } = options;
  const { store, gates, log } = chat;
  const routes = Router();
  const challenges = new Challenges(chat.now);
  /** Checked in the place of a passkey that nobody has: that takes as long then. Made when it is needed. */
  let nobodysKey: Buffer | undefined;

  const mine = async (me: Me): Promise<Passkeys> => ({
    me,
    passkeys: (await store.passkeys.list(me.id)).map(({ id, label, created, used }): PasskeyInfo => ({
      id: toBase64url(id),
      label,
      created,
      used,
    })),
  });

  routes.get('/passkeys', async (request, response) => {
    const caller = await signedInCaller(options, request);
    if (isFailure(caller)) refuse(response, caller);
    else response.json({ passkeys: (await mine(caller.person)).passkeys });
  });

  routes.post('/passkeys/options', acceptJsonOnly, readJson, async (request, response) => {
    const caller = await signedInCaller(options, request);
    const site = passkeySite(request);
    if (isFailure(caller) || site === null) {
      refuse(response, isFailure(caller) ? caller : NO_SITE);
      return;
    }
    const waitMs = gates.waitMs('addingPasskeys', caller.person.id);
    if (waitMs > 0) refuse(response, slowDown(waitMs));
    else response.json(await creationOptions(caller, site));
  });

  async function creationOptions({ person, session, address }: SignedIn, { rpId }: PasskeySite) {
    const known = await store.passkeys.list(person.id);
    return {
      challenge: challenges.issue(`session ${session.id}`, address),
      rp: { id: rpId, name: (await store.people.chat()).name || rpId },
      user: {
        id: toBase64url(await userHandle(person.id)),
        name: person.name,
        displayName: person.name,
      },
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
      timeout: CHALLENGE_LIFETIME_MS,
      attestation: 'none',
      excludeCredentials: known.map(({ id, transports }) => describe(id, transports)),
      authenticatorSelection: {
        residentKey: 'required',
        requireResidentKey: true,
        userVerification: 'required',
      },
    };
  }

  /**
   * What authenticators file the passkey under: a second one there for the same person takes the place of the first. It
   * says nothing about them, and two chats of one host name do not share it.
   */
  async function userHandle(person: number): Promise<Buffer> {
    const text = `passkeys of ${person}, here since ${await store.people.created(person)}`;
    return createHash('sha256').update(text).digest().subarray(0, USER_HANDLE_BYTES);
  }

  routes.post('/passkeys', acceptJsonOnly, readJson, async (request, response) => {
    const caller = await signedInCaller(options, request);
    const parsed = parsePasskey(request.body);
    if (isFailure(caller) || !parsed.ok) {
      refuse(response, isFailure(caller) ? caller : (parsed as Failure));
      return;
    }
    const result = await add(caller, passkeySite(request), parsed.value);
    if (result.ok) await sessions.rotate(request, response, caller.session.id);
    answer(response, result);
  });

  async function add(
    { person, session }: SignedIn,
    site: PasskeySite | null,
    { label, credential: { id, response } }: PasskeyAsk,
  ): Promise<Answer<Passkeys>> {
    if (site === null) return NO_SITE;
    const clientData = fromBase64url(response.clientDataJSON);
    const made = check(() => {
      const challenge = readChallenge(clientData);
      if (!challenges.take(challenge, `session ${session.id}`)) return null;
      const authenticatorData = fromBase64url(response.authenticatorData);
      const publicKey = fromBase64url(response.publicKey);
      return verifyMade({ clientData, authenticatorData, publicKey }, fromBase64url(id), {
        type: 'webauthn.create',
        challenge,
        ...site,
      });
    });
    if (made === null) return TOO_LATE;
    if (made instanceof WebAuthnFault) {
      log.info('Passkey refused', { person: person.id, reason: made.message });
      return NOT_MADE;
    }
    const passkey = {
      id: fromBase64url(id),
      person: person.id,
      publicKey: fromBase64url(response.publicKey),
      counter: made.counter,
      transports: response.transports ?? [],
      label,
      at: chat.now(),
    };
    const added = await store.passkeys.add(passkey, PASSKEYS_PER_PERSON);
    if (added === 'taken') return failure('taken', 'There is such a passkey already.');
    if (added === 'full') {
      return failure('too many', `Nobody has more than ${PASSKEYS_PER_PERSON} passkeys: remove one first.`);
    }
    const me = await raiseGuest(chat, person);
    log.info('Passkey added', { person: me.id, role: me.role });
    return { ok: true, ...(await mine(me)) };
  }

  routes.post('/passkeys/:id', acceptJsonOnly, readJson, async (request, response) => {
    const caller = await signedInCaller(options, request);
    const parsed = parseLabel(request.body);
    if (isFailure(caller) || !parsed.ok) {
      refuse(response, isFailure(caller) ? caller : (parsed as Failure));
      return;
    }
    const { person } = caller;
    const isRenamed = await store.passkeys.rename(person.id, idOf(request), parsed.value.label);
    answer(response, isRenamed ? { ok: true, ...(await mine(person)) } : NO_PASSKEY);
  });

  routes.delete('/passkeys/:id', async (request, response) => {
    const caller = await signedInCaller(options, request);
    if (isFailure(caller)) {
      refuse(response, caller);
      return;
    }
    const { person } = caller;
    const removed = await store.passkeys.remove(person.id, idOf(request));
    if (removed !== 'removed') {
      refuse(response, removed === 'last' ? LAST : NO_PASSKEY);
      return;
    }
    log.info('Passkey removed', { person: person.id });
    const me = (await store.people.get(person.id)) ?? person;
    tellPerson(chat, me);
    response.json(await mine(me));
  });

  routes.post('/sign-in/passkey/options', acceptJsonOnly, readJson, (request, response) => {
    const site = passkeySite(request);
    const address = addressOf(request);
    const waitMs = gates.waitMs('askingChallenges', address);
    if (site === null || waitMs > 0) {
      refuse(response, site === null ? NO_SITE : slowDown(waitMs));
      return;
    }
    // Several tabs of one browser may ask.
    const browser = readCookie(request, BROWSER_COOKIE) ?? newToken();
    setCookie(request, response, BROWSER_COOKIE, browser, CHALLENGE_LIFETIME_MS);
    response.json({
      challenge: challenges.issue(`browser ${browser}`, address),
      rpId: site.rpId,
      timeout: CHALLENGE_LIFETIME_MS,
      userVerification: 'required',
      // Who has a passkey here is not told: the authenticator knows its own.
      allowCredentials: [],
    });
  });

  routes.post('/sign-in/passkey', acceptJsonOnly, readJson, async (request, response) => {
    const parsed = parsePasskeySignIn(request.body);
    const waitMs = gates.waitMs('signingIn', addressOf(request));
    const result = !parsed.ok
      ? parsed
      : waitMs > 0
        ? slowDown(waitMs)
        : await signIn(request, passkeySite(request), parsed.value);
    if (result.ok) {
      await signInHere(options, request, response, result.me);
      log.info('Signed in', { person: result.me.id, by: 'passkey' });
    }
    answer(response, result);
  });

  async function signIn(
    request: Request,
    site: PasskeySite | null,
    { credential: { id, response } }: PasskeySignInAsk,
  ): Promise<Answer<{ me: Me }>> {
    if (site === null) return NO_SITE;
    const browser = readCookie(request, BROWSER_COOKIE);
    const passkey = await store.passkeys.find(fromBase64url(id));
    const me = passkey === null ? null : await store.people.get(passkey.person);
    const handle = me === null ? null : toBase64url(await userHandle(me.id));
    const clientData = fromBase64url(response.clientDataJSON);
    const signed = check(() => {
      const challenge = readChallenge(clientData);
      if (browser === null || !challenges.take(challenge, `browser ${browser}`)) return null;
      const authenticatorData = fromBase64url(response.authenticatorData);
      const signature = fromBase64url(response.signature);
      const key = passkey?.publicKey ?? (nobodysKey ??= makeNobodysKey());
      const expected = { type: 'webauthn.get', challenge, ...site } as const;
      return verifySigned({ clientData, authenticatorData, signature }, key, expected);
    });
    if (signed === null) return TOO_LATE;
    const refused = (reason: string): Failure => {
      log.info('Sign-in refused', { person: me?.id ?? null, address: addressOf(request), reason });
      return WRONG;
    };
    if (passkey === null || me === null || signed instanceof WebAuthnFault) {
      return refused(signed instanceof WebAuthnFault ? signed.message : 'Nobody has this passkey');
    }
    if (response.userHandle !== undefined && response.userHandle !== handle) {
      return refused('The passkey is another person’s');
    }
    // Another copy of the key was used since: one of the two is not theirs.
    if (!(await store.passkeys.use(passkey.id, signed.counter, chat.now()))) {
      return refused('The counter of the passkey went back');
    }
    return { ok: true, me };
  }

  return routes;
}

/** What came of checking: what was wrong is a value, too. */
function check<T>(verify: () => T): T | WebAuthnFault {
  try {
    return verify();
  } catch (error) {
    if (error instanceof WebAuthnFault) return error;
    throw error;
  }
}

function idOf(request: Request): Buffer {
  return fromBase64url(String(request.params['id']));
}

function describe(id: Uint8Array, transports: readonly string[]): object {
  return { type: 'public-key', id: toBase64url(id), ...(transports.length > 0 && { transports }) };
}

function makeNobodysKey(): Buffer {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return publicKey.export({ format: 'der', type: 'spki' });
}

function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

/** Signs that do not belong there were refused before. */
function fromBase64url(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}
