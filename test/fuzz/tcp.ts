/** A bare server on a real port, given requests and frames that are nearly right, wrong, or noise. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { WebSocketServer } from 'websockets.io/websocket';
import { heldBytes } from '../memory.ts';
import type { Dice } from './dice.ts';
import { CODES, compressedFrames, frames } from './targets.ts';

const AT_ONCE = 25;
/** Of growth over many connections that are gone: what compilers and caches took meanwhile. */
const SLACK_BYTES = 12_000_000;

export class TcpTarget {
  readonly #http: HttpServer = createServer((_request, response) => response.writeHead(404).end());
  readonly #server = new WebSocketServer({
    server: this.#http,
    perMessageDeflate: { threshold: 0, serverNoContextTakeover: false, clientNoContextTakeover: false },
    maxMessageBytes: 5_000,
    maxFragments: 50,
    closeTimeoutMs: 2_000,
  });
  readonly #codes: number[] = [];
  #heldAtFirst: number | undefined;

  async open(): Promise<void> {
    this.#server.on('connection', (socket) => {
      socket.on('message', (data) => socket.send(data));
      socket.on('close', (code) => this.#codes.push(code));
    });
    await once(this.#http.listen(0, '127.0.0.1'), 'listening');
  }

  async close(): Promise<void> {
    await this.#server.close();
    this.#http.closeAllConnections();
    this.#http.close();
  }

  /** Some connections side by side; none of them is there afterwards. */
  async attempt(dice: Dice): Promise<void> {
    const streams = Array.from({ length: AT_ONCE }, () => streamOf(dice));
    const answers = await Promise.all(streams.map((stream) => this.#play(dice.cut(stream))));
    for (const answer of answers) assert.match(answer, /^$|^HTTP\/1\.1 (101|4\d\d|5\d\d) /);
    while (this.#server.clients.size > 0) await new Promise((resolve) => setImmediate(resolve));
    for (const code of this.#codes.splice(0)) {
      // Those of the registry and of applications are the peer's to choose (§7.4.2).
      assert.ok(
        CODES.has(code) || (code >= 1012 && code <= 1014) || (code >= 3000 && code < 5000),
        `${code}`,
      );
    }
  }

  async checkMemory(): Promise<void> {
    const held = await heldBytes();
    this.#heldAtFirst ??= held;
    assert.ok(
      held - this.#heldAtFirst < SLACK_BYTES,
      `${held - this.#heldAtFirst} bytes more than at first are held`,
    );
  }

  /** Sends all, ends, and resolves with the beginning of what came back. */
  #play(pieces: readonly Buffer[]): Promise<string> {
    return new Promise((resolve) => {
      let answer = '';
      const tcp = connect((this.#http.address() as AddressInfo).port, '127.0.0.1');
      tcp.on('data', (chunk: Buffer) => {
        if (answer.length < 100) answer += chunk.toString('latin1', 0, 100);
      });
      tcp.on('error', () => {});
      tcp.on('close', () => resolve(answer));
      for (const piece of pieces) tcp.write(piece);
      tcp.end();
    });
  }
}

function streamOf(dice: Dice): Buffer {
  const lines = [
    'GET /live HTTP/1.1',
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ...(dice.once(2) ? ['Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits'] : []),
  ];
  const request = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
  const head = dice.once(5) ? dice.mutate(request) : request;
  return Buffer.concat([head, dice.once(2) ? frames(dice, true) : compressedFrames(dice, true)]);
}
