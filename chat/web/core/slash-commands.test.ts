import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS, completeCommand, parseSlash, type SlashAction } from './slash-commands.ts';
import { writeOut } from './slash.ts';

const send = (body: string): SlashAction => ({ do: 'send', body });

const PARSED: readonly [text: string, action: SlashAction][] = [
  ['hello', send('hello')],
  ['see /help', send('see /help')],
  [' /me', send(' /me')],
  ['/usr/bin/env', send('/usr/bin/env')],
  ['/ 2', send('/ 2')],
  ['/', send('/')],
  ['/1', send('/1')],
  ['/me.', send('/me.')],
  ['//me waves', send('/me waves')],
  ['//', send('/')],
  ['///x', send('//x')],
  ['/me waves', { do: 'send', body: 'waves', kind: 'action' }],
  ['/ME  waves\nand goes ', { do: 'send', body: 'waves\nand goes', kind: 'action' }],
  ['／me waves', { do: 'send', body: 'waves', kind: 'action' }],
  ['/me', { do: 'ask for more', command: 'me' }],
  ['/me \n', { do: 'ask for more', command: 'me' }],
  ['/shrug', send('¯\\_(ツ)_/¯')],
  ['/shrug who knows', send('who knows ¯\\_(ツ)_/¯')],
  ['/nick Ada Lovelace', { do: 'rename', name: 'Ada Lovelace' }],
  ['/nick', { do: 'ask for more', command: 'nick' }],
  ['/topic  one\ntwo', { do: 'set topic', topic: 'one two' }],
  ['/topic', { do: 'ask for more', command: 'topic' }],
  ['/invite', { do: 'invite', name: null }],
  ['/invite @Ada Lovelace', { do: 'invite', name: 'Ada Lovelace' }],
  ['/mute', { do: 'mute', ms: Infinity }],
  ['/mute 30m', { do: 'mute', ms: 1_800_000 }],
  ['/mute 2 H', { do: 'mute', ms: 7_200_000 }],
  ['/mute 1d', { do: 'mute', ms: 86_400_000 }],
  ['/mute off', { do: 'mute', ms: 0 }],
  ['/mute 0m', { do: 'mute', ms: null }],
  ['/mute for a while', { do: 'mute', ms: null }],
  ['/leave', { do: 'leave' }],
  ['/leave now', { do: 'leave' }],
  ['/help', { do: 'help' }],
  ['/etc', { do: 'say unknown', typed: 'etc', nearest: undefined }],
  ['/he', { do: 'say unknown', typed: 'he', nearest: 'help' }],
  ['/hepl', { do: 'say unknown', typed: 'hepl', nearest: 'help' }],
  ['/topc x', { do: 'say unknown', typed: 'topc', nearest: 'topic' }],
  ['/toppic x', { do: 'say unknown', typed: 'toppic', nearest: 'topic' }],
  ['/lewve', { do: 'say unknown', typed: 'lewve', nearest: 'leave' }],
];

for (const [text, action] of PARSED) {
  test(`${JSON.stringify(text)}: ${action.do}`, () => {
    assert.deepEqual(parseSlash(text), action);
  });
}

test('commands are offered while they are typed', () => {
  const names = (text: string): string[] => completeCommand(text).map(({ name }) => name);
  assert.deepEqual(
    names('/'),
    COMMANDS.map(({ name }) => name),
  );
  assert.deepEqual(names('/H'), ['help']);
  assert.deepEqual(names('/help'), ['help']);
  for (const text of ['', 'h', '/help ', '//', '/x', '/usr/']) assert.deepEqual(names(text), []);
});

test('what is taken back is what one would type to send it', () => {
  const bodies = ['hello', '/me waves', '/foo', '//x', '/', '/usr/bin/env', '／me waves'];
  for (const body of bodies) assert.deepEqual(parseSlash(writeOut({ body })), send(body));
  const action = { body: 'waves\nand goes', kind: 'action' } as const;
  assert.deepEqual(parseSlash(writeOut(action)), { do: 'send', ...action });
});
