/** Where the server goes when somebody posts a link, and where it never goes. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { BlockList } from 'node:net';
import { type TestContext, test } from 'node:test';
import { Refused } from '../server/previews/faults.ts';
import { Guard, NOTHING_MORE, type Resolve, askNameServers, parseAllowed } from '../server/previews/guard.ts';
import { isPublicAddress, ownNetworks } from '../server/previews/special-networks.ts';

const never = new AbortController().signal;
const noResolve: Resolve = () => assert.fail('asked for a name');
const answering =
  (...addresses: string[]): Resolve =>
  () =>
    Promise.resolve(addresses);

/** The first and the last address of each network that is not the public internet's. */
const NOT_PUBLIC =
  `0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255
  169.254.0.0 169.254.169.254 169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0 192.0.0.255 192.0.2.0 192.0.2.255
  192.88.99.0 192.88.99.255 192.168.0.0 192.168.255.255 198.18.0.0 198.19.255.255 198.51.100.0 198.51.100.255
  203.0.113.0 203.0.113.255 224.0.0.0 239.255.255.255 240.0.0.0 255.255.255.255
  :: ::1 ::7f00:1 ::127.0.0.1 ::ffff:0:7f00:1 100:: 100::1 fc00:: fd12:3456::1 fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
  fe80:: fe80::1 febf:ffff::1 fec0::1 ff00:: ff02::1 2001:: 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:10::1 2001:20::1
  2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff 2001:db8:: 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff 2002:: 2002:7f00:1::
  2002:c0a8:101:: 2002:808:808:: 3fff:: 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff 4000::1 5f00::1 64:ff9b:1:: 64:ff9b:1::808:808
  64:ff9b:1:ffff:ffff:ffff:ffff:ffff fe80::1%lo fd12::1%eth0`.split(/\s+/);

const PUBLIC =
  `1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 169.253.255.255
  169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255
  2000::1 2001:200::1 2001:4860:4860::8888 2606:4700:4700::1111 2a00:1450:4001::1 3ffe::1`.split(/\s+/);

const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;

test('only addresses of the public internet are public', () => {
  for (const address of NOT_PUBLIC) assert.equal(isPublicAddress(address), false, address);
  for (const address of PUBLIC) assert.equal(isPublicAddress(address), true, address);
  for (const address of ['', 'localhost', '1.1.1', '1.1.1.1/8', '[::1]', '01.1.1.1'])
    assert.equal(isPublicAddress(address), false, address);
});

test('an IPv4 address within an IPv6 one is what it is', () => {
  for (const address of [...NOT_PUBLIC, ...PUBLIC].filter((one) => IPV4.test(one))) {
    const isPublic = PUBLIC.includes(address);
    for (const prefix of ['::ffff:', '64:ff9b::'])
      assert.equal(isPublicAddress(prefix + address), isPublic, prefix + address);
    const [high = '', low = ''] = [0, 2].map((at) =>
      Buffer.from(address.split('.').map(Number)).toString('hex', at, at + 2),
    );
    assert.equal(isPublicAddress(`::ffff:${high}:${low}`), isPublic, `::ffff:${high}:${low}`);
    // 6to4 is never, whatever is in it.
    assert.equal(isPublicAddress(`2002:${high}:${low}::1`), false);
  }
});

test('addresses that no name server is asked for are refused at once, however they are written', async () => {
  const guard = new Guard(NOTHING_MORE, noResolve);
  for (const url of [
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://017700000001/',
    'http://0177.0.0.01/',
    'http://127.1/',
    'http://0/',
    'http://１２７.０.０.１/',
    'http://①②⑦.0.0.1/',
    'http://127.0.0.1./',
    'http://10.0.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[0:0:0:0:0:ffff:a00:1]/',
    'http://[64:ff9b::a00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[fd00::1]/',
    // The port, the scheme, the user.
    'http://example.org:8080/',
    'https://example.org:80/',
    'http://example.org:443/',
    'http://example.org:22/',
    'ftp://example.org/',
    'file:///etc/passwd',
    'data:text/html,x',
    'javascript:alert(1)',
    'http://user@example.org/',
    'http://user:password@example.org/',
    'http://:password@example.org/',
    `http://example.org/${'x'.repeat(2_000)}`,
  ]) {
    assert.throws(() => guard.check(new URL(url)), Refused, url);
    await assert.rejects(guard.vet(new URL(url), never), Refused, url);
  }
});

test('a name goes where all of its addresses are public, and to these', async () => {
  const vet = (url: string, ...addresses: string[]) =>
    new Guard(NOTHING_MORE, answering(...addresses)).vet(new URL(url), never);
  assert.deepEqual(await vet('https://example.org/', '8.8.8.8', '2606:4700::1'), [
    { address: '8.8.8.8', family: 4 },
    { address: '2606:4700::1', family: 6 },
  ]);
  assert.deepEqual(await vet('http://1.1.1.1/'), [{ address: '1.1.1.1', family: 4 }]);
  assert.deepEqual(await vet('http://[2606:4700::1]:80/'), [{ address: '2606:4700::1', family: 6 }]);
  for (const addresses of [
    ['8.8.8.8', '10.0.0.1'],
    ['8.8.8.8', '::1'],
    ['2606:4700::1', '::ffff:192.168.0.1'],
    ['fe80::1%eth0'],
    ['not an address'],
    [],
    Array.from({ length: 33 }, () => '8.8.8.8'),
  ]) {
    await assert.rejects(vet('http://example.org/', ...addresses), Refused, String(addresses));
  }
  await assert.rejects(vet('http://localhost/', '127.0.0.1'), Refused);
  await assert.rejects(vet('http://localhost./', '127.0.0.1'), Refused);
  await assert.rejects(vet('http://printer.local/', '192.168.0.9'), Refused);
});

test('a name in another script is asked for as the name servers know it', async () => {
  const asked: string[] = [];
  const guard = new Guard(NOTHING_MORE, async (host) => {
    asked.push(host);
    return ['8.8.8.8'];
  });
  await guard.vet(new URL('https://bücher.example/'), never);
  await guard.vet(new URL('https://EXAMPLE。org/'), never);
  assert.deepEqual(asked, ['xn--bcher-kva.example', 'example.org']);
});

test('what the operator allows is allowed, and nothing beside it', async () => {
  const allowed = parseAllowed(
    'wiki.corp, wiki.corp:8080 10.1.0.0/16,fd12::/16, [fd00::7]:81, 127.0.0.1:3001',
  );
  assert.ok(allowed);
  const guard = new Guard(allowed, answering('10.1.2.3'));
  for (const url of [
    'http://wiki.corp/',
    'https://wiki.corp/',
    'http://wiki.corp:8080/x',
    'http://10.1.255.255/',
    'http://[fd12::1]/',
    'http://[::ffff:10.1.0.1]/',
    'http://[fd00::7]:81/',
    'http://127.0.0.1:3001/',
    'http://other.corp/',
  ]) {
    assert.ok((await guard.vet(new URL(url), never)).length > 0, url);
  }
  for (const url of [
    'http://wiki.corp:8081/',
    'http://10.1.0.1:8080/',
    'http://10.2.0.1/',
    'http://[fd13::1]/',
    'http://[fd00::7]/',
    'http://127.0.0.1/',
    'http://127.0.0.1:3002/',
    'http://user@wiki.corp/',
    'ftp://wiki.corp/',
  ]) {
    await assert.rejects(guard.vet(new URL(url), never), Refused, url);
  }
  assert.ok(parseAllowed(''));
  for (const typed of [
    'http://wiki',
    'wiki/x',
    '10.0.0.0/33',
    '10.0.0/8',
    '::/129',
    'a b@c',
    'wiki:99999',
    '/8',
    'x?y',
    '10.0.0.0/',
  ])
    assert.equal(parseAllowed(typed), undefined, typed);
});

test('public addresses of this machine and its networks are not public to it', async () => {
  const common = { netmask: '', mac: '', internal: false };
  const own = (): BlockList =>
    ownNetworks({
      eth0: [
        { ...common, family: 'IPv4', address: '9.9.9.9', cidr: '9.9.9.9/24' },
        { ...common, family: 'IPv6', address: '2a01:4f8:1:2::1', cidr: '2a01:4f8:1:2::1/64', scopeid: 0 },
        { ...common, family: 'IPv6', address: 'fe80::1', cidr: null, scopeid: 2 },
      ],
      none: undefined,
    });
  const guard = new Guard(NOTHING_MORE, noResolve, own);
  for (const url of ['http://9.9.9.9/', 'http://[::ffff:9.9.9.9]/', 'http://[2a01:4f8:1:2:aaaa::9]/'])
    assert.throws(() => guard.check(new URL(url)), Refused, url);
  for (const url of ['http://9.9.9.8/', 'http://[2a01:4f8:1:3::1]/']) guard.check(new URL(url));
  const allowed = new Guard(parseAllowed('2a01:4f8:1:2::/64'), noResolve, own);
  allowed.check(new URL('http://[2a01:4f8:1:2:aaaa::9]/'));
  assert.ok(ownNetworks().check('127.0.0.1'), 'of this machine');
});

test('name servers are asked for both kinds of addresses, and one kind is enough', async (context) => {
  const server = await runNameServer(context, {
    'both.example A': Buffer.of(8, 8, 8, 8),
    'both.example AAAA': Buffer.from('26064700000000000000000000001111', 'hex'),
    'four.example A': Buffer.of(9, 9, 9, 9),
    'inside.example A': Buffer.of(10, 0, 0, 1),
  });
  const guard = new Guard(NOTHING_MORE, askNameServers([server.address]));
  const addresses = async (host: string): Promise<string[]> =>
    (await guard.vet(new URL(`https://${host}/`), never)).map(({ address }) => address);
  assert.deepEqual(await addresses('both.example'), ['8.8.8.8', '2606:4700::1111']);
  assert.deepEqual(await addresses('four.example'), ['9.9.9.9']);
  await assert.rejects(addresses('inside.example'), Refused);
  await assert.rejects(addresses('nothing.example'), { code: 'ENODATA' });
});

test('who gives up while a name server is silent waits no longer', async (context) => {
  const giveUp = new AbortController();
  const server = await runNameServer(context, null, () => giveUp.abort());
  const guard = new Guard(NOTHING_MORE, askNameServers([server.address]));
  const url = new URL('https://example.org/');
  await assert.rejects(guard.vet(url, giveUp.signal), { code: 'ECANCELLED' });
  await assert.rejects(guard.vet(url, giveUp.signal), { name: 'AbortError' });
});

/** Answers with what it has, by name and kind; with null never. RFC 1035, §4.1. */
async function runNameServer(
  context: TestContext,
  records: Record<string, Buffer> | null,
  asked = (): void => {},
): Promise<{ address: string }> {
  const socket = createSocket('udp4');
  context.after(() => socket.close());
  socket.on('message', (query, from) => {
    asked();
    if (records === null) return;
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const kind = query.readUInt16BE(at + 1);
    const data = records[`${labels.join('.')} ${kind === 1 ? 'A' : 'AAAA'}`];
    const question = query.subarray(12, at + 5);
    const header = Buffer.from([...query.subarray(0, 2), 0x81, 0x80, 0, 1, 0, data ? 1 : 0, 0, 0, 0, 0]);
    const record = data
      ? Buffer.from([0xc0, 12, 0, kind, 0, 1, 0, 0, 0, 9, 0, data.length, ...data])
      : Buffer.alloc(0);
    socket.send(Buffer.concat([header, question, record]), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { address: `127.0.0.1:${socket.address().port}` };
}
