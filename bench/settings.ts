/** The command line. */
import { parseArgs } from 'node:util';
import { NODE } from './paths.ts';
import { type Extra, EXTRAS } from './peers.ts';

export const WORKS = [
  'fanout',
  'sockets',
  'echo',
  'latency',
  'acks',
  'sizes',
  'binary',
  'compression',
  'namespaces',
  'rooms',
  'polling',
  'tls',
  'adapters',
  'processes',
  'storm',
  'slow',
  'idle',
  'idle-100k',
  'websocket',
] as const;
export type Work = (typeof WORKS)[number];

export interface Settings {
  readonly works: readonly Work[];
  readonly quick: boolean;
  readonly rounds: number;
  readonly sliceMs: number;
  readonly idleSockets: number;
  readonly crowdSockets: number;
  readonly stormSockets: number;
  /** Names of peers; empty for all. */
  readonly only: readonly string[];
  readonly also: readonly Extra[];
  /** What runs the servers and codecs that are written for Node. */
  readonly node: string;
  readonly out: string | undefined;
}

export const HELP = `npm run bench -- [work …] [options]

Measures websockets.io side by side with its peers: server CPU time per delivered message, and memory.

Works (all by default)
  fanout   one client sends 1, 2, 4, 8, 16, 32 messages at a time, 500 receive each of them
  sockets  the same with 10, 100, 500, 2,000 and 10,000 clients
  echo     200 clients, each sends one message and waits until it is back
  latency  echo and fan-out at a fixed pace that leaves the server time
  acks     the same, the answer being an acknowledgement (Socket.IO and ours)
  sizes    fan-out of texts of 1 KiB and 64 KiB
  binary   fan-out and echo of binary
  compression  fan-out of 2 KiB, compressed
  namespaces  fan-out in a namespace (Socket.IO and ours)
  rooms    1,000 rooms of ten, one message a second in each
  polling  fan-out and echo over HTTP long-polling (Socket.IO and ours)
  tls      fan-out over TLS
  adapters  fan-out over two processes with Redis between them (Socket.IO and ours)
  processes  one process against two behind one port (Socket.IO and ours)
  storm    connections that come and go
  slow     one of 500 clients stops reading
  idle     resident memory of a connection that does nothing
  idle-100k  100,000 connections with heartbeats (Socket.IO and ours); not with --quick unless it is named
  websocket  the bare protocol: decode, encode, unmask, publish, echo of 72 bytes and of 1 MiB

Options
  --quick          fewer and shorter rounds; 2,000 instead of 10,000 idle connections
  --rounds=N       rounds over all peers (default 9, quick 5; idle 3)
  --slice-ms=N     how long a peer works per round (default 1000, quick 150)
  --only=a,b       only these peers, e.g. websockets.io,socket.io
  --also=uws       uWebSockets.js, too: another 260 MB to install, a Node 20 among them
  --node=PATH      another Node for the servers and codecs (default: the repository's)
  --idle-sockets=N how many idle connections (10,000; as many open files must be allowed)
  --crowd=N        how many connections in idle-100k
  --out=FILE       where the JSON goes (default bench/results/<date>-<works>.json)
  --help           this text

The first run installs the peers in bench/ (npm ci --ignore-scripts). All traffic is on loopback.`;

/** @throws {TypeError} for an argument that cannot be; nothing for --help */
export function parseSettings(args: readonly string[]): Settings | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      'slice-ms': { type: 'string' },
      only: { type: 'string' },
      also: { type: 'string' },
      node: { type: 'string', default: NODE },
      'idle-sockets': { type: 'string' },
      crowd: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const { quick } = values;
  return {
    works:
      positionals.length > 0
        ? positionals.map(toWork)
        : WORKS.filter((work) => !quick || work !== 'idle-100k'),
    quick,
    rounds: toCount('rounds', values.rounds, quick ? 5 : 9),
    sliceMs: toCount('slice-ms', values['slice-ms'], quick ? 150 : 1000),
    idleSockets: toCount('idle-sockets', values['idle-sockets'], quick ? 2000 : 10_000),
    crowdSockets: toCount('crowd', values.crowd, 100_000),
    stormSockets: quick ? 1_000 : 10_000,
    only: values.only?.split(',') ?? [],
    also: values.also?.split(',').map(toExtra) ?? [],
    node: values.node,
    out: values.out,
  };
}

function toWork(name: string): Work {
  const work = WORKS.find((known) => known === name);
  if (work === undefined) throw new TypeError(`Unknown work "${name}"; there are ${WORKS.join(', ')}`);
  return work;
}

function toExtra(name: string): Extra {
  const extra = EXTRAS.find((known) => known === name);
  if (extra === undefined) throw new TypeError(`--also knows ${EXTRAS.join(', ')}, not "${name}"`);
  return extra;
}

function toCount(name: string, text: string | undefined, fallback: number): number {
  const count = text === undefined ? fallback : Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new TypeError(`--${name} must be a whole number, not "${text}"`);
  return count;
}
