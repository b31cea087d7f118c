/** What whoever runs the chat sees of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consoleLog } from '../server/log.ts';
import { asked, enter, newNonce, postJson, readCookie, runChat, say } from './running-chat.ts';

test('/metrics counts connections, people, messages, refusals and times, in the format of Prometheus', async (context) => {
  const chat = await runChat(context);
  const ada = await chat.connect({ cookie: (await chat.signIn('Ada')).cookie });
  await enter(ada);
  await say(ada, 'unmistakable');
  await say(ada, 'two');
  await fetch(`${chat.url}/api/rooms/nowhere/messages`);
  const response = await fetch(`${chat.url}/metrics`);
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  assert.equal(value('chat_connections'), 1);
  assert.equal(value('chat_visitors'), 1);
  assert.equal(value('chat_people'), 1);
  assert.equal(value('chat_rooms'), 1);
  assert.equal(value('chat_messages_stored'), 2);
  assert.equal(value('chat_messages_total'), 2);
  assert.equal(value('chat_failures_total{code="no such room"}'), 1);
  assert.equal(value('chat_action_seconds_count{action="send"}'), 2);
  assert.equal(value('chat_action_seconds_bucket{action="send",le="\\+Inf"}'), 2);
  assert.ok(value('chat_flush_sockets_count') > 0);
  assert.ok(value('chat_flush_sockets_sum') >= value('chat_flush_sockets_count'));
  assert.ok(value('chat_flush_sockets_bucket{le="1"}') <= value('chat_flush_sockets_bucket{le="65536"}'));
  assert.equal(value('chat_flush_sockets_bucket{le="\\+Inf"}'), value('chat_flush_sockets_count'));
  assert.ok(value('process_resident_memory_bytes') > 1_000_000);
  for (const line of text.trimEnd().split('\n')) {
    assert.match(line, /^# (HELP|TYPE) [a-z_]+ .+$|^[a-z_]+(\{[^}]+\})? [\d.e+-]+$/);
  }
  assert.doesNotMatch(text, /Ada|unmistakable/);
  const elsewhere = await fetch(`${chat.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.5' } });
  assert.equal(elsewhere.status, 403);
  const open = await runChat(context, { publicMetrics: true });
  const elsewhereToo = await fetch(`${open.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.5' } });
  assert.equal(elsewhereToo.status, 200);
});

test('the log tells who got which power, by id, and no name, text or token', async (context) => {
  const lines: string[] = [];
  const log = {
    info: (what: string, fields = {}) => void lines.push(`${what} ${JSON.stringify(fields)}`),
    error: (what: string) => void lines.push(what),
  };
  const chat = await runChat(context, { log });
  const claimed = await postJson(`${chat.url}/api/owner`, { name: 'Olga', password: 'a secret word' });
  const olga = await chat.connect({ cookie: readCookie(claimed) });
  const guest = await chat.signIn('Ada');
  await asked(olga, 'give role', { person: guest.me.id, role: 'moderator' });
  const { token } = await asked<{ token: string }>(olga, 'create bot', { name: 'Helper' });
  const { code } = await asked<{ code: string }>(olga, 'invite', {});
  const ada = await chat.connect({ cookie: guest.cookie });
  const said = await say(ada, 'words of Ada');
  await asked(olga, 'delete', { room: 'general', seq: said.seq });
  await postJson(`${chat.url}/api/sign-in`, { name: 'Olga', password: 'a wrong secret' });
  await asked(ada, 'send', { room: 'general', nonce: newNonce(), body: 'more words' });
  const whole = lines.join('\n');
  for (const what of [
    'Chat claimed',
    'Role given',
    'Bot made',
    'Invite made',
    'Message deleted',
    'Sign-in refused',
  ]) {
    assert.ok(whole.includes(what), what);
  }
  for (const secret of [
    'Olga',
    'Ada',
    'Helper',
    'words',
    'secret',
    token,
    code,
    guest.cookie.split('=')[1] ?? '',
  ]) {
    assert.ok(!whole.includes(secret), secret);
  }
});

test('a line of the log is text or JSON', (context) => {
  const written: string[] = [];
  context.mock.method(console, 'log', (line: string) => void written.push(line));
  consoleLog('text').info('Role given', { by: 1, role: 'admin' });
  consoleLog('json').info('Role given', { by: 1, role: 'admin' });
  assert.equal(written[0], 'Role given by=1 role=admin');
  assert.partialDeepStrictEqual(JSON.parse(written[1] ?? ''), {
    level: 'info',
    what: 'Role given',
    by: 1,
    role: 'admin',
  });
});
