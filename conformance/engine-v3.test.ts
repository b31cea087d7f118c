/** `allowEIO3`: the same bytes and the same official clients, 1.7 and 2.5, on `socket.io` and on us. */
import assert from 'node:assert/strict';
import { once, type EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import { Server as ReferenceServer } from 'socket.io';
import { Server as OurServer } from 'websockets.io';
import { frame, Opcode, RawConnection, text, upgradeRequest } from './raw-connection.ts';

const servers = {
  'socket.io': ReferenceServer,
  'websockets.io': OurServer as unknown as typeof ReferenceServer,
};
type ServerName = keyof typeof servers;

const OPEN = '/socket.io/?EIO=3&transport=polling';

interface Answer {
  status: number;
  type: string | null;
  body: Buffer;
}

/** Talks to one server by hand. */
class Stage {
  readonly port: number;

  private constructor(port: number) {
    this.port = port;
  }

  static async start(t: TestContext, name: ServerName, options: object = {}): Promise<Stage> {
    const http = createServer();
    const io = new servers[name](http, { allowEIO3: true, ...options });
    io.on('connection', (socket) => {
      socket.on('echo', (...details: unknown[]) => {
        const last = details.at(-1);
        if (typeof last === 'function') (last as (...words: unknown[]) => void)(...details.slice(0, -1));
        else socket.emit('echo', ...details);
      });
      socket.on('everybody', (...details: unknown[]) => io.emit('everybody', ...details));
    });
    http.listen(0);
    await once(http, 'listening');
    t.after(async () => {
      const closed = io.close();
      http.closeAllConnections();
      await closed;
    });
    return new Stage((http.address() as AddressInfo).port);
  }

  async ask(
    path: string,
    body?: string | Buffer,
    method = body === undefined ? 'GET' : 'POST',
  ): Promise<Answer> {
    const type = typeof body === 'string' ? 'text/plain;charset=UTF-8' : 'application/octet-stream';
    const response = await fetch(`http://localhost:${this.port}${path}`, {
      method,
      headers: { connection: 'close', ...(body !== undefined && { 'content-type': type }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      body: Buffer.from(await response.arrayBuffer()),
    };
  }

  /** Opens by polling. @returns the path of the session, and what was answered, with ids left out */
  async open(more = ''): Promise<{ path: string; seen: unknown[] }> {
    const { status, type, body } = await this.ask(OPEN + more);
    const [, sid = ''] = /"sid":"([^"]+)"/.exec(body.toString()) ?? [];
    // Whether the connect packet comes in the same answer or in the next one is the server's affair.
    const [first = ''] = packetsOf(body.toString());
    const { sid: _sid, ...handshake } = JSON.parse(first.slice(1)) as Record<string, unknown>;
    const path = `${OPEN}&sid=${sid}`;
    if (packetsOf(body.toString()).length === 1) await this.ask(path);
    return { path, seen: [status, type, first[0], handshake] };
  }

  /** What one request is answered, as JSON-like values. */
  async answerOf(path: string, body?: string | Buffer, method?: string): Promise<unknown[]> {
    const answer = await this.ask(path, body, method);
    const isText = answer.type !== 'application/octet-stream';
    return [answer.status, answer.type, isText ? answer.body.toString() : answer.body];
  }
}

/** The packets of a payload of text. */
function packetsOf(payload: string): string[] {
  const packets: string[] = [];
  for (let at = 0; at < payload.length;) {
    const colon = payload.indexOf(':', at);
    const end = colon + 1 + Number(payload.slice(at, colon));
    packets.push(payload.slice(colon + 1, end));
    at = end;
  }
  return packets;
}

/** Plays the same on both servers, and wants to see the same. */
function sameOnBoth(what: string, play: (stage: Stage) => Promise<unknown>, options?: object): void {
  test(what, async (t) => {
    const reference = await play(await Stage.start(t, 'socket.io', options));
    const ours = await play(await Stage.start(t, 'websockets.io', options));
    assert.deepEqual(ours, reference);
  });
}

describe('revision 3 on the wire, beside socket.io', () => {
  sameOnBoth('the handshake by polling, plain, with b64, with EIO missing or unknown', async (stage) => {
    const seen = [(await stage.open()).seen, (await stage.open('&b64=1')).seen];
    for (const path of ['/socket.io/?transport=polling', '/socket.io/?EIO=7&transport=polling']) {
      const { status, type, body } = await stage.ask(path);
      seen.push([status, type, packetsOf(body.toString())[0]?.[0]]);
    }
    return seen;
  });

  sameOnBoth('a ping by polling', async (stage) => {
    const { path } = await stage.open();
    return [await stage.answerOf(path, '1:2'), await stage.answerOf(path)];
  });

  sameOnBoth('an event of text by polling, and of bytes, both ways', async (stage) => {
    const { path } = await stage.open();
    const event = '42["echo","€😀",1]';
    const binary = ['451-["echo",{"_placeholder":true,"num":0}]', 'b4AQID'];
    const payload = [...binary].map((packet) => `${packet.length}:${packet}`).join('');
    const head = Buffer.from(binary[0] ?? '');
    const bytes = Buffer.concat([
      Buffer.from([0, ...Array.from(String(head.length), Number), 255]),
      head,
      Buffer.from([1, 4, 255, 4, 1, 2, 3]),
    ]);
    const seen: unknown[] = [];
    for (const body of [`${event.length}:${event}`, payload, bytes]) {
      seen.push(await stage.answerOf(path, body), await stage.answerOf(path));
    }
    return seen;
  });

  sameOnBoth('bytes for a client that reads no binary', async (stage) => {
    const { path } = await stage.open('&b64=1');
    const packets = ['451-["echo",{"_placeholder":true,"num":0}]', 'b4AQID'];
    const payload = packets.map((packet) => `${packet.length}:${packet}`).join('');
    return [await stage.answerOf(path, payload), await stage.answerOf(path)];
  });

  sameOnBoth('requests that belong to nobody, or to another revision', async (stage) => {
    const { path } = await stage.open();
    const seen: unknown[] = [];
    for (const other of [
      path.replace('EIO=3', 'EIO=4'),
      path.replace('EIO=3&', ''),
      path.replace('polling', 'websocket'),
      path.replace('polling', 'telepathy'),
      `${OPEN}&sid=nobody`,
      `${OPEN}&sid=__proto__`,
      `${OPEN}&sid=constructor`,
      `${OPEN}&sid=hasOwnProperty`,
    ]) {
      // Where the request is served, its answer would have to be waited for.
      if (other.includes('EIO=') && other !== path)
        seen.push(other.slice(0, 40), await stage.answerOf(other));
    }
    seen.push(await stage.answerOf(OPEN, '1:2'));
    return seen;
  });

  sameOnBoth(
    'refused where it is not allowed',
    async (stage) => [await stage.answerOf(OPEN), await stage.answerOf('/socket.io/?transport=polling')],
    { allowEIO3: false },
  );

  sameOnBoth('WebSocket: text, binary with its type, pings', async (stage) => {
    const raw = await RawConnection.open(stage.port);
    raw.send(upgradeRequest({ path: '/socket.io/?EIO=3&transport=websocket' }));
    await raw.response();
    const seen: unknown[] = [(await raw.nextText())[0], await raw.nextText()];
    raw.send(text('2'));
    seen.push(await raw.nextText());
    raw.send(text('42["echo","é"]'));
    seen.push(await raw.nextText());
    raw.send(text('451-["echo",{"_placeholder":true,"num":0}]'));
    raw.send(frame({ opcode: Opcode.binary, payload: Buffer.from([4, 9, 8]) }));
    seen.push(await raw.nextText(), await raw.nextFrame());
    raw.send(text('3')); // a pong is ours to send
    const { opcode } = await raw.nextFrame();
    raw.destroy();
    return [...seen, opcode];
  });

  sameOnBoth('WebSocket for a client that reads no binary', async (stage) => {
    const raw = await RawConnection.open(stage.port);
    raw.send(upgradeRequest({ path: '/socket.io/?EIO=3&transport=websocket&b64=1' }));
    await raw.response();
    await raw.nextText();
    await raw.nextText();
    raw.send(text('451-["echo",{"_placeholder":true,"num":0}]'), text('b4AQID'));
    const seen = [await raw.nextText(), await raw.nextText()];
    raw.destroy();
    return seen;
  });
});

interface OldClient extends EventEmitter {
  io: { engine: EventEmitter & { transport: { name: string }; transports: readonly string[] } };
  emit(event: string, ...details: unknown[]): boolean;
  disconnect(): void;
}
type OpenOldClient = (url: string, options: object) => OldClient;
const require = createRequire(import.meta.url);
const clients = {
  '1.7': require('socket.io-client-1.7') as OpenOldClient,
  '2.5': require('socket.io-client-2') as OpenOldClient,
};

/** Connected, and where it may upgrade, upgraded. */
async function ready(client: OldClient): Promise<void> {
  const { engine } = client.io;
  const upgraded = engine.transports.length > 1 ? once(engine, 'upgrade') : undefined;
  await Promise.all([once(client, 'connect'), upgraded]);
}

describe('official clients of revision 3', () => {
  for (const [version, openClient] of Object.entries(clients)) {
    for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
      sameOnBoth(`${version} by ${transports.join(', then ')}: events, acks, binary`, async (stage) => {
        const open = (): OldClient =>
          openClient(`http://localhost:${stage.port}`, { transports, forceNew: true, reconnection: false });
        const [alice, bob] = [open(), open()];
        try {
          await Promise.all([alice, bob].map(ready));
          const seen: unknown[] = [alice.io.engine.transport.name];
          // Clients before 2.0 garble other characters by polling, whoever serves them.
          const word = version === '1.7' ? 'plain' : 'ä€😀';
          for (const details of [[word, 1, null], [Buffer.from([0, 4, 255])], [{ a: [Buffer.from('x')] }]]) {
            const echoed = once(alice, 'echo');
            alice.emit('echo', ...details);
            seen.push(await echoed);
            seen.push(
              await new Promise((resolve) => {
                alice.emit('echo', ...details, (...answer: unknown[]) => resolve(answer));
              }),
            );
            const heard = Promise.all([once(alice, 'everybody'), once(bob, 'everybody')]);
            bob.emit('everybody', ...details);
            seen.push(await heard);
          }
          return seen;
        } finally {
          for (const client of [alice, bob]) client.disconnect();
        }
      });
    }
  }
});
