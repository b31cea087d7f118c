/**
 * Packets put together at random, said to `socket.io` and to us: what is heard, and what the user hears, must be the same.
 * `SEED=7` begins elsewhere, `PACKETS=10000` says more.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { Server as ReferenceServer } from 'socket.io';
import { Server as OurServer } from 'websockets.io';
import { Die } from './die.ts';
import { frame, Opcode, RawConnection, text } from './raw-connection.ts';
import { withoutIds } from './wire.ts';

const PIECES =
  '0 1 2 3 4 5 6 12 7 1- 2- - / /other , ?a=b : " \\ [ ] { } "echo" "é" null true ["echo" ["echo",1] [1] {"a":1}'
    .split(' ')
    .concat('["echo",{"_placeholder":true,"num":0}]');
/** But leaving: what comes behind it in the same turn is still taken by socket.io, and lost. */
const TYPES = ['0', '2', '2', '2', '3', '5', '6'];
/** Where they differ on purpose: an answer without a number, or a packet without the array that the protocol wants. */
const WITHOUT_ARRAY = /^4([23]|[56]\d+-)(\/[^,]*,?)?\d*$/;
const WITHOUT_NUMBER = /^4(3|6\d+-)(\/[^,]*,)?\[/;

interface Side {
  readonly port: number;
  /** What its user heard since it was last emptied. */
  readonly heard: string[];
  readonly close: () => Promise<void>;
}

async function open(Server: typeof ReferenceServer): Promise<Side> {
  const http = createServer();
  const io = new Server(http);
  const heard: string[] = [];
  for (const name of ['/', '/other']) {
    io.of(name).on('connection', (socket) => {
      socket.on('fence', () => socket.emit('fence'));
      socket.onAny((event: unknown, ...details: unknown[]) => {
        if (event !== 'fence') heard.push(JSON.stringify([name, event, ...details]));
        const last = details.at(-1);
        if (typeof last === 'function') (last as (word: string) => void)('answer');
      });
    });
  }
  await once(http.listen(0), 'listening');
  const close = async (): Promise<void> => {
    const closed = io.close();
    http.closeAllConnections();
    await closed;
  };
  return { port: (http.address() as AddressInfo).port, heard, close };
}

/** Hears until the fence or the end. */
async function hear(raw: RawConnection, into: string[]): Promise<boolean> {
  for (;;) {
    const next = await raw.nextFrameOrEnd();
    if (next === undefined || next.opcode === Opcode.close) {
      into.push('closed');
      return false;
    }
    const packet =
      next.opcode === Opcode.text ? withoutIds(next.payload.toString()) : next.payload.toString('hex');
    if (packet === '42["fence"]') return true;
    into.push(packet);
  }
}

/** Says packets, and tells what came of it. In any order: socket.io lets into namespaces a little later. */
async function say({ port, heard }: Side, packets: readonly (string | Buffer)[]): Promise<unknown> {
  heard.length = 0;
  const raw = await RawConnection.openWebSocket(port);
  const answers: string[] = [];
  for (const packet of packets) {
    raw.send(typeof packet === 'string' ? text(packet) : frame({ opcode: Opcode.binary, payload: packet }));
  }
  for (let round = 0; round < 2; round += 1) {
    raw.send(text('42["fence"]'));
    if (!(await hear(raw, answers))) break;
  }
  raw.destroy();
  return { answers: answers.sort(), heard: [...heard].sort() };
}

const sides = [
  await open(ReferenceServer),
  await open(OurServer as unknown as typeof ReferenceServer),
] as const;
after(async () => {
  for (const side of sides) await side.close();
  // As in scenarios.test.ts: socket.io may leave a timer of 30 s behind.
  setTimeout(() => process.exit(), 2_000).unref();
});

test('random packets', async () => {
  const die = new Die(Number(process.env['SEED'] ?? 1));
  const count = Number(process.env['PACKETS'] ?? 3_000);
  for (let index = 0; index < count; index += 1) {
    const pieces = Array.from({ length: 1 + die.below(5) }, () => die.one(PIECES));
    const packet = `4${die.one(TYPES)}${pieces.join('')}`;
    if (WITHOUT_ARRAY.test(packet) || WITHOUT_NUMBER.test(packet)) continue;
    const attachments = /^4[56]/.test(packet)
      ? Array.from({ length: die.below(3) }, () => Buffer.from([7]))
      : [];
    const packets = [packet, ...attachments];
    const [reference, ours] = [await say(sides[0], packets), await say(sides[1], packets)];
    assert.deepEqual(
      ours,
      reference,
      `after ${JSON.stringify(packet)} and ${attachments.length} attachments`,
    );
  }
});
