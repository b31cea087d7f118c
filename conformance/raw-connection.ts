/** A TCP connection spoken by hand: HTTP and WebSocket bytes written one by one, right or wrong (RFC 6455). */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket as TcpSocket } from 'node:net';
import { PATIENCE_MS } from './notebook.ts';

export const Opcode = {
  continuation: 0,
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
  pong: 10,
} as const;

export interface FrameParts {
  opcode: number;
  payload?: Buffer | string;
  fin?: boolean;
  /** RSV1, RSV2, RSV3 as the number's bits 4, 2, 1. */
  reserved?: number;
  masked?: boolean;
  /** The masking key. Default: any. */
  key?: Buffer;
  /** Written instead of the true length. */
  declaredLength?: bigint;
}

/** Builds one client frame. Everything about it may be wrong if asked for. */
export function frame({
  opcode,
  payload = '',
  fin = true,
  reserved = 0,
  masked = true,
  key = randomBytes(4),
  declaredLength,
}: FrameParts): Buffer {
  const body = Buffer.from(payload);
  const length = declaredLength ?? BigInt(body.length);
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  const maskBit = masked ? 0x80 : 0;
  let head: Buffer;
  if (length < 126n) {
    head = Buffer.from([first, maskBit | Number(length)]);
  } else if (length < 65_536n) {
    head = Buffer.from([first, maskBit | 126, 0, 0]);
    head.writeUInt16BE(Number(length), 2);
  } else {
    head = Buffer.from([first, maskBit | 127, 0, 0, 0, 0, 0, 0, 0, 0]);
    head.writeBigUInt64BE(length, 2);
  }
  if (!masked) return Buffer.concat([head, body]);
  const hidden = body.map((byte, index) => byte ^ (key[index % 4] ?? 0));
  return Buffer.concat([head, key, hidden]);
}

export function text(payload: string): Buffer {
  return frame({ opcode: Opcode.text, payload });
}

export function closeFrame(code: number, reason: Buffer | string = ''): Buffer {
  const payload = Buffer.concat([Buffer.alloc(2), Buffer.from(reason)]);
  payload.writeUInt16BE(code);
  return frame({ opcode: Opcode.close, payload });
}

export interface ReceivedFrame {
  opcode: number;
  payload: Buffer;
}

/** What a connection came to: how the server ended it. */
export interface Ending {
  /** Status code of the Close frame; 1005 if it carried none; undefined if no Close frame came. */
  closeCode: number | undefined;
}

export class RawConnection {
  readonly #tcp: TcpSocket;
  #received: Buffer = Buffer.alloc(0);
  #frames: ReceivedFrame[] = [];
  #hasEnded = false;
  #speaksWebSocket = false;
  #wake: () => void = () => undefined;

  private constructor(tcp: TcpSocket) {
    this.#tcp = tcp;
    tcp.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    // A reset is an ending like any other here.
    tcp.on('error', () => undefined);
    for (const event of ['end', 'close']) {
      tcp.on(event, () => {
        this.#hasEnded = true;
        this.#wake();
      });
    }
  }

  static async open(port: number): Promise<RawConnection> {
    const tcp = connect({ port, host: 'localhost', allowHalfOpen: true, noDelay: true });
    await once(tcp, 'connect');
    return new RawConnection(tcp);
  }

  /** Opens, upgrades and joins the main namespace, as a correct client does. */
  static async openWebSocket(port: number): Promise<RawConnection> {
    const raw = await RawConnection.openEngine(port);
    raw.send(text('40'));
    const joined = await raw.nextText();
    if (!joined.startsWith('40{')) throw new Error(`Expected to join the namespace, got "${joined}"`);
    return raw;
  }

  /** Opens and upgrades, and reads the Engine.IO handshake. */
  static async openEngine(port: number): Promise<RawConnection> {
    const raw = await RawConnection.open(port);
    raw.send(upgradeRequest());
    const { status } = await raw.response();
    if (status !== 101) throw new Error(`Expected to upgrade, got ${status}`);
    const opened = await raw.nextText();
    if (!opened.startsWith('0{')) throw new Error(`Expected the handshake, got "${opened}"`);
    return raw;
  }

  send(...chunks: readonly (Buffer | string)[]): void {
    for (const chunk of chunks) this.#tcp.write(chunk);
  }

  /** Sends FIN and goes on listening. */
  halfClose(): void {
    this.#tcp.end();
  }

  /** Sends RST. */
  reset(): void {
    this.#tcp.resetAndDestroy();
  }

  destroy(): void {
    this.#tcp.destroy();
  }

  /** Reads an HTTP response: status line, headers, and the body if it has a length. */
  async response(): Promise<{ status: number; head: string; body: string }> {
    await this.#until('an HTTP response', () => this.#received.includes('\r\n\r\n'));
    const headLength = this.#received.indexOf('\r\n\r\n') + 4;
    const head = this.#received.subarray(0, headLength).toString('latin1');
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1]);
    const bodyLength = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    await this.#until('an HTTP body', () => this.#received.length >= headLength + bodyLength);
    const body = this.#received.subarray(headLength, headLength + bodyLength).toString();
    this.#received = this.#received.subarray(headLength + bodyLength);
    this.#speaksWebSocket = status === 101;
    return { status, head, body };
  }

  async nextFrame(): Promise<ReceivedFrame> {
    await this.#until('a frame', () => this.#takeFrames() || this.#frames.length > 0);
    const next = this.#frames.shift();
    if (next === undefined) throw new Error('The connection ended before the next frame');
    return next;
  }

  /** The next frame, or nothing if the server ended the connection before it. */
  async nextFrameOrEnd(): Promise<ReceivedFrame | undefined> {
    await this.#until(
      'a frame or the end',
      () => this.#takeFrames() || this.#frames.length > 0 || this.#hasEnded,
    );
    return this.#frames.shift();
  }

  /** The payload of the next frame, which must be text. */
  async nextText(): Promise<string> {
    const { opcode, payload } = await this.nextFrame();
    if (opcode !== Opcode.text) throw new Error(`Expected a text frame, got opcode ${opcode}`);
    return payload.toString();
  }

  /** Waits until the server has ended its side, reading what it still says. */
  async ending(): Promise<Ending> {
    await this.#until('the end of the connection', () => this.#hasEnded);
    this.#takeFrames();
    const close = this.#frames.find(({ opcode }) => opcode === Opcode.close);
    if (close === undefined) return { closeCode: undefined };
    return { closeCode: close.payload.length < 2 ? 1005 : close.payload.readUInt16BE() };
  }

  /** Waits for the server's Close frame and answers it, as a correct client does; then waits for the end. */
  async endingInPeace(): Promise<Ending> {
    await this.#until('a Close frame or the end', () => {
      this.#takeFrames();
      return this.#hasEnded || this.#frames.some(({ opcode }) => opcode === Opcode.close);
    });
    if (!this.#hasEnded) this.send(closeFrame(1000));
    return this.ending();
  }

  /** Moves whole frames from the bytes to the list. Server frames must be whole, unmasked and without extensions. */
  #takeFrames(): boolean {
    const before = this.#frames.length;
    while (this.#speaksWebSocket) {
      if (this.#received.length < 2) break;
      const first = this.#received.readUInt8(0);
      const second = this.#received.readUInt8(1);
      if ((first & 0xf0) !== 0x80 || (second & 0x80) !== 0) {
        throw new Error(`A server frame began with ${first.toString(16)} ${second.toString(16)}`);
      }
      const short = second & 0x7f;
      const headLength = { 126: 4, 127: 10 }[short] ?? 2;
      if (this.#received.length < headLength) break;
      let length = short;
      if (short === 126) length = this.#received.readUInt16BE(2);
      if (short === 127) length = Number(this.#received.readBigUInt64BE(2));
      if (this.#received.length < headLength + length) break;
      this.#frames.push({
        opcode: first & 0x0f,
        payload: this.#received.subarray(headLength, headLength + length),
      });
      this.#received = this.#received.subarray(headLength + length);
    }
    return this.#frames.length > before;
  }

  async #until(what: string, isDone: () => boolean): Promise<void> {
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      if (isDone()) return;
      if (this.#hasEnded) throw new Error(`The connection ended before ${what} came`);
      await new Promise<void>((resolve, reject) => {
        const giveUp = (): void => {
          reject(
            new Error(
              `Waited ${PATIENCE_MS} ms for ${what}; unread: ${JSON.stringify(this.#received.toString('latin1'))}`,
            ),
          );
        };
        deadline.addEventListener('abort', giveUp, { once: true });
        this.#wake = () => {
          deadline.removeEventListener('abort', giveUp);
          resolve();
        };
      });
    }
  }
}

/** The bytes of an upgrade request. A header set to undefined is left out. */
export function upgradeRequest(
  changed: {
    method?: string;
    path?: string;
    headers?: Readonly<Record<string, string | undefined>>;
  } = {},
): string {
  const headers: Record<string, string | undefined> = {
    Host: 'localhost',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    ...changed.headers,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  const path = changed.path ?? '/socket.io/?EIO=4&transport=websocket';
  return `${changed.method ?? 'GET'} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}
