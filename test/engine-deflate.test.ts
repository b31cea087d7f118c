/** `perMessageDeflate` for Engine.IO: what is agreed on, and which frames are compressed (RFC 7692). */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect as connectTcp, type AddressInfo, type Socket as TcpSocket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { io as connect, type Socket as ClientSocket } from 'socket.io-client';
import { Server, type ServerOptions } from 'websockets.io';
import { encodeFrame } from '../src/websocket/frame-encoder.ts';
import { Opcode } from '../src/websocket/frame.ts';
import { MessageInflater } from '../src/websocket/message-inflater.ts';

const LONG = 'abcdefgh'.repeat(1_000);

async function start(
  t: TestContext,
  options: ServerOptions = { perMessageDeflate: true },
): Promise<{ io: Server; port: number }> {
  const http = createServer();
  const io = new Server(http, options);
  const tcps: TcpSocket[] = [];
  http.on('connection', (tcp) => tcps.push(tcp));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  t.after(() => {
    const closed = io.close();
    for (const tcp of tcps) tcp.destroy(); // their peers do not answer our close frame
    return closed;
  });
  return { io, port: (http.address() as AddressInfo).port };
}

interface Heard {
  readonly text: string;
  readonly isCompressed: boolean;
}

/** A client that shows which frames have RSV1, which means "compressed". */
class Eavesdropper {
  readonly tcp: TcpSocket;
  head = '';
  readonly #inflater = new MessageInflater({ contextTakeover: false, windowBits: 15, maxMessageBytes: 1e6 });
  #bytes: Buffer = Buffer.alloc(0);
  #wake: () => void = () => {};

  private constructor(tcp: TcpSocket) {
    this.tcp = tcp;
    tcp.on('data', (chunk) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#wake();
    });
  }

  static async enter(t: TestContext, port: number, offer: string, revision = 4): Promise<Eavesdropper> {
    const tcp = connectTcp(port, '127.0.0.1');
    t.after(() => tcp.destroy());
    tcp.write(
      `GET /socket.io/?EIO=${revision}&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n` +
        'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n' +
        `${offer === '' ? '' : `Sec-WebSocket-Extensions: ${offer}\r\n`}\r\n`,
    );
    const client = new Eavesdropper(tcp);
    await client.#until((bytes) => bytes.includes('\r\n\r\n'));
    client.head = client.#take(client.#bytes.indexOf('\r\n\r\n') + 4).toString();
    await client.hear(/^0\{/);
    client.say(encodeFrame(Opcode.text, '40', { mask: Buffer.alloc(4) }));
    await client.hear(/^40/);
    return client;
  }

  say(frame: Buffer): void {
    this.tcp.write(frame);
  }

  async hear(fits: RegExp): Promise<Heard> {
    for (;;) {
      const heard = await this.#next();
      if (fits.test(heard.text)) return heard;
    }
  }

  async #next(): Promise<Heard> {
    await this.#until(({ length }) => length >= 4);
    const [first = 0, second = 0] = this.#bytes;
    const start = second === 126 ? 4 : 2;
    const end = start + (second === 126 ? this.#bytes.readUInt16BE(2) : second);
    await this.#until(({ length }) => length >= end);
    const payload = this.#take(end).subarray(start);
    const isCompressed = (first & 0x40) !== 0;
    return { text: (isCompressed ? this.#inflater.inflate(payload) : payload).toString(), isCompressed };
  }

  #take(length: number): Buffer {
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return taken;
  }

  async #until(fits: (bytes: Buffer) => boolean): Promise<void> {
    while (!fits(this.#bytes)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

const OFFER = 'permessage-deflate; client_max_window_bits';

describe('perMessageDeflate', () => {
  it('is off unless asked for', async (t) => {
    const { port } = await start(t, {});
    const client = await Eavesdropper.enter(t, port, OFFER);
    assert.doesNotMatch(client.head, /sec-websocket-extensions/i);
  });

  it('compresses from the threshold on, for those who offer it', async (t) => {
    const { io, port } = await start(t);
    const offering = await Eavesdropper.enter(t, port, OFFER);
    const plain = await Eavesdropper.enter(t, port, '');
    assert.match(
      offering.head,
      /^Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r$/m,
    );
    assert.doesNotMatch(plain.head, /sec-websocket-extensions/i);
    io.emit('x', LONG);
    io.emit('x', 'short');
    const long = `42["x","${LONG}"]`;
    assert.deepEqual(await offering.hear(/^42/), { text: long, isCompressed: true });
    assert.deepEqual(await offering.hear(/^42/), { text: '42["x","short"]', isCompressed: false });
    assert.deepEqual(await plain.hear(/^42/), { text: long, isCompressed: false });
  });

  it('leaves alone what is sent with compress(false)', async (t) => {
    const { io, port } = await start(t);
    const client = await Eavesdropper.enter(t, port, OFFER);
    io.compress(false).emit('x', LONG);
    for (const socket of io.sockets.sockets.values()) {
      socket.compress(false).emit('y', LONG);
      socket.emit('z', LONG);
    }
    assert.equal((await client.hear(/^42\["x"/)).isCompressed, false);
    assert.equal((await client.hear(/^42\["y"/)).isCompressed, false);
    assert.equal((await client.hear(/^42\["z"/)).isCompressed, true);
  });

  it('keeps to the window that the client can read, and to the threshold and level of the options', async (t) => {
    const { io, port } = await start(t, {
      perMessageDeflate: { threshold: 10, zlibDeflateOptions: { level: 9 }, concurrencyLimit: 10 },
    });
    const client = await Eavesdropper.enter(t, port, 'permessage-deflate; server_max_window_bits=9');
    assert.match(client.head, /server_max_window_bits=9/);
    io.emit('x', 'a'.repeat(100));
    assert.equal((await client.hear(/^42/)).isCompressed, true);
  });

  it('compresses for clients of revision 3 too', async (t) => {
    const { io, port } = await start(t, { perMessageDeflate: true, allowEIO3: true });
    const client = await Eavesdropper.enter(t, port, OFFER, 3);
    io.emit('x', LONG);
    assert.equal((await client.hear(/^42/)).isCompressed, true);
  });

  it('limit: maxHttpBufferSize (a compressed message counts with its whole length)', async (t) => {
    const { io, port } = await start(t, { perMessageDeflate: true, maxHttpBufferSize: 10_000 });
    const client = await Eavesdropper.enter(t, port, OFFER);
    const reason = new Promise<string>((resolve) => {
      for (const socket of io.sockets.sockets.values()) socket.once('disconnect', resolve);
    });
    const bomb = deflateRawSync(Buffer.alloc(1_000_000, 0x34));
    client.say(encodeFrame(Opcode.text, bomb, { rsv1: true, mask: Buffer.from([1, 2, 3, 4]) }));
    assert.equal(await reason, 'transport error');
  });

  it('is understood by the official client, both ways, by both ways to open', async (t) => {
    const { io, port } = await start(t);
    io.on('connection', (socket) => {
      socket.on('echo', (...args: unknown[]) => void socket.emit('echoed', ...args));
    });
    for (const transports of [['websocket'], ['polling', 'websocket']]) {
      const client: ClientSocket = connect(`http://127.0.0.1:${port}`, {
        transports,
        perMessageDeflate: { threshold: 100 },
        forceNew: true,
      });
      t.after(() => client.disconnect());
      await new Promise<void>((resolve) => client.once('connect', resolve));
      if (client.io.engine.transport.name === 'polling') {
        await new Promise<void>((resolve) => client.io.engine.once('upgrade', () => resolve()));
      }
      const echoed = new Promise<unknown[]>((resolve) => client.once('echoed', (...args) => resolve(args)));
      client.emit('echo', LONG, Buffer.alloc(5_000, 7), 'short');
      assert.deepEqual(await echoed, [LONG, Buffer.alloc(5_000, 7), 'short']);
    }
  });

  it('refuses options that cannot be, when the server is made', () => {
    assert.throws(() => new Server({ perMessageDeflate: { serverMaxWindowBits: 20 } }), RangeError);
    const make = (perMessageDeflate: unknown) => (): Server =>
      new Server({ perMessageDeflate } as ServerOptions);
    assert.throws(make('yes'), /"perMessageDeflate" must be true, false or an object/);
  });
});
