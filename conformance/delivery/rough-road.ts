/** The way between clients and their server, on which connections are reset, cut, stalled, or die without a word. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Die } from '../die.ts';

/** What happens to a connection, once so many bytes have passed it, there or back. */
type Fault =
  | 'reset'
  | 'end'
  /** Nothing passes for a while. */
  | 'stall'
  /** Nothing passes any more, and neither side is told. */
  | 'swallow'
  /** Only the client is told, and comes back before its server has noticed. */
  | 'swallow behind client'
  | 'swallow behind server';

const FAULTS: readonly Fault[] = [
  'reset',
  'end',
  'stall',
  'swallow',
  'swallow behind client',
  'swallow behind server',
];

export class RoughRoad {
  /** Where the server listens; nothing while it is dead. */
  target: number | undefined;
  readonly #server: Server;
  readonly #seed: number;
  readonly #sockets = new Set<Socket>();
  #connections = 0;
  #isCalm = false;

  constructor(seed: number) {
    this.#seed = seed;
    this.#server = createServer((client) => this.#onClient(client));
  }

  async listen(): Promise<number> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on nothing happens to what passes. What hangs is left hanging. */
  calm(): void {
    this.#isCalm = true;
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }

  #onClient(client: Socket): void {
    this.#watch(client);
    if (this.target === undefined) {
      client.resetAndDestroy();
      return;
    }
    const server = this.#watch(connect(this.target, '127.0.0.1'));
    const die = new Die(this.#seed * 10_000 + this.#connections);
    this.#connections += 1;
    die.below(2);
    const fault = die.one(FAULTS);
    const stallMs = 50 + die.below(1_500);
    // Some in the handshake, some after a hundred thousand.
    let bytesLeft = Math.floor(2 ** (7 + die.below(1_000) / 100));
    let isBroken = false;
    const pass = (from: Socket, to: Socket): void => {
      from.on('data', (data) => {
        if (isBroken) return;
        bytesLeft -= data.length;
        if (bytesLeft > 0 || this.#isCalm) {
          to.write(data);
          return;
        }
        // What stands before the cut arrives.
        const cut = data.length + bytesLeft;
        to.write(data.subarray(0, cut), () => {
          if (fault === 'stall') {
            setTimeout(() => {
              for (const socket of [client, server]) socket.resume();
              if (!to.destroyed) to.write(data.subarray(cut));
            }, stallMs);
          } else breakDown();
        });
        if (fault === 'stall') {
          bytesLeft = Infinity;
          for (const socket of [client, server]) socket.pause();
        } else isBroken = true;
      });
      from.on('end', () => isBroken || to.end());
      from.on('close', () => isBroken || to.destroy());
    };
    const breakDown = (): void => {
      switch (fault) {
        case 'reset':
          client.resetAndDestroy();
          server.resetAndDestroy();
          break;
        case 'end':
          client.end();
          server.end();
          break;
        case 'swallow behind client':
          client.resetAndDestroy();
          break;
        case 'swallow behind server':
          server.resetAndDestroy();
          break;
        case 'swallow':
        case 'stall':
      }
    };
    pass(client, server);
    pass(server, client);
  }

  #watch(socket: Socket): Socket {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
    return socket;
  }
}
