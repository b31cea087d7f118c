/**
 * Which pages the server may ask for when somebody posts a link. It stands in a network of its own, so that whoever
 * could make it ask for any address could reach what is not meant for them: https://owasp.org/www-community/attacks/Server_Side_Request_Forgery
 *
 * A name is resolved once, all of its addresses must be public, and the connection goes to one of these: a second answer
 * of the same name has nothing to say. Each redirect comes here again.
 */
import { Resolver } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { Refused } from './faults.ts';
import { addIPv4, isPublicAddress, ownNetworks } from './special-networks.ts';

export interface VettedAddress {
  address: string;
  family: 4 | 6;
}

/** All addresses of a name. Rejects if there are none. */
export type Resolve = (host: string, signal: AbortSignal) => Promise<string[]>;

const MAX_URL_CHARS = 2_000;
/** More than any site has. */
const MAX_ADDRESSES = 32;

export class Guard {
  readonly #allowed: Allowed;
  readonly #resolve: Resolve;
  readonly #own: () => BlockList;

  constructor(
    allowed: Allowed = NOTHING_MORE,
    resolve: Resolve = askNameServers(),
    own: () => BlockList = ownNetworks,
  ) {
    this.#allowed = allowed;
    this.#resolve = resolve;
    this.#own = own;
  }

  /**
   * What can be said without asking anybody.
   * @throws {Refused}
   */
  check(url: URL): void {
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw new Refused(`The scheme "${url.protocol}" is not fetched`);
    if (url.href.length > MAX_URL_CHARS) throw new Refused('The address is too long');
    if (url.username !== '' || url.password !== '') throw new Refused('The address has a user name in it');
    if (this.#allowed.hosts.has(url.host)) return;
    // The URL parser leaves out the port that the scheme implies.
    if (url.port !== '') throw new Refused(`Port ${url.port} is not fetched`);
    const host = bareHost(url);
    if (isIP(host) !== 0) this.#vet(host);
  }

  /**
   * Where to connect to, and nowhere else. Rejects with what the name server says, too.
   * @throws {Refused}
   */
  async vet(url: URL, signal: AbortSignal): Promise<VettedAddress[]> {
    this.check(url);
    const host = bareHost(url);
    const addresses = isIP(host) === 0 ? await this.#resolve(host, signal) : [host];
    if (addresses.length === 0 || addresses.length > MAX_ADDRESSES)
      throw new Refused(`The name has ${addresses.length} addresses`);
    // One that is not public is enough: which of them is taken must not be up to whoever answers for the name.
    if (!this.#allowed.hosts.has(url.host)) for (const address of addresses) this.#vet(address);
    return addresses.map((address) => ({ address, family: isIP(address) === 6 ? 6 : 4 }));
  }

  #vet(address: string): void {
    const family = isIP(address);
    if (family !== 0 && isIn(this.#allowed.networks, address, family)) return;
    // Asked for anew: addresses of a machine come and go.
    if (!isPublicAddress(address) || isIn(this.#own(), address, family))
      throw new Refused('The address is not public');
  }
}

/** What the operator lets be fetched besides: an intranet's. */
export interface Allowed {
  /** As the URL parser writes them, with the port if it is not the usual one. */
  hosts: ReadonlySet<string>;
  networks: BlockList;
}

export const NOTHING_MORE: Allowed = { hosts: new Set(), networks: new BlockList() };

/** Reads `wiki.example.org, wiki.example.org:8080, 10.1.0.0/16, fd12::/16`. Undefined if one of them is none. */
export function parseAllowed(typed: string): Allowed | undefined {
  const hosts = new Set<string>();
  const networks = new BlockList();
  for (const entry of typed.split(/[\s,]+/u).filter((one) => one !== '')) {
    const [network = '', bits] = entry.split('/');
    if (bits !== undefined) {
      if (!addNetwork(networks, network, bits)) return undefined;
      continue;
    }
    const url = URL.canParse(`http://${entry}`) ? new URL(`http://${entry}`) : undefined;
    if (url === undefined || url.username !== '' || url.pathname !== '/' || /[?#@]/u.test(entry))
      return undefined;
    hosts.add(url.host.replace(/:443$/u, ''));
  }
  return { hosts, networks };
}

function addNetwork(networks: BlockList, address: string, typedBits: string): boolean {
  const family = isIP(address);
  const bits = /^\d{1,3}$/u.test(typedBits) ? Number(typedBits) : Infinity;
  if (family === 0 || address.includes('%') || bits > (family === 4 ? 32 : 128)) return false;
  if (family === 4) addIPv4(networks, address, bits);
  else networks.addSubnet(address, bits, 'ipv6');
  return true;
}

function isIn(networks: BlockList, address: string, family: number): boolean {
  return !address.includes('%') && networks.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** Without the brackets of IPv6. */
function bareHost({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

/**
 * By the resolver of c-ares, which can be told to stop. `dns.lookup` cannot, and holds one of the few threads that also
 * check passwords for as long as a name server likes. The price: `/etc/hosts` and short names of an intranet are not known.
 */
export function askNameServers(servers: readonly string[] = []): Resolve {
  return async (host, signal) => {
    signal.throwIfAborted();
    const resolver = new Resolver({ timeout: 2_000, tries: 2 });
    if (servers.length > 0) resolver.setServers(servers);
    const stop = (): void => resolver.cancel();
    signal.addEventListener('abort', stop, { once: true });
    try {
      const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
      // Most names have addresses of one kind only.
      if (four.status === 'rejected' && six.status === 'rejected') throw four.reason;
      return [four, six].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    } finally {
      signal.removeEventListener('abort', stop);
    }
  };
}
