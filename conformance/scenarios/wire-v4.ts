/** Protocol 4 over revision 3 on the wire, as Socket.IO 1 and 2 speak it. */
import type { Scenario } from '../scenario.ts';
import { type Packet, posted, spoken } from '../wire.ts';

const bytes = Buffer.from([1, 2, 3]);

const RIGHT: readonly [string, ...Packet[]][] = [
  ['an event', '42["echo",1,"é😀",null]'],
  ['an event that asks', '4212["echo","x",2]'],
  ['bytes', '451-["echo",{"_placeholder":true,"num":0}]', bytes],
  ['bytes that ask', '451-12["echo",{"_placeholder":true,"num":0}]', bytes],
  ['bytes by base64', '451-["echo",{"_placeholder":true,"num":0}]', 'b4AQID'],
  ['a question is answered', '42["ask me",1]', '430["yes",2]'],
  ['a question with bytes', '451-["ask me",{"_placeholder":true,"num":0}]', bytes, '430["got them"]'],
  ['another namespace', '40/other', '42/other,["echo",1]', '42/other,5["echo",2]'],
  ['another namespace, with comma', '40/other,'],
  ['another namespace, with a query', '40/other?token=a%20b&c=,', '42/other?token=a%20b&c=,["echo",1]'],
  ['another namespace, left, and entered again', '40/other', '41/other', '42["ask me"]', '40/other?a=1'],
  ['an unknown namespace', '40/nowhere'],
  ['an unknown namespace with a query', '40/nowhere?a=b,'],
  ['a namespace with a guard', '40/guarded'],
  ['pings', '2', '2'],
  ['a noop', '6'],
];

const WRONG: readonly [string, ...Packet[]][] = [
  ['an empty frame', ''],
  ['an unknown engine packet', '9'],
  ['an empty packet', '4'],
  ['an unknown packet', '47'],
  ['an event that is no array', '42{"a":1}'],
  ['JSON that breaks off', '42["echo"'],
  ['a reserved name: disconnect', '42["disconnect","faked"]'],
  ['a binary event without attachments', '45["echo",1]'],
  ['bytes that no packet announced', bytes],
  ['text where an attachment is due', '451-["echo",{"_placeholder":true,"num":0}]', '42["echo",1]'],
];

const all = { revision: 3 } as const;

export const wireV4Scenarios: readonly Scenario[] = [
  ...RIGHT.map(([what, ...packets]) => spoken(`right: ${what}`, packets, all)),
  ...WRONG.map(([what, ...packets]) => spoken(`wrong: ${what}`, packets, all)),
  spoken('different: a ping with words', ['2words'], {
    ...all,
    differs: 'here the pong carries them, as the protocol says; with engine.io only the pong to a probe does',
  }),
  posted('by polling: events', ['42["echo",1]', '42["echo","plain"]', '427["echo",3]'], all),
  posted('by polling: bytes as base64', ['451-["echo",{"_placeholder":true,"num":0}]', 'b4AQID'], {
    ...all,
    query: '&b64=1',
  }),
  posted('by polling: namespaces', ['40/other?a=1', '40/nowhere', '40/guarded', '42/other,["echo",1]'], all),
  posted('by polling: a ping', ['2'], all),
  posted('by polling: a close packet', ['1'], all),
];
