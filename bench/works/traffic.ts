/** Work that is paid per message: who gets it, how many at a time, and what it is. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Link, SHORT, type Shape } from '../generator/orders.ts';
import { FLOOR, type Peer } from '../peers.ts';
import { GeneratorProcess, ServerProcess } from '../processes.ts';
import type { Settings, Work } from '../settings.ts';
import { alternate, measure, type Outcome } from './rounds.ts';

type Pattern = 'fanout' | 'echo' | 'rooms';

export interface TrafficResult {
  readonly work: string;
  readonly pattern: Pattern;
  readonly sockets: number;
  readonly inFlight: number;
  readonly shape: Shape;
  readonly outcomes: readonly Outcome[];
}

interface TrafficWork {
  readonly pattern: Pattern;
  readonly sockets: number;
  readonly inFlight: readonly number[];
  readonly shape: Shape;
  readonly link?: Link;
  /** Default: all. */
  readonly can?: (peer: Peer) => boolean;
}

const KIB = 1024;
const IN_FLIGHT = [1, 2, 4, 8, 16, 32] as const;
const text = (payloadBytes: number): Shape => ({ kind: 'text', payloadBytes });
const binary = (payloadBytes: number): Shape => ({ kind: 'binary', payloadBytes });
/** The floor knows short text and nothing else. */
const isServer = ({ name }: Peer): boolean => name !== FLOOR;
const hasEvents = ({ dialect }: Peer): boolean => dialect === 'socket.io';

export type TrafficName = Exclude<Work, 'adapters' | 'storm' | 'slow' | 'idle' | 'websocket'>;

const TRAFFIC: Readonly<Record<TrafficName, readonly TrafficWork[]>> = {
  fanout: [{ pattern: 'fanout', sockets: 500, inFlight: IN_FLIGHT, shape: SHORT }],
  sockets: [10, 100, 2_000].map((sockets) => ({
    pattern: 'fanout',
    sockets,
    inFlight: [1, 16],
    shape: SHORT,
  })),
  echo: [{ pattern: 'echo', sockets: 200, inFlight: [1], shape: SHORT }],
  acks: [
    {
      pattern: 'echo',
      sockets: 200,
      inFlight: [1],
      shape: { kind: 'ack', payloadBytes: 72 },
      can: hasEvents,
    },
  ],
  sizes: [
    { pattern: 'fanout', sockets: 500, inFlight: [1, 16], shape: text(KIB), can: isServer },
    { pattern: 'fanout', sockets: 100, inFlight: [1, 4], shape: text(64 * KIB), can: isServer },
  ],
  binary: [
    { pattern: 'fanout', sockets: 500, inFlight: [1, 16], shape: binary(128), can: isServer },
    { pattern: 'echo', sockets: 200, inFlight: [1], shape: binary(KIB), can: isServer },
  ],
  compression: [
    {
      pattern: 'fanout',
      sockets: 500,
      inFlight: [1, 8],
      shape: text(2 * KIB),
      link: { deflate: true },
      can: isServer,
    },
  ],
  namespaces: [
    {
      pattern: 'fanout',
      sockets: 500,
      inFlight: [1, 16],
      shape: SHORT,
      link: { namespace: '/chat' },
      can: hasEvents,
    },
  ],
  // One message a second in each of 300 rooms: the server is mostly idle, as such servers are.
  rooms: [
    { pattern: 'rooms', sockets: 3_000, inFlight: [1], shape: SHORT, link: { roomSize: 10 }, can: isServer },
  ],
  tls: [
    { pattern: 'fanout', sockets: 500, inFlight: [1, 16], shape: SHORT, link: { tls: '' }, can: isServer },
  ],
};

/** Of the bare protocol, behind its codec. */
const BARE: readonly TrafficWork[] = [
  { pattern: 'fanout', sockets: 500, inFlight: [1, 16], shape: SHORT },
  { pattern: 'echo', sockets: 200, inFlight: [1], shape: SHORT },
  { pattern: 'echo', sockets: 4, inFlight: [1], shape: binary(KIB * KIB), can: isServer },
];

export async function runTraffic(
  name: TrafficName,
  peers: readonly Peer[],
  settings: Settings,
): Promise<TrafficResult[][]> {
  const results: TrafficResult[][] = [];
  for (const work of TRAFFIC[name]) {
    if (work.link?.tls === undefined) results.push(await runOne(name, work, peers, settings));
    else {
      await withCertificate(async (tls) => {
        results.push(await runOne(name, { ...work, link: { ...work.link, tls } }, peers, settings));
      });
    }
  }
  return results;
}

/** For localhost, signed by itself, for as long as `run` takes. Without openssl, a line says so. */
async function withCertificate(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'websockets.io-bench-tls-'));
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const files = [
    '-subj',
    '/CN=localhost',
    '-keyout',
    join(folder, 'key.pem'),
    '-out',
    join(folder, 'cert.pem'),
  ];
  try {
    const made = spawnSync('openssl', ['req', '-x509', ...kind, ...files]);
    if (made.status === 0) await run(folder);
    else console.log('tls is left out: there is no openssl here');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function runBare(peers: readonly Peer[], settings: Settings): Promise<TrafficResult[][]> {
  const results: TrafficResult[][] = [];
  for (const work of BARE) results.push(await runOne('websocket', work, peers, settings));
  return results;
}

async function runOne(
  name: string,
  { pattern, sockets, inFlight: inFlights, shape, link = {}, can }: TrafficWork,
  peers: readonly Peer[],
  settings: Settings,
): Promise<TrafficResult[]> {
  const generator = new GeneratorProcess();
  const servers: ServerProcess[] = [];
  const faults = new Map<string, string>();
  const results: TrafficResult[] = [];
  const mode = shape.kind === 'ack' ? 'ack' : pattern === 'echo' ? 'echo' : 'fanout';
  try {
    // All at once: servers that are not at work cost nothing, and no peer starts colder than another.
    for (const peer of can === undefined ? peers : peers.filter(can)) {
      const server = await ServerProcess.start(peer, mode, link);
      servers.push(server);
      const { name: group, dialect } = peer;
      await generator.ask({ type: 'open', group, port: server.port, count: sockets, dialect, link });
    }
    const slice = (inFlight: number) => (server: ServerProcess) => {
      const order = { group: server.peer.name, ms: settings.sliceMs, shape };
      return measure(
        server,
        generator,
        pattern === 'fanout' ? { type: pattern, inFlight, ...order } : { type: pattern, ...order },
      );
    };
    // Not counted: compilers warm up on all that is to come.
    for (const inFlight of inFlights) await alternate(servers, 1, slice(inFlight), faults);
    for (const inFlight of inFlights) {
      process.stderr.write(`${name}: ${sockets} sockets, ${inFlight} in flight …\n`);
      // Not counted either: the step from one number in flight to the next.
      await alternate(servers, 1, slice(inFlight), faults);
      const outcomes = await alternate(servers, settings.rounds, slice(inFlight), faults);
      results.push({ work: name, pattern, sockets, inFlight, shape, outcomes });
    }
  } finally {
    await Promise.all([generator.stop(), ...servers.map((server) => server.stop())]);
  }
  return results;
}
