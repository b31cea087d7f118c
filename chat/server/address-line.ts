/** The one line that tells where the chat is. */
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

type Interfaces = Readonly<Record<string, NetworkInterfaceInfo[] | undefined>>;

const ALL_INTERFACES: ReadonlySet<string | undefined> = new Set([undefined, '0.0.0.0', '::']);

export function addressLine(
  port: number,
  host: string | undefined,
  interfaces: Interfaces = networkInterfaces(),
): string {
  if (!ALL_INTERFACES.has(host)) return `Chat at ${url(host ?? '', port)}`;
  const lan = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  const onNetwork = lan === undefined ? '' : ` (on your network: ${url(lan.address, port)})`;
  return `Chat at ${url('localhost', port)}${onNetwork}`;
}

function url(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
