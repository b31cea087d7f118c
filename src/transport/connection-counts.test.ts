import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, it } from 'node:test';
import { ConnectionCounts, countedAddress } from './connection-counts.ts';

const from = (remoteAddress: string | undefined, forwarded?: string | string[]): IncomingMessage =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;

describe('countedAddress', () => {
  for (const [address, counted] of [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:0201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:c000:201', '192.0.2.1'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['', undefined],
    ['unknown', undefined],
    ['192.0.2.1:80', undefined],
    ['[::1]', undefined],
    ['::1%', undefined],
  ] as const) {
    it(`${address} counts as ${counted}`, () => assert.equal(countedAddress(address), counted));
  }
});

describe('ConnectionCounts', () => {
  /** Whether the second may come while the first is there, with room for one of each address. */
  const both = (first: IncomingMessage, second: IncomingMessage, trustProxies = 0): boolean => {
    const counts = new ConnectionCounts({ maxConnections: 9, maxConnectionsPerAddress: 1, trustProxies });
    counts.add(first, first);
    const noRoom = counts.noRoomFor(second);
    if (noRoom !== undefined) assert.equal(noRoom.status, 429);
    counts.remove(first);
    assert.equal(counts.noRoomFor(second), undefined);
    assert.equal(counts.noRoomFor(first), undefined);
    return noRoom === undefined;
  };

  for (const [one, other, areTwo] of [
    ['2001:db8::1', '2001:db8::ffff:1', false],
    ['2001:db8::1', '2001:db8:0:1::1', true],
    ['::ffff:192.0.2.1', '192.0.2.1', false],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.2', true],
    [undefined, undefined, false],
  ] as const) {
    it(`${one} and ${other} are ${areTwo ? 'two' : 'one'}`, () => {
      assert.equal(both(from(one), from(other)), areTwo);
    });
  }

  for (const [one, other, areTwo] of [
    ['[2001:db8::1]:443', '2001:db8::2', false],
    ['[2001:db8::1]', '[2001:db8:1::1]:1', true],
    ['192.0.2.1:5678', '192.0.2.1:1234', false],
    ['192.0.2.1:5678', '192.0.2.2:5678', true],
    ['::ffff:192.0.2.1', '192.0.2.1', false],
    [['198.51.100.9', '192.0.2.1'], '192.0.2.1', false],
    // No addresses: they count as the proxy. Were they taken as they are, a client could be somebody else each time.
    ['unknown', '_hidden', false],
    ['[::1', '"192.0.2.1"', false],
    ['', ',,,', false],
    ['x'.repeat(10_000), '192.0.2.1:port', false],
    ['999.0.2.1:80', '[x]:80', false],
    ['192.0.2.1', 'unknown', true],
  ] as const) {
    const name = [one, other].map((each) => String(each).slice(0, 40)).join('" and "');
    it(`behind a proxy, "${name}" are ${areTwo ? 'two' : 'one'}`, () => {
      const proxied = (forwarded: string | readonly string[]): IncomingMessage =>
        from('10.0.0.1', forwarded as string | string[]);
      assert.equal(both(proxied(one), proxied(other), 1), areTwo);
    });
  }

  it('without trusted proxies the header is not read', () => {
    assert.equal(both(from('192.0.2.1', '192.0.2.8'), from('192.0.2.1', '192.0.2.9')), false);
  });
});
