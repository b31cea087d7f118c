/** Protocol 5 over revision 4 on the wire: what is said, and what is heard. */
import { text } from '../raw-connection.ts';
import type { Scenario } from '../scenario.ts';
import {
  noteUntil,
  openWire,
  type Packet,
  PollingHand,
  posted,
  type Revision,
  spoken,
  wireServer,
  withoutIds,
} from '../wire.ts';

const bytes = Buffer.from([1, 2, 3]);

/** Right packets, each in a session of its own. */
const RIGHT: readonly [string, ...Packet[]][] = [
  ['another namespace, left, and entered again', '40/other,', '41/other,', '42["ask me"]', '40/other,'],
  ['the main namespace left, and entered again', '40/other,', '41', '42/other,["ask me"]', '40{"again":1}'],
  ['an event', '42["echo",1,"two",null,{"three":[true]}]'],
  ['an event of the main namespace, by name', '42/,["echo",1]'],
  ['an event without arguments', '42["echo"]'],
  ['an event named by a number', '42[7,1]'],
  ['an event that nobody hears', '42["unheard",1]'],
  ['unicode', '42["echo","é € 😀 \\u0000 \\ud83d"]'],
  ['an event that asks', '4212["echo","x",2]'],
  ['an event that asks, number 0', '420["echo"]'],
  ['an event that asks, a large number', '42123456789012["echo"]'],
  ['an event that asks, number with zeros before it', '42007["echo"]'],
  ['many events', '42["echo",1]', '42["echo",2]', '42["echo",3]'],
  ['bytes', '451-["echo",{"_placeholder":true,"num":0}]', bytes],
  [
    'bytes, twice',
    '452-["echo",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]',
    bytes,
    Buffer.from('b'),
  ],
  [
    'bytes in another order',
    '452-["echo",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]',
    bytes,
    Buffer.from('b'),
  ],
  ['bytes, deep', '451-["echo",{"a":[{"_placeholder":true,"num":0}]}]', bytes],
  ['bytes that ask', '451-12["echo",{"_placeholder":true,"num":0}]', bytes],
  ['no bytes at all', '451-["echo",{"_placeholder":true,"num":0}]', Buffer.alloc(0)],
  [
    'the same attachment twice',
    '451-["echo",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]',
    bytes,
  ],
  ['a question is answered', '42["ask me",1]', '430["yes",2]'],
  ['a question is answered with bytes', '42["ask me"]', '461-0[{"_placeholder":true,"num":0}]', bytes],
  ['a question is answered twice', '42["ask me"]', '430[1]', '430[2]'],
  ['a question with bytes', '451-["ask me",{"_placeholder":true,"num":0}]', bytes, '430["got them"]'],
  ['answers that nobody waits for', '43999[1]', '430[]', '461-5[{"_placeholder":true,"num":0}]', bytes],
  ['another namespace', '40/other,', '42/other,["echo",1]', '42/other,5["echo",2]'],
  ['another namespace, with auth', '40/other,{"token":"é"}'],
  ['another namespace, without comma', '40/other'],
  ['an unknown namespace', '40/nowhere,'],
  ['an unknown namespace with a query', '40/other?a=b,'],
  ['a namespace with a guard', '40/guarded,'],
  ['bytes for another namespace', '40/other,', '451-/other,["echo",{"_placeholder":true,"num":0}]', bytes],
  ['a pong that was not asked for', '3'],
  ['a pong with words', '3words'],
  ['a noop', '6'],
  ['an upgrade to nothing', '5'],
];

/** Packets that end the connection, here as there. */
const WRONG: readonly [string, ...Packet[]][] = [
  ['an empty frame', ''],
  ['an unknown engine packet', '9'],
  ['a letter', 'x'],
  ['a ping, which is the server’s to send', '2'],
  ['an open packet', '0{}'],
  ['an empty packet', '4'],
  ['an unknown packet', '47'],
  ['a letter for a packet', '4x'],
  ['an event that is no array', '42{"a":1}'],
  ['an event without a name', '42[]'],
  ['an event whose name is an object', '42[{}]'],
  ['an event whose name is null', '42[null]'],
  ['an event whose name is true', '42[true]'],
  ['JSON that breaks off', '42["echo"'],
  ['JSON with something behind', '42["echo"]]'],
  ['a reserved name: connect', '42["connect"]'],
  ['a reserved name: connect_error', '42["connect_error"]'],
  ['a reserved name: disconnect', '42["disconnect","faked"]'],
  ['a reserved name: disconnecting', '42["disconnecting"]'],
  ['a reserved name: newListener', '42["newListener"]'],
  ['a reserved name: removeListener', '42["removeListener"]'],
  ['an answer that is no array', '430{"a":1}'],
  ['an event of a namespace that was not joined', '42/other,["echo"]'],
  ['an answer for a namespace that was not joined', '43/other,0[1]'],
  ['leaving a namespace that was not joined', '41/other,'],
  ['a second connect', '40'],
  ['a second connect to another namespace', '40/other,', '40/other,'],
  ['a connect error, which is the server’s to send', '44{"message":"x"}'],
  ['auth that is a string', '40/other,"text"'],
  ['auth that is a list', '40/other,[1]'],
  ['auth that is no JSON', '40/other,{'],
  ['a disconnect with data', '41["x"]'],
  ['a binary event without attachments', '45["echo",1]'],
  ['a binary event of -1 attachments', '45-1-["echo",1]'],
  ['a binary event of 1.5 attachments', '451.5-["echo",1]'],
  ['more attachments than allowed', '4511-["echo",{"_placeholder":true,"num":0}]'],
  ['text where an attachment is due', '451-["echo",{"_placeholder":true,"num":0}]', '42["echo",1]'],
  ['a placeholder past the attachments', '451-["echo",{"_placeholder":true,"num":1}]', bytes],
  ['a placeholder before the attachments', '451-["echo",{"_placeholder":true,"num":-1}]', bytes],
  ['a placeholder without a number', '451-["echo",{"_placeholder":true}]', bytes],
  ['bytes that no packet announced', bytes],
];

/** Where they differ on purpose, and why. */
const DIFFERENT: readonly [string, string, ...Packet[]][] = [
  ['white space in JSON', 'a blank is the number 0 for socket.io, which then answers', '42 [ "echo" , 1 ]'],
  ['a number that is not exact', 'socket.io answers, perhaps to another', '429007199254740992["echo"]'],
  ['an answer without a number', 'the protocol wants one; socket.io ignores it', '43[1]'],
  ['an event without anything', 'the protocol wants an array; socket.io emits `undefined`', '42'],
  [
    'an answer without anything',
    'the protocol wants an array; socket.io answers with nothing',
    '42["ask me"]',
    '430',
  ],
  ['a close packet', 'engine.io heeds it by polling alone', '1'],
];

/** Before any namespace was joined. */
const BEFORE: readonly [string, ...Packet[]][] = [
  ['an event', '42["echo",1]'],
  ['an answer', '430[1]'],
  ['leaving', '41'],
  ['an unknown namespace, then the main one', '40/nowhere,', '40'],
  ['another namespace first', '40/other,', '40'],
  ['auth', '40{"token":"abc","deep":{"list":[1]}}'],
  ['auth of the main namespace by name', '40/,{"token":1}'],
  ['null for auth', '40null'],
  ['a guard', '40/guarded,', '40'],
];

function heartbeat(revision: Revision): Scenario {
  return {
    name: `heartbeats of revision ${revision}: answered, the session lives; then not`,
    modes: ['websocket'],
    options: { pingInterval: 50, pingTimeout: 400, allowEIO3: true },
    server: wireServer,
    async client(_connect, stage) {
      const { notes } = stage;
      const raw = await openWire(stage, revision);
      if (revision === 4) raw.send(text('40'));
      notes.note('hand', 'hears', withoutIds(await raw.nextText()));
      for (let round = 0; round < 3; round += 1) {
        if (revision === 3) raw.send(text('2'));
        notes.note('hand', 'hears', await raw.nextText());
        if (revision === 4) raw.send(text('3'));
      }
      await noteUntil(raw, notes, 'never');
      await notes.until('server /', 'disconnect');
    },
  };
}

/** From polling to WebSocket, by hand. */
function upgrade(revision: Revision): Scenario {
  return {
    name: `upgrade of revision ${revision}: probe, noop for the poll, upgrade, and messages on both`,
    modes: ['upgrade'],
    options: { allowEIO3: true },
    server: wireServer,
    async client(_connect, stage) {
      const { notes } = stage;
      const hand = await PollingHand.open(stage, revision);
      if (revision === 4) {
        await hand.say('40');
        notes.note('hand', 'hears', withoutIds(await hand.hear()));
      }
      const poll = hand.hear();
      const raw = await openWire(stage, revision, hand.sid);
      raw.send(text('2probe'));
      notes.note('hand', 'probe', await raw.nextText());
      notes.note('hand', 'waiting poll', await poll);
      await hand.say('42["echo","by polling"]');
      raw.send(text('5'));
      raw.send(text('42["echo","by WebSocket"]'), text('42["fence"]'));
      await noteUntil(raw, notes, '42["fence"]');
      notes.note('hand', 'poll after it', withoutIds(await hand.hear()));
    },
  };
}

export const wireScenarios: readonly Scenario[] = [
  ...RIGHT.map(([what, ...packets]) => spoken(`right: ${what}`, packets)),
  ...WRONG.map(([what, ...packets]) => spoken(`wrong: ${what}`, packets)),
  ...DIFFERENT.map(([what, differs, ...packets]) => spoken(`different: ${what}`, packets, { differs })),
  ...BEFORE.map(([what, ...packets]) => spoken(`before joining: ${what}`, packets, { joined: false })),
  posted('by polling: events', ['42["echo",1]', '42["echo","é\u2028😀"]', '427["echo",3]']),
  posted('by polling: bytes', ['451-["echo",{"_placeholder":true,"num":0}]', 'bAQID']),
  posted('by polling: namespaces', ['40/other,{"a":1}', '40/nowhere,', '40/guarded,', '42/other,["echo",1]']),
  posted('by polling: a close packet', ['1']),
  posted('by polling: an event of a namespace that was not joined', ['42/other,["echo"]']),
  posted('by polling: an unknown packet', ['49']),
  heartbeat(4),
  heartbeat(3),
  upgrade(4),
  upgrade(3),
];
