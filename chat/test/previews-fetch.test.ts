/** What a hostile site can do to who asks it for a page: be refused, or be cut off. Nothing leaves this machine. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { FetchFault, Refused } from '../server/previews/faults.ts';
import { type FetchOptions, USER_AGENT, fetchGuarded } from '../server/previews/fetch.ts';
import { Guard, parseAllowed } from '../server/previews/guard.ts';
import { fetchPreview } from '../server/previews/page-preview.ts';
import { type Serve, type Site, png, runSite } from './hostile-site.ts';

const HTML = { 'Content-Type': 'text/html' };
const MAX_BYTES = 10_000;

function optionsFor(site: Site, more: Partial<FetchOptions> = {}): FetchOptions {
  return {
    guard: guardFor(site),
    signal: new AbortController().signal,
    accept: 'text/html',
    isWanted: (type) => type.startsWith('text/html'),
    maxBytes: MAX_BYTES,
    ...more,
  };
}

function guardFor(...sites: Site[]): Guard {
  return new Guard(parseAllowed(sites.map(({ host }) => host).join(',')));
}

async function read(site: Site, path: string, more: Partial<FetchOptions> = {}): Promise<string> {
  const { body } = await fetchGuarded(new URL(path, site.url), optionsFor(site, more));
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const redirect =
  (location: string, status = 302): Serve =>
  (_request, response) =>
    response.writeHead(status, { Location: location }).end('elsewhere');

test('a page is had, and nothing of ours goes along', async (context) => {
  const site = await runSite(context, { '/page?q=1': '<title>Hi</title>' });
  assert.equal(await read(site, '/page?q=1#fragment'), '<title>Hi</title>');
  assert.deepEqual(site.asked, ['/page?q=1']);
  assert.deepEqual(site.requests[0]?.headers, {
    'user-agent': USER_AGENT,
    accept: 'text/html',
    'accept-encoding': 'gzip, br',
    connection: 'close',
    host: site.host,
  });
});

test('redirects are followed three times, and each is looked at', async (context) => {
  const inside = await runSite(context, { '/': '<title>secret</title>' });
  const site = await runSite(context, {
    '/1': redirect('/2', 301),
    '/2': redirect('/3', 303),
    '/3': redirect('/end', 308),
    '/0': redirect('/1'),
    '/loop': redirect('/loop', 307),
    '/end': 'there',
    '/inside': redirect(inside.url),
    '/metadata': redirect('http://169.254.169.254/'),
    '/file': redirect('file:///etc/passwd'),
    '/user': redirect('http://a:b@example.org/'),
    '/port': redirect('http://1.1.1.1:22/'),
    '/nowhere': redirect('http://[/'),
    '/without': (_request, response) => response.writeHead(302).end(),
  });
  assert.equal(await read(site, '/1'), 'there');
  await assert.rejects(read(site, '/0'), FetchFault);
  await assert.rejects(read(site, '/loop'), FetchFault);
  assert.equal(site.asked.filter((path) => path === '/loop').length, 4);
  for (const path of ['/inside', '/metadata', '/file', '/user', '/port'])
    await assert.rejects(read(site, path), Refused, path);
  for (const path of ['/nowhere', '/without', '/missing'])
    await assert.rejects(read(site, path), FetchFault, path);
  assert.deepEqual(inside.asked, []);
});

test('the connection goes to the address that was vetted, whatever the name means a moment later', async (context) => {
  const site = await runSite(context, { '/': 'public' });
  const { port } = new URL(site.url);
  // First the address of a friend, then, when the connection would ask again, one that is not.
  const answers = [['127.0.0.1'], ['127.0.0.2']];
  const guard = new Guard(parseAllowed(`rebind.example:${port}`), async () => answers.shift() ?? []);
  const { body } = await fetchGuarded(new URL(`http://rebind.example:${port}/`), {
    ...optionsFor(site),
    guard,
  });
  for await (const chunk of body) assert.equal(chunk.toString(), 'public');
  assert.equal(answers.length, 1, 'asked once');
  assert.equal(site.requests[0]?.headers.host, `rebind.example:${port}`);
});

test('what is too long is cut, also when it unpacks to that', async (context) => {
  const zeros = Buffer.alloc(5_000_000);
  const packed =
    (encoding: string, bytes: Buffer): Serve =>
    (_request, response) =>
      response.writeHead(200, { ...HTML, 'Content-Encoding': encoding }).end(bytes);
  const endless: Serve = (_request, response) => {
    response.writeHead(200, HTML);
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(1_000)));
      response.once('drain', more);
    };
    more();
  };
  // A member of nothing, for ever: it never grows when it is unpacked.
  const nothing = gzipSync('');
  const endlessNothing: Serve = (_request, response) => {
    response.writeHead(200, { ...HTML, 'Content-Encoding': 'gzip' });
    const more = (): void => {
      while (!response.destroyed && response.write(nothing));
      response.once('drain', more);
    };
    more();
  };
  const site = await runSite(context, {
    '/endless': endless,
    '/nothing': endlessNothing,
    '/gzip': packed('gzip', gzipSync('packed')),
    '/br': packed('br', brotliCompressSync('packed')),
    '/bomb-gzip': packed('gzip', gzipSync(zeros)),
    '/bomb-br': packed('br', brotliCompressSync(zeros)),
    '/broken': packed('gzip', Buffer.from('no gzip')),
    '/unknown': packed('zstd', Buffer.from('x')),
    '/twice': packed('gzip, gzip', gzipSync(gzipSync(zeros))),
  });
  assert.equal((await read(site, '/endless')).length, MAX_BYTES);
  assert.equal(await read(site, '/gzip'), 'packed');
  assert.equal(await read(site, '/br'), 'packed');
  assert.equal((await read(site, '/bomb-gzip')).length, MAX_BYTES);
  assert.equal((await read(site, '/bomb-br')).length, MAX_BYTES);
  assert.equal(await read(site, '/nothing').catch(() => ''), '');
  for (const path of ['/broken', '/unknown', '/twice'])
    await assert.rejects(read(site, path), FetchFault, path);
});

test('what is no page is not read', async (context) => {
  const as =
    (type: string | undefined, status = 200): Serve =>
    (_request, response) => {
      if (type !== undefined) response.setHeader('Content-Type', type);
      response.writeHead(status).write('x');
      // It goes on for ever: whoever waited for its end would wait for ever, too.
    };
  const site = await runSite(context, {
    '/pdf': as('application/pdf'),
    '/none': as(undefined),
    '/error': as('text/html', 500),
    '/partial': as('text/html', 206),
  });
  for (const path of ['/pdf', '/none', '/error', '/partial'])
    await assert.rejects(read(site, path), FetchFault, path);
});

test('who says nothing, or a little for ever, or too much before the page, is given up', async (context) => {
  const slow: Serve = (_request, response) => {
    response.writeHead(200, HTML).write('<title>never');
  };
  const silent = createServer();
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  context.after(() => silent.closeAllConnections());
  context.after(() => silent.close());
  const site = await runSite(context, {
    '/slow': slow,
    '/headers': (_request, response) =>
      response.writeHead(200, { ...HTML, 'X-Much': 'x'.repeat(20_000) }).end('late'),
    '/reset': (_request, response) => response.destroy(),
    '/upgrade': (request) =>
      request.socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
    '/garbage': (request) => request.socket.end('SSH-2.0-OpenSSH\r\n'),
    '/short': (request) =>
      request.socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99\r\n\r\nx'),
  });
  for (const path of ['/headers', '/reset', '/upgrade', '/garbage', '/short'])
    await assert.rejects(read(site, path), FetchFault, path);

  const giveUp = new AbortController();
  const { body } = await fetchGuarded(
    new URL('/slow', site.url),
    optionsFor(site, { signal: giveUp.signal }),
  );
  await assert.rejects(async () => {
    for await (const chunk of body) {
      assert.equal(chunk.toString(), '<title>never');
      giveUp.abort();
    }
  }, FetchFault);

  const host = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const waiting = new AbortController();
  silent.once('request', () => waiting.abort());
  const mute: Site = { ...site, host, url: `http://${host}` };
  await assert.rejects(read(mute, '/', { signal: waiting.signal }), FetchFault);
});

test('whoever has enough leaves, and the connection ends', async (context) => {
  let ended: Promise<unknown> | undefined;
  const site = await runSite(context, {
    '/': (_request: IncomingMessage, response: ServerResponse) => {
      ended = once(response, 'close');
      response.writeHead(200, HTML).write(`<title>Enough</title></head>${' '.repeat(2_000)}`);
    },
  });
  const preview = await previewOf(site, '/');
  assert.equal(preview?.title, 'Enough');
  await ended;
});

test('a page has its title, its description and its picture', async (context) => {
  const picture = png(64, 48);
  const elsewhere = await runSite(context, { '/': 'private' });
  const page = (image: string): string => `<!doctype html><html><head><title>Plain &amp; simple</title>
    <meta name="description" content="Said  by\nthe page">
    <meta property="og:title" content="A &#39;title&#39;"><meta property="og:image" content="${image}"></head><body>`;
  const bytes =
    (body: Buffer | string, type = 'image/png'): Serve =>
    (_request, response) =>
      response.writeHead(200, { 'Content-Type': type }).end(body);
  const site = await runSite(context, {
    '/a/page': page('../picture'),
    '/lies': page('/text'),
    '/svg': page('/picture.svg'),
    '/large': page('/large.png'),
    '/outside': page(`${elsewhere.url}/x.png`),
    '/data': page('data:image/png;base64,AAAA'),
    '/missing': page('/nothing'),
    '/bad': page('http://['),
    '/moved': redirect('/a/page'),
    '/untitled': '<meta name="description" content="x"><title> \u200b </title>',
    '/picture': bytes(picture, 'text/plain'),
    '/text': bytes('<script>alert(1)</script>'),
    '/picture.svg': bytes('<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'),
    '/large.png': bytes(Buffer.concat([picture, Buffer.alloc(60_000)])),
  });
  const expected = { title: "A 'title'", description: 'Said by the page', image: null };
  assert.deepEqual(await previewOf(site, '/a/page'), {
    ...expected,
    image: { type: 'image/png', width: 64, height: 48, bytes: picture },
  });
  assert.equal((await previewOf(site, '/moved'))?.image?.width, 64);
  for (const path of ['/lies', '/svg', '/large', '/outside', '/data', '/missing', '/bad'])
    assert.deepEqual(await previewOf(site, path), expected, path);
  assert.equal(await previewOf(site, '/untitled'), null);
  assert.deepEqual(elsewhere.asked, []);
});

function previewOf(site: Site, path: string): ReturnType<typeof fetchPreview> {
  const signal = new AbortController().signal;
  const options = { guard: guardFor(site), signal, maxPageBytes: 100_000, maxImageBytes: 50_000 };
  return fetchPreview(new URL(path, site.url), options);
}
