/** Chromium's own WebSocket against `WebSocketServer`. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { WebSocketServer } from 'websockets.io/websocket';
import { sharedBrowser } from './shared-browser.ts';

const MEBIBYTE = 1024 * 1024;
const http = createServer((_request, response) => response.end('<!doctype html>'));
const server = new WebSocketServer({
  server: http,
  maxMessageBytes: 17 * MEBIBYTE,
  maxOutboxBytes: 64 * MEBIBYTE,
  perMessageDeflate: true,
  selectProtocol: (offered) => offered[1],
});
/** Another that keeps its contexts, in small windows. */
const keepingHttp = createServer();
const keeping = new WebSocketServer({
  server: keepingHttp,
  perMessageDeflate: {
    threshold: 0,
    serverNoContextTakeover: false,
    clientNoContextTakeover: false,
    serverMaxWindowBits: 10,
    clientMaxWindowBits: 10,
  },
});
let browser: Browser;
let page: Page;
let url: string;
const closes: number[] = [];

describe('the WebSocket of a browser', () => {
  before(async () => {
    server.on('connection', (socket, { url }) => {
      socket.on('message', (data) => socket.send(data));
      socket.on('close', (code) => closes.push(code));
      if (url === '/close') socket.close(4001, 'enough');
      if (url === '/terminate') socket.terminate();
    });
    keeping.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
    for (const each of [http, keepingHttp]) await once(each.listen(0, '127.0.0.1'), 'listening');
    url = `127.0.0.1:${(http.address() as AddressInfo).port}`;
    browser = await sharedBrowser();
    page = await browser.newPage();
    await page.goto(`http://${url}/`);
  });

  after(async () => {
    await page.close();
    await Promise.all([server.close(), keeping.close()]);
    for (const each of [http, keepingHttp]) {
      each.closeAllConnections();
      each.close();
    }
  });

  /** Runs in the page: sends by kind, and says what came back. */
  function echo(size: number, kind: 'text' | 'buffer' | 'blob'): Promise<unknown> {
    return page.evaluate(
      ([host, size, kind]) =>
        new Promise((resolve) => {
          const socket = new WebSocket(`ws://${host}/echo`, ['one', 'two']);
          socket.binaryType = 'arraybuffer';
          const bytes = new Uint8Array(size).map((_, at) => 97 + ((at * 7919) % 26));
          const text = new TextDecoder().decode(bytes);
          socket.addEventListener('open', () =>
            socket.send(kind === 'text' ? text : kind === 'blob' ? new Blob([bytes]) : bytes),
          );
          socket.addEventListener('message', ({ data }: { data: string | ArrayBuffer }) => {
            const back = typeof data === 'string' ? data : new TextDecoder().decode(data);
            const isText = typeof data === 'string';
            resolve({
              same: back === text,
              isText,
              protocol: socket.protocol,
              extensions: socket.extensions,
            });
            socket.close();
          });
        }),
      [url, size, kind] as const,
    );
  }

  for (const kind of ['text', 'buffer', 'blob'] as const) {
    for (const size of [0, 125, 65_536, kind === 'text' ? 16 * MEBIBYTE : MEBIBYTE]) {
      it(`${kind} of ${size} bytes, compressed, with a subprotocol`, async () => {
        const extensions = 'permessage-deflate; server_no_context_takeover; client_no_context_takeover';
        assert.deepEqual(await echo(size, kind), {
          same: true,
          isText: kind === 'text',
          protocol: 'two',
          extensions,
        });
      });
    }
  }

  it('messages that refer to the ones before them, both ways, in windows of 2^10 bytes', async () => {
    const heard = await page.evaluate(
      (url) =>
        new Promise<string[]>((resolve) => {
          const socket = new WebSocket(url);
          const heard: string[] = [];
          socket.addEventListener('open', () => {
            for (let at = 0; at < 200; at += 1)
              socket.send(`${at} ${'the same again and again '.repeat(at)}`);
          });
          socket.addEventListener('message', ({ data }: { data: string }) => {
            if (heard.push(data) < 200) return;
            resolve([socket.extensions, ...heard]);
            socket.close();
          });
        }),
      `ws://127.0.0.1:${(keepingHttp.address() as AddressInfo).port}/`,
    );
    const [extensions, ...texts] = heard;
    assert.equal(extensions, 'permessage-deflate; server_max_window_bits=10; client_max_window_bits=10');
    assert.deepEqual(
      texts,
      Array.from({ length: 200 }, (_, at) => `${at} ${'the same again and again '.repeat(at)}`),
    );
  });

  const ended = (path: string): Promise<unknown> =>
    page.evaluate(
      (url) =>
        new Promise((resolve) => {
          new WebSocket(url).addEventListener('close', ({ code, reason, wasClean }) =>
            resolve({ code, reason, wasClean }),
          );
        }),
      `ws://${url}${path}`,
    );

  it('a close by the server, with code and reason', async () => {
    assert.deepEqual(await ended('/close'), { code: 4001, reason: 'enough', wasClean: true });
  });

  it('terminate is 1006', async () => {
    assert.deepEqual(await ended('/terminate'), { code: 1006, reason: '', wasClean: false });
  });

  it('a close by the browser, and a thousand messages in order before it', async () => {
    closes.length = 0;
    const heard = await page.evaluate(
      (url) =>
        new Promise<string[]>((resolve) => {
          const socket = new WebSocket(url);
          const heard: string[] = [];
          socket.addEventListener('open', () => {
            for (let at = 0; at < 1_000; at += 1) socket.send(`${at}`);
          });
          socket.addEventListener('message', ({ data }: { data: string }) => {
            if (heard.push(data) === 1_000) socket.close(4002, 'done');
          });
          socket.addEventListener('close', () => resolve(heard));
        }),
      `ws://${url}/echo`,
    );
    assert.deepEqual(
      heard,
      Array.from({ length: 1_000 }, (_, at) => `${at}`),
    );
    assert.ok(closes.includes(4002));
  });
});
