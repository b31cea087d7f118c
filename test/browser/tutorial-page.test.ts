/** The page of the tutorial's first years, with jQuery 1.11.1 and socket.io-client 1.3.5, in today's browser. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { Server } from 'websockets.io';
import { screenshot } from './screenshots.ts';
import { sharedBrowser } from './shared-browser.ts';

const MODULES = join(import.meta.dirname, '../../node_modules');

/** In the style of its day. `options` are what `io()` is given. */
const page = (options: string): string => `<!doctype html>
<html>
  <head><meta charset="utf-8" /><title>Chat</title><link rel="icon" href="data:," /></head>
  <body>
    <ul id="messages"></ul>
    <form action="">
      <input id="m" autocomplete="off" /><button>Send</button>
    </form>
    <script src="/client.js"></script>
    <script src="/jquery.js"></script>
    <script>
      var trouble = [];
      var socket = io(${options});
      $.each(['reconnecting', 'reconnect', 'connect_error', 'disconnect', 'error'], function (_, name) {
        socket.on(name, function () { trouble.push(name); });
      });
      $('form').submit(function () {
        socket.emit('chat message', $('#m').val());
        $('#m').val('');
        return false;
      });
      socket.on('chat message', function (message) {
        $('#messages').append($('<li>').text(message));
      });
      socket.on('sum', function (bytes) {
        var sum = 0;
        $.each(new Uint8Array(bytes), function (_, byte) { sum += byte; });
        $('#messages').append($('<li>').text('sum ' + sum));
      });
    </script>
  </body>
</html>`;

const FILES: Readonly<Record<string, { type: string; body: string | Buffer }>> = {
  '/': { type: 'text/html', body: page('') },
  '/polling': { type: 'text/html', body: page("{ transports: ['polling'] }") },
  '/websocket': { type: 'text/html', body: page("{ transports: ['websocket'] }") },
  '/jquery.js': { type: 'text/javascript', body: readFileSync(join(MODULES, 'jquery/dist/jquery.js')) },
  '/client.js': {
    type: 'text/javascript',
    body: readFileSync(join(MODULES, 'socket.io-client-1.3/socket.io.js')),
  },
};

const SAID = ['hello', 'Grüße, 日本 😀', '<b>bold</b>', 'x'.repeat(300), 'one more'];

describe('the page of the tutorial, with its own client 1.3.5', { timeout: 300_000 }, () => {
  let browser: Browser;
  let io: Server;
  let url: string;
  let faults: string[];
  let connections: number;
  let disconnects: string[];

  before(async () => {
    browser = await sharedBrowser();
  });

  beforeEach(async () => {
    [faults, connections, disconnects] = [[], 0, []];
    const http = createServer((request, response) => {
      const file = FILES[request.url ?? ''];
      if (file === undefined) response.writeHead(404).end();
      else response.writeHead(200, { 'Content-Type': file.type }).end(file.body);
    });
    io = new Server(http, { allowEIO3: true });
    io.on('connection', (socket) => {
      connections += 1;
      socket.on('chat message', (message) => io.emit('chat message', message));
      socket.on('bytes', (bytes) => io.emit('sum', bytes));
      socket.on('disconnect', (reason) => disconnects.push(reason));
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map(async (context) => context.close()));
    await io.close();
    assert.deepEqual(faults, []);
  });

  async function openWindow(path: string): Promise<Page> {
    const context = await browser.newContext();
    context.setDefaultTimeout(10_000);
    const window = await context.newPage();
    window.on('pageerror', (error) => faults.push(`page error: ${error.message}`));
    const connected = new Promise<void>((resolve) => {
      io.once('connection', () => resolve());
    });
    await window.goto(url + path);
    await connected;
    await window.waitForFunction('socket.connected');
    return window;
  }

  async function say(window: Page, text: string): Promise<void> {
    await window.locator('#m').fill(text);
    await window.locator('button').click();
  }

  async function heard(window: Page, count: number): Promise<string[]> {
    await window
      .locator('#messages li')
      .nth(count - 1)
      .waitFor();
    return window.locator('#messages li').allTextContents();
  }

  const transportOf = (window: Page): Promise<string> => window.evaluate('socket.io.engine.transport.name');

  /** Both say everything, in turn, and hear it in the same order; nobody had to come back. */
  async function talk(alice: Page, bob: Page): Promise<void> {
    const said = SAID.flatMap((text) => [`Alice: ${text}`, `Bob: ${text}`]);
    for (const [at, text] of said.entries()) {
      await say(at % 2 === 0 ? alice : bob, text);
      await heard(alice, at + 1);
    }
    for (const window of [alice, bob]) assert.deepEqual(await heard(window, said.length), said);
    for (const window of [alice, bob]) {
      await window.evaluate("socket.emit('bytes', new Uint8Array([1, 2, 250]).buffer)");
    }
    for (const window of [alice, bob]) {
      assert.deepEqual((await heard(window, said.length + 2)).slice(-2), ['sum 253', 'sum 253']);
      assert.deepEqual(await window.evaluate('trouble'), []);
    }
    assert.deepEqual([connections, disconnects], [2, []]);
  }

  test('two windows talk by polling, then by WebSocket', async () => {
    const alice = await openWindow('/');
    const bob = await openWindow('/');
    for (const window of [alice, bob]) {
      await window.waitForFunction("socket.io.engine.transport.name === 'websocket'");
    }
    await talk(alice, bob);
    await screenshot(alice, 'tutorial-page');
  });

  test('two windows talk by polling alone', async () => {
    const [alice, bob] = [await openWindow('/polling'), await openWindow('/polling')];
    await talk(alice, bob);
    assert.deepEqual([await transportOf(alice), await transportOf(bob)], ['polling', 'polling']);
  });

  test('two windows talk by WebSocket alone', async () => {
    const [alice, bob] = [await openWindow('/websocket'), await openWindow('/polling')];
    await talk(alice, bob);
    assert.equal(await transportOf(alice), 'websocket');
  });

  test('a window that closes is noticed', async () => {
    const alice = await openWindow('/polling');
    const left = new Promise<void>((resolve) => {
      for (const socket of io.sockets.sockets.values()) socket.once('disconnect', () => resolve());
    });
    await alice.close({ runBeforeUnload: true });
    await left;
    assert.equal(connections, 1);
  });
});
