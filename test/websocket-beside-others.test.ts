/** A bare server on an HTTP server that others use too: pages, Express, Socket.IO, handlers of the user. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import express from 'express';
import { Server } from 'websockets.io';
import { encodeFrame, Opcode, WebSocketServer } from 'websockets.io/websocket';
import { RawClient } from './raw-client.ts';

async function listen(http: HttpServer): Promise<number> {
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return (http.address() as AddressInfo).port;
}

describe('WebSocketServer beside others', () => {
  it('takes only its path, beside a Socket.IO server and another of its kind', async () => {
    const http = createServer((_request, response) => response.end('page'));
    const [one, two] = ['/one', '/two'].map((path) => new WebSocketServer({ server: http, path }));
    const io = new Server(http);
    const port = await listen(http);
    const seen = Promise.all([once(one!, 'connection'), once(two!, 'connection'), once(io, 'connection')]);
    const clients = [
      await RawClient.open(port, '/one?x=1'),
      await RawClient.open(port, '/two'),
      await RawClient.enter(port),
    ];
    await seen;
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'page');
    for (const client of clients) client.tcp.destroy();
    await Promise.all([one!.close(), two!.close(), io.close()]);
  });

  it('leaves other paths to a handler of the user, and loses no bytes behind a request handed over by hand', async () => {
    const http = createServer((_request, response) => response.end('page'));
    const own = new WebSocketServer({ server: http, path: '/own' });
    const byHand = new WebSocketServer();
    http.on('upgrade', (request, tcp, head) => {
      if (request.url === '/by-hand') byHand.handleUpgrade(request, tcp, head);
    });
    const port = await listen(http);
    const heard = new Promise<unknown>((resolve) => {
      byHand.on('connection', (socket) => socket.on('message', resolve));
    });
    const tcp = connect(port, '127.0.0.1');
    // The first frame comes in one packet with the request, before the answer.
    const request =
      'GET /by-hand HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
    const frame = encodeFrame(Opcode.text, 'early', { mask: Buffer.from([1, 2, 3, 4]) });
    tcp.write(Buffer.concat([Buffer.from(request), frame]));
    assert.equal(await heard, 'early');
    tcp.destroy();
    (await RawClient.open(port, '/own')).tcp.destroy();
    await Promise.all([own.close(), byHand.close()]);
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });

  it('works beside Express', async () => {
    const app = express();
    app.get('/', (_request, response) => void response.send('from Express'));
    const http = createServer(app);
    const server = new WebSocketServer({ server: http, path: '/live' });
    server.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
    const port = await listen(http);
    const client = new WebSocket(`ws://127.0.0.1:${port}/live`);
    await once(client, 'open');
    const heard = once(client, 'message') as Promise<[MessageEvent]>;
    client.send('echo');
    assert.equal((await heard)[0].data, 'echo');
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'from Express');
    client.close();
    await server.close();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });

  it('one without a path leaves to a Socket.IO server what that has taken', async () => {
    const http = createServer();
    const io = new Server(http);
    const server = new WebSocketServer({ server: http });
    const port = await listen(http);
    server.on('connection', () => assert.fail('was taken twice'));
    const client = await RawClient.enter(port);
    client.tcp.destroy();
    await server.close();
    await io.close();
  });
});
