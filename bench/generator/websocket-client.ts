/** A WebSocket client of the load generator, over plain TCP: opens, sends bytes, and checks each byte that comes. */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { inflateRawSync } from 'node:zlib';
import type { Address, Client, ClientOwner } from './client.ts';
import {
  encodeMasked,
  findUpgradeFault,
  formatUpgrade,
  isSampled,
  takeFrame,
  takeText,
  withoutPosition,
} from './frames.ts';
import type { Dialect, Link } from './orders.ts';

/** One for all: the chunk is checked before the next read. Spares the generator an allocation per read. */
const CHUNK = Buffer.allocUnsafeSlow(256 * 1024);
const NOTHING = Buffer.alloc(0);
const DEFLATE_TAIL = Buffer.from([0, 0, 0xff, 0xff]);

/** Engine.IO's ping and pong, as frames. */
const PING = Buffer.from([0x81, 1, 0x32]);
const PONG = encodeMasked(Buffer.from('3'));

export class WebSocketClient implements Client {
  readonly index: number;
  readonly #owner: ClientOwner;
  readonly #tcp: Socket;
  #expected: Buffer = NOTHING;
  #arrived = 0;
  /** What came while opening; nothing afterwards. */
  #opening: Buffer | undefined = NOTHING;
  #upgraded = false;
  #closing = false;
  readonly #link: Link;
  /** What came of frames that cannot be compared yet. */
  #pending: Buffer[] = [];
  #frames: Buffer | undefined;

  private constructor(
    index: number,
    port: number,
    owner: ClientOwner,
    link: Link,
    onChunk: (client: WebSocketClient, bytes: number) => void,
  ) {
    this.index = index;
    this.#link = link;
    this.#owner = owner;
    const to = { host: '127.0.0.1', port, noDelay: true };
    const callback = (bytes: number): boolean => {
      onChunk(this, bytes);
      return true;
    };
    this.#tcp =
      link.tls === undefined
        ? connect({ ...to, onread: { buffer: CHUNK, callback } })
        : connectTls({ ...to, rejectUnauthorized: false }).on('data', (chunk: Buffer) =>
            callback(chunk.copy(CHUNK)),
          );
    this.#tcp.on('error', (error) => this.#fault(error.message));
    this.#tcp.on('close', () => this.#fault('the server closed the connection'));
  }

  static open(index: number, { port, dialect, link }: Address, owner: ClientOwner): Promise<WebSocketClient> {
    return new Promise((resolve, reject) => {
      const client: WebSocketClient = new WebSocketClient(index, port, owner, link, (self, bytes) => {
        if (self.#opening === undefined) {
          if (isSampled(link)) self.#checkSampled(Buffer.from(CHUNK.subarray(0, bytes)));
          else if (link.heartbeats === true) self.#answerPings(bytes);
          else self.#check(bytes);
          return;
        }
        try {
          if (self.#open(bytes, dialect)) resolve(self);
        } catch (error) {
          self.destroy();
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
      client.#tcp.once('error', reject);
      client.#tcp.write(formatUpgrade(port, dialect, link, index));
    });
  }

  get arrived(): number {
    return this.#arrived;
  }

  expect(bytes: Buffer): void {
    this.#expected = bytes;
    this.#arrived = 0;
    this.#pending = [];
    this.#frames = undefined;
  }

  compareWith(frames: Buffer): void {
    this.#frames = frames;
    this.#checkSampled(NOTHING);
  }

  send(bytes: Buffer): void {
    this.#tcp.write(bytes);
  }

  stall(): void {
    this.#closing = true;
    this.#tcp.pause();
  }

  /** With RST: thousands of sockets in TIME_WAIT would be in the way of the next round. */
  destroy(): void {
    this.#closing = true;
    this.#tcp.resetAndDestroy();
  }

  #check(bytes: number): void {
    const from = this.#arrived;
    const to = from + bytes;
    const expected = this.#expected;
    // A server has one way to frame a short text without fragments, so comparing bytes is comparing messages.
    if (to > expected.length || CHUNK.compare(expected, from, to, 0, bytes) !== 0) {
      const [got, due] = [
        CHUNK.toString('latin1', 0, Math.min(bytes, 200)),
        expected.toString('latin1', from, to),
      ];
      this.#fault(`got ${JSON.stringify(got)} (${bytes} bytes) for ${JSON.stringify(due.slice(0, 200))}`);
      return;
    }
    this.#arrived = to;
    this.#owner.onArrived(this, from);
    if (to === expected.length) this.#owner.onComplete(this);
  }

  /** Nothing else comes to a client that does nothing. A frame of three bytes is not cut on loopback. */
  #answerPings(bytes: number): void {
    for (let at = 0; at < bytes; at += PING.length) {
      if (CHUNK.compare(PING, 0, PING.length, at, Math.min(at + PING.length, bytes)) !== 0) {
        this.#fault(`got ${JSON.stringify(CHUNK.toString('latin1', at, bytes))} for a ping`);
        return;
      }
      this.send(PONG);
      this.#owner.onHeartbeat();
    }
  }

  /** Only the first client inflates, or parses: 500 of them would cost more than the server. The others compare. */
  #checkSampled(chunk: Buffer): void {
    if (chunk.length > 0) this.#pending.push(chunk);
    this.#arrived += chunk.length;
    if (this.index === 0 && this.#frames === undefined) {
      this.#checkContent(Buffer.concat(this.#pending));
      return;
    }
    const frames = this.#frames;
    if (frames === undefined || this.#arrived < frames.length) return;
    if (Buffer.concat(this.#pending).equals(frames)) this.#owner.onComplete(this);
    else this.#fault(`got other frames than the first client (${this.#arrived} bytes for ${frames.length})`);
  }

  #checkContent(bytes: Buffer): void {
    const contents: Buffer[] = [];
    let rest = bytes;
    for (let frame = takeFrame(rest); frame !== undefined; frame = takeFrame(rest)) {
      const { head, payload } = frame;
      rest = frame.rest;
      if (this.#link.positions === true) {
        contents.push(withoutPosition(payload));
        continue;
      }
      // RFC 7692 §7.2.2, and RSV1 for what is compressed.
      const isCompressed = (head.readUInt8(0) & 0x40) !== 0;
      if (!isCompressed) {
        this.#fault('a message came that is not compressed');
        return;
      }
      contents.push(inflateRawSync(Buffer.concat([payload, DEFLATE_TAIL]), { finishFlush: 2 }));
    }
    if (rest.length > 0) return;
    const content = Buffer.concat(contents);
    if (content.length < this.#expected.length) return;
    if (content.equals(this.#expected)) this.#owner.onSample(bytes);
    else this.#fault('the content of the frames is not what is due');
  }

  /** True once the client is in. Throws for anything else than the expected opening. */
  #open(bytes: number, dialect: Dialect): boolean {
    // Copied: the chunk's memory is every socket's.
    this.#opening = Buffer.concat([this.#opening ?? NOTHING, CHUNK.subarray(0, bytes)]);
    if (!this.#upgraded) {
      const end = this.#opening.indexOf('\r\n\r\n');
      if (end < 0) return false;
      const fault = findUpgradeFault(this.#opening.toString('latin1', 0, end), this.#link.deflate === true);
      if (fault !== undefined) throw new Error(`Cannot open socket ${this.index}: ${fault}`);
      this.#upgraded = true;
      this.#opening = this.#opening.subarray(end + 4);
    }
    if (dialect === 'socket.io' && !this.#enterNamespace()) return false;
    if (this.#opening.length > 0)
      throw new Error(`Socket ${this.index} opened with ${this.#opening.length} odd bytes`);
    this.#opening = undefined;
    return true;
  }

  #enterNamespace(): boolean {
    for (;;) {
      const taken = takeText(this.#opening ?? NOTHING);
      if (taken === undefined) return false;
      this.#opening = taken.rest;
      const { namespace } = this.#link;
      const address = namespace === undefined ? '40' : `40${namespace},`;
      if (taken.text.startsWith('0{')) this.send(encodeMasked(Buffer.from(address)));
      else if (taken.text.startsWith(`${address}{`)) return true;
      else throw new Error(`Socket ${this.index} opened with "${taken.text}"`);
    }
  }

  #fault(reason: string): void {
    if (this.#closing) return;
    this.#owner.onFault(`socket ${this.index}: ${reason}`);
  }
}
