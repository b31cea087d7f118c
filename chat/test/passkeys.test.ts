/** Signing in with a passkey instead of name and password, and what comes of it when somebody cheats. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { request } from 'node:http';
import { suite, test } from 'node:test';
import { CHALLENGE_LIFETIME_MS, Challenges } from '../server/challenges.ts';
import type { Failure, Me, Passkeys } from '../shared/events.ts';
import { type Algorithm, Authenticator, type CreationOptions, type Wrongly } from './authenticator.ts';
import { type RequestOptions } from './authenticator.ts';
import { type RunningChat, asked, heard, postJson, runChat, say } from './running-chat.ts';
import { type Called, PASSWORD, call, claim, ended, member } from './visitors.ts';

const passkeyOptions = (chat: RunningChat, cookie: string): Promise<Called<CreationOptions>> =>
  call(chat, 'POST', '/api/passkeys/options', {}, cookie);

/** Adds one; the cookie is another one then. */
async function add(
  chat: RunningChat,
  cookie: string,
  authenticator: Authenticator,
  wrongly: Wrongly = {},
): Promise<Called<Passkeys>> {
  const { value } = await passkeyOptions(chat, cookie);
  const credential = authenticator.make(value, chat.url, wrongly);
  return call(chat, 'POST', '/api/passkeys', { label: 'Laptop', credential }, cookie);
}

const signInOptions = (chat: RunningChat, cookie = ''): Promise<Called<RequestOptions>> =>
  call(chat, 'POST', '/api/sign-in/passkey/options', {}, cookie);

async function signIn(
  chat: RunningChat,
  authenticator: Authenticator,
  wrongly: Wrongly = {},
): Promise<Called<{ me: Me }>> {
  const { value, cookie } = await signInOptions(chat);
  const credential = authenticator.sign(value, chat.url, wrongly);
  return call(chat, 'POST', '/api/sign-in/passkey', { credential }, cookie);
}

const mine = (chat: RunningChat, cookie: string): Promise<Called<Passkeys>> =>
  call(chat, 'GET', '/api/passkeys', undefined, cookie);
const remove = (chat: RunningChat, cookie: string, id: string): Promise<Called<Passkeys & Failure>> =>
  call(chat, 'DELETE', `/api/passkeys/${id}`, undefined, cookie);
const who = async (chat: RunningChat, cookie: string): Promise<string | undefined> =>
  (await call<{ me: Me | null }>(chat, 'GET', '/api/session', undefined, cookie)).value.me?.name;

for (const algorithm of ['ES256', 'EdDSA', 'RS256'] as const satisfies Algorithm[]) {
  test(`a guest becomes a member by a passkey (${algorithm}) and signs in by it elsewhere`, async (context) => {
    const chat = await runChat(context);
    const { me, cookie } = await chat.signIn('Ada');
    const ada = await chat.connect({ cookie });
    await say(ada, 'as a guest');
    const told = heard(ada, 'me');
    const options = await passkeyOptions(chat, cookie);
    assert.partialDeepStrictEqual(options.value, {
      rp: { id: 'localhost', name: 'Chat' },
      user: { name: 'Ada' },
      attestation: 'none',
      excludeCredentials: [],
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    const authenticator = new Authenticator(algorithm);
    const credential = authenticator.make(options.value, chat.url);
    const added = await call<Passkeys>(
      chat,
      'POST',
      '/api/passkeys',
      { label: ' My  Laptop ', credential },
      cookie,
    );
    const member = { id: me.id, name: 'Ada', role: 'member', hasPassword: false, hasPasskey: true };
    assert.deepEqual(added.value.me, member);
    assert.deepEqual(await told, member);
    assert.partialDeepStrictEqual(added.value.passkeys, [{ label: 'My Laptop', used: null }]);
    assert.deepEqual([await who(chat, cookie), await who(chat, added.cookie)], [undefined, 'Ada']);
    const again = await passkeyOptions(chat, added.cookie);
    assert.deepEqual(
      again.value.excludeCredentials.map(({ id }) => id),
      [credential.id],
    );
    assert.equal(again.value.user.id, options.value.user.id, 'the same person');

    const asks = await signInOptions(chat);
    assert.deepEqual(asks.value.allowCredentials, [], 'who has one is not told');
    const back = await signIn(chat, authenticator);
    assert.deepEqual([back.status, back.value.me], [200, member]);
    assert.equal(await who(chat, back.cookie), 'Ada');
    assert.equal((await say(await chat.connect({ cookie: back.cookie }), 'as a member')).from.id, me.id);
    const [used] = (await mine(chat, back.cookie)).value.passkeys;
    assert.equal(typeof used?.used, 'number');
    assert.deepEqual(chat.errors, []);
  });
}

test('a browser that signs in is no longer who it was', async (context) => {
  const chat = await runChat(context);
  const authenticator = new Authenticator();
  await add(chat, (await chat.signIn('Ada')).cookie, authenticator);
  const gus = await chat.signIn('Gus');
  const socket = await chat.connect({ cookie: gus.cookie });
  const isOver = ended(socket);
  const { value, cookie } = await signInOptions(chat, gus.cookie);
  const credential = authenticator.sign(value, chat.url, { userHandle: null });
  const cookies = `${gus.cookie}; ${cookie}`;
  const back = await call<{ me: Me }>(chat, 'POST', '/api/sign-in/passkey', { credential }, cookies);
  assert.equal(back.value.me.name, 'Ada');
  await isOver;
  assert.equal(await who(chat, gus.cookie), undefined);
});

test('passkeys are listed, renamed and removed by their person alone, and the last way back stays', async (context) => {
  const chat = await runChat(context);
  const [laptop, phone] = [new Authenticator(), new Authenticator('EdDSA')];
  const first = await add(chat, (await chat.signIn('Ada')).cookie, laptop);
  const { cookie, value } = await add(chat, first.cookie, phone);
  assert.equal(value.passkeys.length, 2);
  const [laptopId, phoneId] = [laptop, phone].map(({ id }) => id.toString('base64url'));
  assert.ok(laptopId !== undefined && phoneId !== undefined);
  const bob = await member(chat, 'Bob');
  assert.equal((await remove(chat, bob.cookie, phoneId)).status, 410);
  const rename = (by: string, id: string, label: unknown): Promise<Called<Passkeys>> =>
    call(chat, 'POST', `/api/passkeys/${id}`, { label }, by);
  assert.equal((await rename(bob.cookie, phoneId, 'mine')).status, 410);
  for (const label of ['', ' ', 7, null, 'x'.repeat(61), 'a\u202eb']) {
    assert.ok((await rename(cookie, phoneId, label)).status >= 400, String(label));
  }
  const labels = (await rename(cookie, phoneId, 'Phone')).value.passkeys.map(({ label }) => label);
  assert.deepEqual(labels.sort(), ['Laptop', 'Phone']);
  assert.equal((await remove(chat, cookie, laptopId)).value.passkeys.length, 1);
  assert.equal((await signIn(chat, laptop)).status, 403, 'a removed one opens nothing');
  const last = await remove(chat, cookie, phoneId);
  assert.deepEqual([last.status, last.value.code], [403, 'not allowed']);
  const account = await call<{ me: Me }>(chat, 'POST', '/api/account', { password: PASSWORD }, cookie);
  assert.equal(account.value.me.hasPassword, true);
  const gone = await remove(chat, account.cookie, phoneId);
  assert.deepEqual([gone.value.passkeys, gone.value.me.hasPasskey], [[], undefined]);
  for (const path of ['/api/passkeys', '/api/passkeys/options', '/api/passkeys/x']) {
    assert.equal((await call(chat, 'POST', path, { label: 'x' })).status, 401, path);
  }
});

test('a recovery link removes all passkeys, and says which', async (context) => {
  const chat = await runChat(context);
  const olga = await chat.connect({ cookie: (await claim(chat)).cookie });
  const stolen = new Authenticator();
  const { value } = await add(chat, (await chat.signIn('Ada')).cookie, stolen);
  const { code } = await asked<{ code: string }>(olga, 'recover', { id: value.me.id });
  const shown = await call(chat, 'GET', `/api/recovery/${code}`, undefined);
  assert.deepEqual(shown.value, { name: 'Ada', passkeys: ['Laptop'] });
  const back = await call<{ me: Me }>(chat, 'POST', `/api/recovery/${code}`, { password: PASSWORD });
  assert.deepEqual([back.value.me.hasPassword, back.value.me.hasPasskey], [true, undefined]);
  assert.equal((await signIn(chat, stolen)).status, 403);
  assert.equal((await member(chat, 'Bob')).me.hasPasskey, undefined);
});

test('a member with a passkey and no password can be given the chat', async (context) => {
  const chat = await runChat(context);
  const olga = await chat.connect({ cookie: (await claim(chat)).cookie });
  const { value } = await add(chat, (await chat.signIn('Ada')).cookie, new Authenticator());
  const { person } = await asked<{ person: Me }>(olga, 'give role', { person: value.me.id, role: 'owner' });
  assert.equal(person.role, 'owner');
});

void suite('cheating', () => {
  const wrongs: readonly (readonly [string, Wrongly])[] = [
    ['a page of another origin', { origin: 'https://evil.example' }],
    ['the same host with another port', { origin: 'http://localhost:1' }],
    ['another scheme', { origin: 'https://localhost' }],
    ['another site’s passkey', { rpId: 'evil.example' }],
    ['a frame within another page', { crossOrigin: true }],
    ['a frame within a page', { topOrigin: 'https://evil.example' }],
    ['a ceremony of another kind', { type: 'payment.get' }],
    ['nobody there', { flags: 4 }],
    ['nobody verified', { flags: 1 }],
    ['flags that contradict each other', { flags: 1 | 4 | 16 }],
  ];

  for (const [what, wrongly] of wrongs) {
    test(`${what} adds nothing and opens nothing`, async (context) => {
      const chat = await runChat(context);
      const { cookie } = await chat.signIn('Ada');
      const refused = await add(chat, cookie, new Authenticator(), wrongly);
      assert.equal(refused.status, 400);
      assert.equal((await mine(chat, cookie)).value.passkeys.length, 0);
      const authenticator = new Authenticator();
      await add(chat, cookie, authenticator);
      assert.equal((await signIn(chat, authenticator, wrongly)).status, 403);
      assert.equal((await signIn(chat, authenticator)).status, 200);
    });
  }

  test('a challenge is good once, for who asked, and for five minutes', async (context) => {
    let now = 1_000_000;
    const chat = await runChat(context, { now: () => now });
    const authenticator = new Authenticator();
    const ada = await chat.signIn('Ada');
    const asks = await passkeyOptions(chat, ada.cookie);
    const bob = await chat.signIn('Bob');
    const credential = authenticator.make(asks.value, chat.url);
    const send = (path: string, body: object, cookie: string): Promise<Called<unknown>> =>
      call(chat, 'POST', path, body, cookie);
    const made = { label: 'Laptop', credential };
    assert.equal((await send('/api/passkeys', made, bob.cookie)).status, 410, 'of another session');
    const added = await send('/api/passkeys', made, ada.cookie);
    assert.equal(added.status, 200);
    assert.equal((await send('/api/passkeys', made, added.cookie)).status, 410, 'replayed');

    const { value, cookie } = await signInOptions(chat);
    const signed = { credential: authenticator.sign(value, chat.url) };
    const other = await signInOptions(chat);
    for (const foreign of ['', other.cookie, added.cookie]) {
      assert.equal((await send('/api/sign-in/passkey', signed, foreign)).status, 410, 'of another browser');
    }
    assert.equal((await send('/api/sign-in/passkey', signed, cookie)).status, 200);
    assert.equal((await send('/api/sign-in/passkey', signed, cookie)).status, 410, 'replayed');
    const invented = { credential: authenticator.sign({ ...value, challenge: 'A'.repeat(43) }, chat.url) };
    assert.equal((await send('/api/sign-in/passkey', invented, cookie)).status, 410);
    const race = await signInOptions(chat);
    const twice = { credential: authenticator.sign(race.value, chat.url) };
    const statuses = await Promise.all(
      [1, 2].map(() => send('/api/sign-in/passkey', twice, race.cookie).then(({ status }) => status)),
    );
    assert.deepEqual(
      statuses.sort((one, other) => one - other),
      [200, 410],
      'two at once',
    );

    const late = await signInOptions(chat);
    now += CHALLENGE_LIFETIME_MS;
    const tooLate = { credential: authenticator.sign(late.value, chat.url) };
    assert.equal((await send('/api/sign-in/passkey', tooLate, late.cookie)).status, 410);
    const forAdding = await passkeyOptions(chat, added.cookie);
    const mixed = { credential: authenticator.sign({ ...late.value, ...forAdding.value }, chat.url) };
    assert.equal((await send('/api/sign-in/passkey', mixed, late.cookie)).status, 410, 'for adding');
  });

  test('somebody else’s passkey, key or handle is worth nothing', async (context) => {
    const chat = await runChat(context);
    const [adas, bobs] = [new Authenticator(), new Authenticator()];
    await add(chat, (await chat.signIn('Ada')).cookie, adas);
    const bob = await add(chat, (await chat.signIn('Bob')).cookie, bobs);
    const { userHandle } = adas;
    assert.equal((await add(chat, bob.cookie, adas)).status, 409, 'an id that is taken');
    adas.userHandle = userHandle;
    assert.equal((await signIn(chat, adas)).value.me.name, 'Ada');

    const { value, cookie } = await signInOptions(chat);
    const signed = bobs.sign(value, chat.url);
    const response = { ...signed.response, userHandle };
    const credential = { id: adas.id.toString('base64url'), response };
    const asAda = await call(chat, 'POST', '/api/sign-in/passkey', { credential }, cookie);
    assert.equal(asAda.status, 403, 'Ada’s id, Bob’s signature');
    assert.equal((await signIn(chat, bobs, { userHandle: adas.userHandle })).status, 403);
    const unknown = await signIn(chat, new Authenticator(), { userHandle: null });
    assert.equal(unknown.status, 403);
    assert.deepEqual(unknown.value, asAda.value, 'which of the two is not told');
  });

  test('a signature of something else opens nothing', async (context) => {
    const chat = await runChat(context);
    for (const algorithm of ['ES256', 'EdDSA', 'RS256'] as const) {
      const authenticator = new Authenticator(algorithm);
      await add(chat, (await chat.signIn(`Ada ${algorithm}`)).cookie, authenticator);
      for (const field of ['signature', 'authenticatorData', 'clientDataJSON'] as const) {
        const { value, cookie } = await signInOptions(chat);
        const credential = authenticator.sign(value, chat.url);
        const bytes = Buffer.from(credential.response[field], 'base64url');
        // The last of the signature, of the counter, and a blank behind the JSON.
        if (field === 'clientDataJSON') {
          credential.response[field] = Buffer.concat([bytes, Buffer.from(' ')]).toString('base64url');
        } else {
          bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
          credential.response[field] = bytes.toString('base64url');
        }
        const refused = await call(chat, 'POST', '/api/sign-in/passkey', { credential }, cookie);
        assert.equal(refused.status, 403, `${algorithm} ${field}`);
      }
      assert.equal((await signIn(chat, authenticator)).status, 200, algorithm);
    }
  });

  test('a counter that goes back is refused: somebody has a copy', async (context) => {
    const chat = await runChat(context);
    const authenticator = new Authenticator();
    authenticator.counter = 5;
    await add(chat, (await chat.signIn('Ada')).cookie, authenticator);
    const statuses = [];
    for (const counter of [5, 4, 0, 6, 6, 2 ** 32 - 1]) {
      statuses.push((await signIn(chat, authenticator, { counter })).status);
    }
    assert.deepEqual(statuses, [403, 403, 403, 200, 403, 200]);
  });

  test('keys that were not asked for are not taken', async (context) => {
    const chat = await runChat(context);
    const { cookie } = await chat.signIn('Ada');
    for (const keys of [
      generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
      generateKeyPairSync('ec', { namedCurve: 'P-384' }),
      generateKeyPairSync('rsa', { modulusLength: 1_024 }),
      generateKeyPairSync('rsa', { modulusLength: 2_048, publicExponent: 3 }),
      generateKeyPairSync('ed448'),
      generateKeyPairSync('x25519'),
    ]) {
      assert.equal((await add(chat, cookie, new Authenticator('ES256', keys))).status, 400);
    }
  });

  test('where browsers have no passkeys, none are offered', async (context) => {
    const chat = await runChat(context, { trustProxy: true });
    const { port } = new URL(chat.url);
    const { cookie } = await chat.signIn('Ada');
    const at = async (base: string, headers: Record<string, string> = {}): Promise<number> =>
      (await postJson(`${base}/api/sign-in/passkey/options`, {}, headers)).status;
    const behind = (host: string, origin?: string): Promise<number> =>
      overHttp(port, { host, ...(origin !== undefined && { origin }) });
    assert.equal(await at(`http://127.0.0.1:${port}`), 403, 'a number');
    assert.equal(await behind('chat.example'), 403, 'without https');
    assert.equal(await behind('chat.example', 'http://chat.example'), 403);
    assert.equal(await behind('chat.example', 'https://chat.example'), 200, 'a proxy that says nothing');
    assert.equal(await behind('192.0.2.1', 'https://192.0.2.1'), 403);
    assert.equal(await behind('chat.example', 'https://evil.example'), 403);
    assert.equal(await behind('chat.localhost', 'http://chat.localhost'), 200);
    assert.equal((await call(chat, 'POST', '/api/passkeys/options', {}, cookie)).status, 200);
  });

  test('whatever is sent, the answer is a refusal', async (context) => {
    const chat = await runChat(context, { floodLimits: { signingIn: { burst: 1_000, perSecond: 1 } } });
    const { cookie } = await chat.signIn('Ada');
    const authenticator = new Authenticator();
    const added = await add(chat, cookie, authenticator);
    const { value } = await passkeyOptions(chat, added.cookie);
    const made = new Authenticator().make(value, chat.url);
    const asks = await signInOptions(chat);
    const signed = authenticator.sign(asks.value, chat.url);
    const anything = ['', 'A', '=', '\u0000', '💥', 'A'.repeat(5_000), 7, null, [], {}, true];
    for (const [path, credential, cookies] of [
      ['/api/passkeys', made, added.cookie],
      ['/api/sign-in/passkey', signed, asks.cookie],
    ] as const) {
      const send = async (credential: unknown, label: unknown = 'x'): Promise<void> => {
        const { status } = await call(chat, 'POST', path, { label, credential }, cookies);
        assert.ok(
          status >= 400 && status < 500,
          `${status} for ${JSON.stringify(credential)?.slice(0, 200)}`,
        );
      };
      for (const junk of anything) {
        await send(junk);
        await send({ ...credential, id: junk });
        await send({ ...credential, response: junk });
        for (const field of Object.keys(credential.response)) {
          if (field === 'transports' || (field === 'userHandle' && junk === null)) continue;
          await send({ ...credential, response: { ...credential.response, [field]: junk } });
        }
      }
      for (const json of ['null', '7', '[]', '{}', '{"challenge":7}', '{"challenge":"x"}', '{', '\ufeff']) {
        const clientDataJSON = Buffer.from(json).toString('base64url');
        await send({ ...credential, response: { ...credential.response, clientDataJSON } });
      }
    }
    for (const body of ['{', '[]', 'null', `{"credential":"${'x'.repeat(70_000)}"}`]) {
      const response = await postJson(`${chat.url}/api/sign-in/passkey`, body);
      assert.ok(response.status >= 400 && response.status < 500, body.slice(0, 20));
    }
    assert.equal((await remove(chat, added.cookie, '%00'.repeat(400))).status, 410);
    assert.deepEqual(chat.errors, []);
  });

  test('cut-off authenticator data is refused at every length', async (context) => {
    const chat = await runChat(context, { floodLimits: { addingPasskeys: { burst: 1_000, perSecond: 1 } } });
    const { cookie } = await chat.signIn('Ada');
    const authenticator = new Authenticator();
    const whole = 37 + 18 + authenticator.id.length;
    for (const length of [1, 31, 32, 36, 37, 38, 54, 55, 56, whole - 1, whole]) {
      const { value } = await passkeyOptions(chat, cookie);
      const credential = authenticator.make(value, chat.url);
      const cut = Buffer.from(credential.response.authenticatorData, 'base64url').subarray(0, length);
      credential.response.authenticatorData = cut.toString('base64url');
      const { status } = await call(chat, 'POST', '/api/passkeys', { label: 'x', credential }, cookie);
      assert.equal(status, 400, String(length));
    }
  });

  test('a flood of challenges drops the flooder’s own, and has an end', async (context) => {
    let now = 0;
    const challenges = new Challenges(() => now);
    const mine = challenges.issue('session 1', 'home');
    const first = challenges.issue('browser x', 'flooder');
    for (let count = 0; count < 300; count += 1) challenges.issue('browser x', 'flooder');
    assert.equal(challenges.size, 101);
    assert.equal(challenges.take(first, 'browser x'), false);
    for (let count = 0; count < 20_000; count += 1) challenges.issue('browser x', `address ${count}`);
    assert.equal(challenges.size, 10_000);
    assert.equal(challenges.take(mine, 'session 1'), false, 'many addresses can push out all others');
    now += CHALLENGE_LIFETIME_MS;
    const next = challenges.issue('session 1', 'home');
    assert.equal(challenges.size, 1);
    assert.equal(challenges.take(next, 'session 1'), true);
    assert.equal(challenges.size, 0);

    const chat = await runChat(context, { now: () => now });
    const statuses = [];
    for (let count = 0; count < 130; count += 1) statuses.push((await signInOptions(chat)).status);
    assert.deepEqual([statuses[0], statuses.at(-1)], [200, 429]);
  });
});

/** `fetch` lets nobody choose the Host. */
function overHttp(port: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        port,
        method: 'POST',
        path: '/api/sign-in/passkey/options',
        headers: { 'content-type': 'application/json', ...headers },
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    sent.once('error', reject);
    sent.end('{}');
  });
}
