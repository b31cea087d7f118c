/** The lines that tell where the chat is. */
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

type Interfaces = Readonly<Record<string, NetworkInterfaceInfo[] | undefined>>;

const ALL_INTERFACES: ReadonlySet<string | undefined> = new Set([undefined, '0.0.0.0', '::']);

export function addressLine(
  port: number,
  host: string | undefined,
  interfaces: Interfaces = networkInterfaces(),
): string {
  if (!ALL_INTERFACES.has(host)) return `Chat at ${url(host ?? '', port)}`;
  const lan = lanAddress(interfaces);
  const onNetwork = lan === undefined ? '' : ` (on your network: ${url(lan, port)})`;
  return `Chat at ${url('localhost', port)}${onNetwork}`;
}

/** By which other devices reach what listens on this address; null if they cannot. */
export function networkUrl(
  port: number,
  host: string,
  interfaces: Interfaces = networkInterfaces(),
): string | null {
  const lan = ALL_INTERFACES.has(host) ? lanAddress(interfaces) : undefined;
  return lan === undefined ? null : url(lan, port);
}

/** The link by which somebody who is not at this machine becomes the first owner. */
export function claimLine(
  port: number,
  host: string | undefined,
  code: string,
  interfaces: Interfaces = networkInterfaces(),
): string {
  const address = ALL_INTERFACES.has(host) ? (lanAddress(interfaces) ?? 'localhost') : (host ?? '');
  return `Nobody owns it yet: open it on this machine, or ${url(address, port)}/claim/${code} elsewhere.`;
}

/** Behind a proxy everybody seems to be at this machine, and only the proxy knows our address. */
export function proxiedClaimLine(code: string): string {
  return `Nobody owns it yet: open /claim/${code} at its public address.`;
}

/** The path, since the address by which the owner reaches the chat is not known here. */
export function ownerLine(code: string): string {
  return `Open /recover/${code} at the address of the chat within a day, to be its owner again with a new password.`;
}

function lanAddress(interfaces: Interfaces): string | undefined {
  return Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}

function url(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
