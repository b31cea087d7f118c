/** Polling by hand: bodies, right and wrong, heartbeats, and requests that do not fit the session. */
import { once } from 'node:events';
import { text } from '../raw-connection.ts';
import type { Scenario } from '../scenario.ts';
import { noteUntil, openWire, PollingHand, posted, type Revision, wireServer, withoutIds } from '../wire.ts';

/** With a poll waiting, as real clients have, posts a body that ends the session. */
function fatal(
  name: string,
  body: string | Buffer,
  more: { revision?: Revision; type?: string; todo?: string } = {},
): Scenario {
  const { revision = 4, type = 'text/plain;charset=UTF-8', todo } = more;
  return {
    name: `wrong body of revision ${revision}: ${name}`,
    modes: ['polling'],
    options: { allowEIO3: true, maxHttpBufferSize: 1_000 },
    ...(todo !== undefined && { todo }),
    server: wireServer,
    async client(_connect, stage) {
      const { notes, io } = stage;
      const hand = await PollingHand.open(stage, revision);
      if (revision === 4) {
        await hand.say('40');
        notes.note('hand', 'hears', withoutIds(await hand.hear()));
      }
      const arrived = once(io.httpServer, 'request');
      const poll = hand.hear();
      await arrived;
      // What the fatal request itself is told varies: socket.io says 200 "ok" to a body that it could not read.
      await hand.post(body, type, false);
      await notes.until('server /', 'disconnect');
      await poll;
      notes.note('hand', 'gone', await hand.hear());
    },
  };
}

function idle(revision: Revision): Scenario {
  return {
    name: `heartbeats of revision ${revision} by polling: answered, the session lives; then not`,
    modes: ['polling'],
    options: { allowEIO3: true, pingInterval: 50, pingTimeout: 400 },
    server: wireServer,
    async client(_connect, stage) {
      const { notes } = stage;
      const hand = await PollingHand.open(stage, revision);
      if (revision === 4) {
        await hand.say('40');
        notes.note('hand', 'hears', withoutIds(await hand.hear()));
      }
      for (let round = 0; round < 2; round += 1) {
        if (revision === 3) await hand.say('2');
        notes.note('hand', 'hears', await hand.hear());
        if (revision === 4) await hand.say('3');
      }
      await notes.until('server /', 'disconnect');
    },
  };
}

export const wirePollingScenarios: readonly Scenario[] = [
  fatal('nothing', ''),
  fatal('separators alone', '\u001e\u001e'),
  fatal('an unknown engine packet', 'x'),
  fatal('an unknown engine packet behind a good one', '42["echo",1]\u001ex'),
  fatal('a ping', '2'),
  fatal('an unknown packet', '49'),
  fatal('an event that is no array', '42{"a":1}'),
  fatal('a reserved name', '42["disconnect"]'),
  fatal('base64 that no packet announced', 'bAQID'),
  fatal('bytes', Buffer.from([1, 2, 3]), { type: 'application/octet-stream' }),
  fatal('a close packet', '1'),
  fatal('a close packet before an event', '1\u001e42["echo",1]'),
  fatal('nothing', '', { revision: 3 }),
  fatal('no length', '42["echo"]', { revision: 3 }),
  fatal('a length that is too long', '99:42["echo"]', { revision: 3 }),
  fatal('an unknown engine packet', '1:x', { revision: 3 }),
  fatal('an unknown packet', '2:49', { revision: 3 }),
  fatal('a close packet', '1:1', { revision: 3 }),
  posted('right body: many packets', ['42["echo",1]\u001e42["echo",2]\u001e3\u001e42["echo",3]']),
  idle(4),
  idle(3),
  {
    name: 'a body over the limit is refused, and the session lives',
    modes: ['polling'],
    options: { maxHttpBufferSize: 1_000 },
    server: wireServer,
    async client(_connect, stage) {
      const hand = await PollingHand.open(stage, 4);
      await hand.say('40');
      stage.notes.note('hand', 'hears', withoutIds(await hand.hear()));
      await hand.post(`42["${'x'.repeat(2_000)}"]`);
      await hand.say('42["fence"]');
      await hand.noteUntil('42["fence"]');
    },
  },
  {
    name: 'a POST to a session that has upgraded',
    modes: ['upgrade'],
    server: wireServer,
    async client(_connect, stage) {
      const { notes } = stage;
      const hand = await PollingHand.open(stage, 4);
      await hand.say('40');
      notes.note('hand', 'hears', withoutIds(await hand.hear()));
      const raw = await openWire(stage, 4, hand.sid);
      raw.send(text('2probe'));
      notes.note('hand', 'probe', await raw.nextText());
      const poll = hand.hear();
      raw.send(text('5'), text('42["fence"]'));
      await noteUntil(raw, notes, '42["fence"]');
      await poll;
      await hand.say('42["echo","too late"]');
      raw.send(text('42["fence"]'));
      await noteUntil(raw, notes, '42["fence"]');
    },
  },
];
