/** How many connections there are, in all and from each address, and whether one more may come. */
import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';

export interface ConnectionLimits {
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  readonly trustProxies: number;
}

/** Why there is no room. 503: for nobody. 429: for this address. */
export interface NoRoom {
  readonly status: 429 | 503;
  readonly why: string;
  readonly headers?: Readonly<Record<string, string>>;
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
    // Nobody needs to know the address then.
    if (maxConnectionsPerAddress === Infinity) return undefined;
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

  /**
   * Each trusted proxy has added the address that it saw at the right end; what stands left of those anybody can say. What
   * is no address there ("unknown", or worse) counts as the proxy itself.
   */
  #addressOf(request: IncomingMessage): string {
    const tcpPeer = request.socket.remoteAddress ?? '';
    const { trustProxies } = this.#limits;
    const header = trustProxies === 0 ? undefined : request.headers['x-forwarded-for'];
    const hops = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',');
    const hop = hops.at(-Math.min(trustProxies, hops.length)) ?? '';
    return countedAddress(withoutPort(hop.trim())) ?? countedAddress(tcpPeer) ?? tcpPeer;
  }
}

/** Some proxies add the port: `192.0.2.1:5678`, `[2001:db8::1]:443`. */
function withoutPort(hop: string): string {
  const [, bracketed, ipv4] = /^\[([^\]]*)\](?::\d+)?$|^([\d.]+):\d+$/.exec(hop) ?? [];
  return bracketed ?? ipv4 ?? hop;
}

/**
 * What counts as one address: an IPv4 one, however it is written (`::ffff:192.0.2.1`), or the /64 of an IPv6 one, since
 * the least that a site is given is a /64, with more addresses in it than anybody can count.
 *
 * @returns undefined for what is no address
 */
export function countedAddress(address: string): string | undefined {
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return undefined;
  const [zoneless = ''] = address.split('%', 1);
  const groups = groupsOf(zoneless);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join('.');
  }
  const network = groups.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}

/** The eight numbers of an IPv6 address. A URL knows all the ways of writing one, and has one of its own. */
function groupsOf(ipv6: string): number[] {
  const written = new URL(`ws://[${ipv6}]`).hostname.slice(1, -1);
  const [left = [], right] = written.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const zeros = Array.from({ length: 8 - left.length - (right?.length ?? 0) }, () => '0');
  return left.concat(zeros, right ?? []).map((group) => Number.parseInt(group, 16));
}
