/**
 * Which addresses are the public internet's. What is special is listed by IANA:
 * https://www.iana.org/assignments/iana-ipv4-special-registry/ and iana-ipv6-special-registry/
 */
import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/** In the registry, and multicast. The relays of 6to4 are no hosts. */
const SPECIAL_IPV4: readonly [address: string, bits: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** Of 2000::/3, which is all that is global unicast. Teredo (in 2001::/23) and 6to4 carry any IPv4 address: nobody serves pages there. */
const SPECIAL_IPV6: readonly [address: string, bits: number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
];

/** IPv4 in the last 32 bits: mapped, and NAT64, by which networks without IPv4 reach it (RFC 6052). The local-use 64:ff9b:1::/48 is not here. */
const EMBEDDINGS = ['::ffff:', '64:ff9b::'] as const;

const special = new BlockList();
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');
for (const prefix of EMBEDDINGS) global.addSubnet(`${prefix}0.0.0.0`, 96, 'ipv6');
for (const [address, bits] of SPECIAL_IPV6) special.addSubnet(address, bits, 'ipv6');
for (const [address, bits] of SPECIAL_IPV4) addIPv4(special, address, bits);

/** Anything that is no address is not public. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !special.check(address, 'ipv4');
    case 6:
      // With a zone, it is of a link of this machine.
      return !address.includes('%') && global.check(address, 'ipv6') && !special.check(address, 'ipv6');
    default:
      return false;
  }
}

/**
 * This machine by all of its addresses, and for IPv6 all that stands in its networks: those have public addresses also
 * behind a firewall, which lets this machine in.
 */
export function ownNetworks(
  interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces(),
): BlockList {
  const own = new BlockList();
  for (const { address, family, cidr } of Object.values(interfaces).flatMap((all) => all ?? [])) {
    if (family === 'IPv4') addIPv4(own, address, 32);
    else own.addSubnet(address, Number(cidr?.split('/')[1] ?? 128), 'ipv6');
  }
  return own;
}

/** The network as it is written, and as IPv6 writes it. */
export function addIPv4(list: BlockList, address: string, bits: number): void {
  list.addSubnet(address, bits, 'ipv4');
  for (const prefix of EMBEDDINGS) list.addSubnet(`${prefix}${address}`, 96 + bits, 'ipv6');
}
