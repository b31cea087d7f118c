/** From one device to the next by a link: once, within a minute, and not beyond the session that made it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkUrl } from '../server/address-line.ts';
import { DEVICE_LINK_LIFETIME_MS, DeviceLinks } from '../server/device-links.ts';
import type { DeviceLinkInfo, Failure, Me, SessionInfo } from '../shared/events.ts';
import { type RunningChat, asked, runChat } from './running-chat.ts';
import { type Called, call, claim, ended, member } from './visitors.ts';

/** As from a page whose address leads everybody here; of what is `localhost` only who listens knows another. */
const make = async (chat: RunningChat, cookie: string): Promise<DeviceLinkInfo> => {
  const made = await call<DeviceLinkInfo>(elsewhere(chat), 'POST', '/api/device-links', {}, cookie);
  assert.equal(made.status, 200);
  return made.value;
};
const use = (chat: RunningChat, code: string, cookie = ''): Promise<Called<{ me: Me }>> =>
  call(chat, 'POST', `/api/device-links/${code}`, {}, cookie);
const look = (chat: RunningChat, code: string): Promise<Called<{ name: string }>> =>
  call(chat, 'GET', `/api/device-links/${code}`, undefined);
const sessions = async (chat: RunningChat, cookie: string): Promise<number[]> => {
  const { value } = await call<{ sessions: SessionInfo[] }>(chat, 'GET', '/api/sessions', undefined, cookie);
  return value.sessions.map(({ id }) => id).sort((one, other) => one - other);
};

/** This leads to the machine itself, too, and is no address of which the chat knows that. */
function elsewhere(chat: RunningChat): RunningChat {
  return { ...chat, url: chat.url.replace('localhost', '0.0.0.0') };
}

test('a link signs its maker in on another device, once, with a session of its own', async (context) => {
  const chat = await runChat(context);
  const guest = await chat.signIn('Gus');
  const { code, origin } = await make(chat, guest.cookie);
  assert.match(code, /^[\w-]{22}$/);
  assert.equal(origin, undefined);
  for (const _ of [1, 2])
    assert.deepEqual((await look(chat, code)).value, { name: 'Gus' }, 'looking changes nothing');
  assert.equal((await sessions(chat, guest.cookie)).length, 1);
  const other = await chat.signIn('Somebody');
  const socket = await chat.connect({ cookie: other.cookie });
  const isOver = ended(socket);
  const used = await use(chat, code, other.cookie);
  assert.deepEqual([used.status, used.value.me], [200, guest.me]);
  await isOver;
  const both = await sessions(chat, used.cookie);
  assert.equal(both.length, 2);
  assert.deepEqual([(await use(chat, code)).status, (await look(chat, code)).status], [410, 410]);
  const revoked = await call(chat, 'DELETE', `/api/sessions/${both[1]}`, undefined, guest.cookie);
  assert.equal(revoked.status, 200);
  assert.equal(
    (await call<{ me: Me | null }>(chat, 'GET', '/api/session', undefined, used.cookie)).value.me,
    null,
  );
});

test('of two who use it at once one comes in', async (context) => {
  const chat = await runChat(context);
  const ada = await member(chat, 'Ada');
  const { code } = await make(chat, ada.cookie);
  const uses = await Promise.all([1, 2, 3].map(() => use(chat, code)));
  assert.deepEqual(
    uses.map(({ status }) => status).sort((one, other) => one - other),
    [200, 410, 410],
  );
  assert.equal((await sessions(chat, ada.cookie)).length, 2);
});

test('it is good for a minute, until a newer one is made, and while its maker is signed in', async (context) => {
  let now = 1_000_000;
  const chat = await runChat(context, { now: () => now });
  const ada = await member(chat, 'Ada');
  const first = await make(chat, ada.cookie);
  assert.equal(first.lastsMs, DEVICE_LINK_LIFETIME_MS);
  const second = await make(chat, ada.cookie);
  assert.equal((await use(chat, first.code)).status, 410, 'a newer one was made');
  now += DEVICE_LINK_LIFETIME_MS - 1;
  const phone = await use(chat, second.code);
  assert.equal(phone.status, 200);
  const late = await make(chat, ada.cookie);
  now += DEVICE_LINK_LIFETIME_MS;
  assert.equal((await use(chat, late.code)).status, 410, 'its minute is over');
  const byPhone = await make(chat, phone.cookie);
  const byAda = await make(chat, ada.cookie);
  const [, phoneSession] = await sessions(chat, ada.cookie);
  await call(chat, 'DELETE', `/api/sessions/${phoneSession}`, undefined, ada.cookie);
  assert.deepEqual(
    [(await look(chat, byPhone.code)).status, (await use(chat, byPhone.code)).status],
    [410, 410],
  );
  await call(chat, 'DELETE', '/api/session', undefined, ada.cookie);
  assert.equal((await use(chat, byAda.code)).status, 410, 'its maker is signed out');
});

test('only who is signed in by a browser makes one, and not without end', async (context) => {
  const chat = await runChat(context);
  const olga = await claim(chat);
  const { token } = await asked<{ token: string }>(
    await chat.connect({ cookie: olga.cookie }),
    'create bot',
    { name: 'Helper' },
  );
  const post = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${elsewhere(chat).url}/api/device-links`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{}',
    });
  assert.equal((await post({})).status, 401);
  assert.equal((await post({ authorization: `Bearer ${token}` })).status, 401);
  assert.equal((await post({ cookie: olga.cookie, origin: 'https://evil.example' })).status, 403);
  assert.equal((await post({ cookie: olga.cookie, 'content-type': 'text/plain' })).status, 415);
  const statuses = [];
  for (let count = 0; count < 11; count += 1) statuses.push((await post({ cookie: olga.cookie })).status);
  assert.deepEqual([statuses[0], statuses.at(-1)], [200, 429]);
  const guesses = [];
  for (let count = 0; count < 40; count += 1) guesses.push((await use(chat, 'A'.repeat(22))).status);
  assert.deepEqual([guesses[0], guesses.at(-1)], [410, 429]);
  assert.equal((await look(chat, '%00'.repeat(500))).status, 429);
  assert.deepEqual(chat.errors, []);
});

test('an address that means the device itself leads to the one on the network, or nowhere', async (context) => {
  const lan = { family: 'IPv4', internal: false, address: '192.0.2.7' } as never;
  const loopback = { family: 'IPv4', internal: true, address: '127.0.0.1' } as never;
  assert.equal(networkUrl(3000, '::', { lo: [loopback], eth0: [lan] }), 'http://192.0.2.7:3000');
  assert.equal(networkUrl(3000, '127.0.0.1', { eth0: [lan] }), null);
  assert.equal(networkUrl(3000, '0.0.0.0', { lo: [loopback] }), null);
  const chat = await runChat(context, { trustProxy: true });
  const { cookie } = await chat.signIn('Ada');
  const behindProxy = await call<Failure>(chat, 'POST', '/api/device-links', {}, cookie);
  assert.deepEqual([behindProxy.status, behindProxy.value.code], [403, 'not allowed']);
});

test('what is over is forgotten', () => {
  let now = 0;
  const links = new DeviceLinks(() => now);
  for (let session = 1; session <= 1_000; session += 1) links.make(1, session);
  for (let count = 0; count < 1_000; count += 1) links.make(1, 7);
  assert.equal(links.size, 1_000);
  now += DEVICE_LINK_LIFETIME_MS;
  const code = links.make(2, 1);
  assert.equal(links.size, 1);
  assert.deepEqual(links.use(code)?.person, 2);
  assert.equal(links.size, 0);
});
