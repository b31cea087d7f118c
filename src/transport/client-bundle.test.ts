import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { before, after, describe, it } from 'node:test';
import { serveClientBundle } from './client-bundle.ts';

const http = createServer((incoming, response) => {
  const path = incoming.url?.startsWith('/socket.io/') === true ? '/socket.io' : '/';
  if (!serveClientBundle(path, incoming, response)) response.writeHead(404).end();
});

async function ask(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<IncomingMessage> {
  const { port } = http.address() as AddressInfo;
  const sent = request({ host: '127.0.0.1', port, path, headers, method, agent: false }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response;
}

describe('serveClientBundle', () => {
  before(async () => {
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
  });
  after(() => http.close());

  it('chooses an encoding that the browser accepts, and none that it refuses', async () => {
    const cases: [header: string, chosen: string | undefined][] = [
      ['gzip, deflate, br', 'br'],
      ['GZIP', 'gzip'],
      ['br;q=0, gzip;q=0.5', 'gzip'],
      ['br;q=0.0,gzip; q=0', undefined],
      ['identity', undefined],
    ];
    for (const [header, chosen] of cases) {
      const { headers } = await ask('/socket.io/socket.io.js', { 'accept-encoding': header });
      assert.equal(headers['content-encoding'], chosen, header);
      assert.equal(headers.vary, 'Accept-Encoding');
    }
  });

  it('answers HEAD without a body and a known ETag with 304', async () => {
    const { statusCode, headers } = await ask('/socket.io/socket.io.min.js', {}, 'HEAD');
    assert.equal(statusCode, 200);
    assert.ok(Number(headers['content-length']) > 10_000);
    const again = await ask('/socket.io/socket.io.min.js', { 'if-none-match': headers.etag ?? '' });
    assert.equal(again.statusCode, 304);
  });

  it('serves nothing else, and nothing by other methods', async () => {
    for (const path of [
      '/socket.io/other.js',
      '/socket.io/../package.json',
      '/socket.io/socket.io.js/x',
      '/socket.io/socket.io.jsx',
    ]) {
      assert.equal((await ask(path)).statusCode, 404, path);
    }
    assert.equal((await ask('/socket.io/socket.io.js', {}, 'POST')).statusCode, 404);
  });

  it('serves at the path "/"', async () => {
    assert.equal((await ask('/socket.io.js')).statusCode, 200);
  });
});
