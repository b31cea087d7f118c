/** Everything that can be set, in one table: `--help`, flags, environment, file and checks are all made of it. */
import { isIP } from 'node:net';
import { GUEST_LINKS_AFTER_MINUTES, MAX_SOCKETS_PER_ADDRESS } from './chat.ts';
import type { LogFormat } from './log.ts';
import { type Allowed, NOTHING_MORE, parseAllowed } from './previews/guard.ts';
import type { Synchronous } from './store/sqlite/open.ts';

export interface Settings {
  port: number;
  /** Undefined means all interfaces. */
  host: string | undefined;
  dataFolder: string;
  trustProxy: boolean;
  publicMetrics: boolean;
  offline: boolean;
  maxSocketsPerAddress: number;
  guestLinksAfterMinutes: number;
  synchronous: Synchronous;
  previews: 'owner' | 'never';
  previewsAllow: Allowed;
  log: LogFormat;
  ownerCode: string | undefined;
}

/** A value that is not one; the message ends without a full stop. */
export class BadValue extends Error {
  override readonly name: string = 'BadValue';
}

export interface Setting {
  name: keyof Settings;
  /** Without one it cannot be given on the command line, which every user of the machine can read. */
  flag: string | null;
  environment: string;
  /** Shown behind the flag; null for those that are on or off. */
  placeholder: string | null;
  help: string;
  defaultText: string;
  defaultValue: Settings[keyof Settings];
  /**
   * Reads what was typed. An on-or-off flag without a value reads as `true`.
   * @throws {BadValue}
   */
  parse: (typed: string) => Settings[keyof Settings];
}

export const SETTINGS: readonly Setting[] = [
  {
    name: 'port',
    flag: 'port',
    environment: 'PORT',
    placeholder: 'number',
    help: 'port to listen on; 0 takes any free one',
    defaultText: '3000',
    defaultValue: 3_000,
    parse: parsePort,
  },
  {
    name: 'host',
    flag: 'host',
    environment: 'HOST',
    placeholder: 'address',
    help: 'address to listen on',
    defaultText: 'all interfaces',
    defaultValue: undefined,
    parse: (typed) => needed(typed, '--host needs an address'),
  },
  {
    name: 'dataFolder',
    flag: 'data',
    environment: 'DATA',
    placeholder: 'folder',
    help: 'folder for everything that is kept',
    defaultText: './data',
    defaultValue: './data',
    parse: (typed) => needed(typed, '--data needs a folder'),
  },
  {
    name: 'trustProxy',
    flag: 'trust-proxy',
    environment: 'TRUST_PROXY',
    placeholder: null,
    help: 'visitors come through a proxy that sets X-Forwarded-For',
    defaultText: 'no',
    defaultValue: false,
    parse: (typed) => parseSwitch('--trust-proxy', typed),
  },
  {
    name: 'maxSocketsPerAddress',
    flag: 'max-sockets-per-address',
    environment: 'MAX_SOCKETS_PER_ADDRESS',
    placeholder: 'number',
    help: 'open connections from one address',
    defaultText: String(MAX_SOCKETS_PER_ADDRESS),
    defaultValue: MAX_SOCKETS_PER_ADDRESS,
    parse: (typed) => parseCount('--max-sockets-per-address', typed),
  },
  {
    name: 'publicMetrics',
    flag: 'public-metrics',
    environment: 'PUBLIC_METRICS',
    placeholder: null,
    help: '/metrics answers everybody, not only this machine',
    defaultText: 'no',
    defaultValue: false,
    parse: (typed) => parseSwitch('--public-metrics', typed),
  },
  {
    name: 'offline',
    flag: 'offline',
    environment: 'OFFLINE',
    placeholder: 'yes|no',
    help: 'browsers keep the page and what was read for when the server is away; no takes it away again',
    defaultText: 'yes',
    defaultValue: true,
    parse: (typed) => parseSwitch('--offline', typed),
  },
  {
    name: 'guestLinksAfterMinutes',
    flag: 'guest-links-after',
    environment: 'GUEST_LINKS_AFTER',
    placeholder: 'minutes',
    help: 'where there is an owner, new guests post no links in public rooms for so long; 0 lets them at once',
    defaultText: String(GUEST_LINKS_AFTER_MINUTES),
    defaultValue: GUEST_LINKS_AFTER_MINUTES,
    parse: parseMinutes,
  },
  {
    name: 'synchronous',
    flag: 'synchronous',
    environment: 'SYNCHRONOUS',
    placeholder: 'normal|full',
    help: 'full: a power cut loses nothing, and each message waits for the disk',
    defaultText: 'normal',
    defaultValue: 'normal',
    parse: (typed) => {
      if (typed === 'normal' || typed === 'full') return typed;
      throw new BadValue(`"${typed}" is no value for --synchronous: it must be normal or full`);
    },
  },
  {
    name: 'previews',
    flag: 'previews',
    environment: 'PREVIEWS',
    placeholder: 'owner|never',
    help: 'previews of links, for which the server fetches pages: when the owner turns them on, or never',
    defaultText: 'owner',
    defaultValue: 'owner',
    parse: (typed) => {
      if (typed === 'owner' || typed === 'never') return typed;
      throw new BadValue(`"${typed}" is no value for --previews: it must be owner or never`);
    },
  },
  {
    name: 'previewsAllow',
    flag: null,
    environment: 'PREVIEWS_ALLOW',
    placeholder: null,
    help: 'hosts and networks of yours that previews may come from, such as wiki.example.org:8080,10.1.0.0/16',
    defaultText: 'the public internet only',
    defaultValue: NOTHING_MORE,
    parse: (typed) => {
      const allowed = parseAllowed(typed);
      if (allowed !== undefined) return allowed;
      throw new BadValue('PREVIEWS_ALLOW must list names, name:port and networks, with commas between them');
    },
  },
  {
    name: 'log',
    flag: 'log',
    environment: 'LOG',
    placeholder: 'text|json',
    help: 'how the log is written',
    defaultText: 'text',
    defaultValue: 'text',
    parse: (typed) => {
      if (typed === 'text' || typed === 'json') return typed;
      throw new BadValue(`"${typed}" is no log format: it must be text or json`);
    },
  },
  {
    name: 'ownerCode',
    flag: null,
    environment: 'OWNER_CODE',
    placeholder: null,
    help: 'code of the link by which the first owner comes',
    defaultText: 'a new one',
    defaultValue: undefined,
    parse: (typed) => {
      if (typed.length >= 16 && typed.length <= 64 && /^[\w-]+$/.test(typed)) return typed;
      throw new BadValue('OWNER_CODE must have 16 to 64 letters, digits, "-" and "_"');
    },
  },
];

function parsePort(typed: string): number {
  const port = /^\d{1,5}$/.test(typed) ? Number(typed) : Number.NaN;
  if (port <= 65_535) return port;
  throw new BadValue(`"${typed}" is not a port: it must be a whole number from 0 to 65535`);
}

function parseCount(flag: string, typed: string): number {
  const count = /^\d{1,9}$/.test(typed) ? Number(typed) : 0;
  if (count >= 1) return count;
  throw new BadValue(`"${typed}" is no number for ${flag}: it must be a whole number from 1 on`);
}

function parseMinutes(typed: string): number {
  if (/^\d{1,6}$/.test(typed)) return Number(typed);
  throw new BadValue(`"${typed}" is no value for --guest-links-after: it must be a whole number of minutes`);
}

function parseSwitch(flag: string, typed: string): boolean {
  if (['true', '1', 'yes', 'on'].includes(typed)) return true;
  if (['false', '0', 'no', 'off'].includes(typed)) return false;
  throw new BadValue(`"${typed}" is no value for ${flag}: it must be true or false`);
}

function needed(typed: string, sentence: string): string {
  if (typed !== '') return typed;
  throw new BadValue(sentence);
}

/** Whether the address can be reached from this machine alone. */
export function isLocalHost(host: string | undefined): boolean {
  return (
    host === 'localhost' ||
    host === '::1' ||
    (host !== undefined && isIP(host) === 4 && host.startsWith('127.'))
  );
}
