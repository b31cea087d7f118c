/** The parts whose cases are easier to reach alone than through a running chat. */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { addressLine } from '../server/address-line.ts';
import { FloodGate } from '../server/flood-gate.ts';
import { stopOnSignals } from '../server/stop-on-signals.ts';
import { isAtThisMachine } from '../server/visitor-address.ts';

test('a flood gate gives a burst, then a steady rate, to each key', () => {
  let now = 0;
  const gate = new FloodGate({ burst: 3, perSecond: 2 }, () => now);
  const passes = (key: string, times: number): number =>
    Array.from({ length: times }, () => gate.pass(key)).filter(Boolean).length;
  assert.equal(passes('a', 5), 3);
  assert.equal(passes('b', 5), 3);
  now += 500;
  assert.equal(passes('a', 5), 1);
  now += 3_600_000;
  assert.equal(passes('a', 5), 3, 'a long rest fills the bucket, not more');
  now -= 3_600_000;
  assert.equal(passes('a', 5), 0, 'a clock that is set back takes and gives nothing');
});

test('a flood gate remembers only those who were busy lately', () => {
  let now = 0;
  const gate = new FloodGate({ burst: 3, perSecond: 2 }, () => now);
  for (let key = 0; key < 10_000; key += 1) {
    now += 100;
    gate.pass(`visitor ${key}`);
  }
  assert.ok(gate.size <= 1_001, `${gate.size} buckets`);
});

test('who sits at this machine is told from who comes through a proxy on it', () => {
  const ask = (
    headers: Record<string, string> = {},
    { remoteAddress = '127.0.0.1', httpVersion = '1.1' } = {},
  ): boolean =>
    isAtThisMachine({
      headers: { host: 'localhost:3000', ...headers },
      socket: { remoteAddress },
      httpVersion,
    } as unknown as IncomingMessage);
  assert.ok(ask());
  assert.ok(ask({ origin: 'http://localhost:3000', referer: 'http://localhost:3000/' }));
  for (const host of ['127.0.0.1', '127.1.2.3:80', '[::1]:3000', 'LOCALHOST']) assert.ok(ask({ host }), host);
  for (const remoteAddress of ['::1', '::ffff:127.0.0.1', '127.0.0.2']) assert.ok(ask({}, { remoteAddress }));
  for (const host of ['chat.example', '127.0.0.1.example', 'localhost.example:3000', '192.168.1.5', '']) {
    assert.ok(!ask({ host }), host);
  }
  assert.ok(!ask({}, { remoteAddress: '192.168.1.5' }));
  for (const header of ['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via']) {
    assert.ok(!ask({ [header]: '' }), header);
  }
  assert.ok(!ask({}, { httpVersion: '1.0' }), 'a proxy that says nothing else');
  for (const page of ['https://chat.example', 'null']) {
    assert.ok(!ask({ origin: page }), page);
    assert.ok(!ask({ referer: page }), page);
  }
});

const loopback = {
  address: '127.0.0.1',
  family: 'IPv4',
  internal: true,
  netmask: '',
  mac: '',
  cidr: null,
} as const;
const lan = { ...loopback, address: '192.168.1.5', internal: false };

test('the address line names the network’s address only when visitors can use it', () => {
  const line = (host: string | undefined): string => addressLine(3000, host, { lo: [loopback], eth0: [lan] });
  const both = 'Chat at http://localhost:3000 (on your network: http://192.168.1.5:3000)';
  assert.equal(line(undefined), both);
  assert.equal(line('0.0.0.0'), both);
  assert.equal(line('::'), both);
  assert.equal(line('127.0.0.1'), 'Chat at http://127.0.0.1:3000');
  assert.equal(line('::1'), 'Chat at http://[::1]:3000');
  assert.equal(addressLine(3000, undefined, { lo: [loopback] }), 'Chat at http://localhost:3000');
});

test('a second signal ends at once, unless it is the echo of the first', () => {
  let now = 0;
  const signals = new EventEmitter();
  const exits: number[] = [];
  const lines: string[] = [];
  stopOnSignals({
    signals,
    close: () => new Promise(() => {}),
    exit: (code) => void exits.push(code),
    log: { info: (line) => void lines.push(line), error: (line) => void lines.push(line) },
    now: () => now,
  });
  signals.emit('SIGINT');
  now += 20;
  signals.emit('SIGINT');
  assert.deepEqual(exits, []);
  now += 1_000;
  signals.emit('SIGTERM');
  assert.deepEqual(exits, [1]);
  assert.deepEqual(lines, []);
});

test('a stop that takes too long is ended with a sentence', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const signals = new EventEmitter();
  const exits: number[] = [];
  const lines: string[] = [];
  stopOnSignals({
    signals,
    close: () => new Promise(() => {}),
    exit: (code) => void exits.push(code),
    log: { info: (line) => void lines.push(line), error: (line) => void lines.push(line) },
  });
  signals.emit('SIGTERM');
  context.mock.timers.tick(4_500);
  assert.deepEqual(exits, [1]);
  assert.match(lines.join('\n'), /^Chat did not stop within 4\.5 seconds and was ended\.$/);
});
