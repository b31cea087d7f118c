/** How many connections there are, in all and from each address, and whether one more may come. */
import type { IncomingMessage } from 'node:http';

export interface ConnectionLimits {
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  readonly trustProxies: number;
}

/** Why there is no room. 503: for nobody. 429: for this address. */
export interface NoRoom {
  readonly status: 429 | 503;
  readonly why: string;
}

export class ConnectionCounts {
  readonly #limits: ConnectionLimits;
  readonly #byAddress = new Map<string, number>();
  /** Kept, since a closed TCP connection no longer knows its peer. */
  readonly #addresses = new Map<object, string>();
  #all = 0;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  /** Whether one more may come from where this request comes from. */
  noRoomFor(request: IncomingMessage): NoRoom | undefined {
    const { maxConnections, maxConnectionsPerAddress } = this.#limits;
    if (this.#all >= maxConnections) return { status: 503, why: 'too many connections' };
    if ((this.#byAddress.get(this.#addressOf(request)) ?? 0) >= maxConnectionsPerAddress) {
      return { status: 429, why: 'too many connections from this address' };
    }
    return undefined;
  }

  /** Counts one in, until `remove` with the same owner. */
  add(owner: object, request: IncomingMessage): void {
    this.#all += 1;
    // Without a limit there is nothing to keep.
    if (this.#limits.maxConnectionsPerAddress === Infinity) return;
    const address = this.#addressOf(request);
    this.#addresses.set(owner, address);
    this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1);
  }

  remove(owner: object): void {
    this.#all -= 1;
    const address = this.#addresses.get(owner);
    if (address === undefined) return;
    this.#addresses.delete(owner);
    const left = (this.#byAddress.get(address) ?? 0) - 1;
    if (left > 0) this.#byAddress.set(address, left);
    else this.#byAddress.delete(address);
  }

  /** Each trusted proxy has added the address that it saw at the right end; what stands left of those anybody can say. */
  #addressOf(request: IncomingMessage): string {
    const tcpPeer = request.socket.remoteAddress ?? '';
    const { trustProxies } = this.#limits;
    if (trustProxies === 0) return tcpPeer;
    const header = request.headers['x-forwarded-for'];
    const hops = (Array.isArray(header) ? header.join(',') : (header ?? ''))
      .split(',')
      .map((hop) => hop.trim());
    return hops.at(-Math.min(trustProxies, hops.length)) || tcpPeer;
  }
}
