/** Work that is paid per message: who gets it, how many at a time, and what it is. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Link, SHORT, type Shape, type Traffic } from '../generator/orders.ts';
import { FLOOR, type Peer } from '../peers.ts';
import type { Settings, Work } from '../settings.ts';
import { LATE_LIMIT_MS } from '../report/digest.ts';
import { type Slice, Station } from '../station.ts';
import { alternate, type Outcome, withStations } from './rounds.ts';

export interface TrafficResult {
  readonly work: string;
  readonly pattern: Traffic['type'];
  readonly sockets: number;
  readonly inFlight: number;
  /** At a fixed pace: messages said. */
  readonly perSecond?: number;
  readonly shape: Shape;
  readonly outcomes: readonly Outcome[];
}

interface TrafficWork {
  readonly pattern: Traffic['type'];
  readonly sockets: number;
  readonly inFlight: readonly number[];
  readonly perSecond?: number;
  readonly shape: Shape;
  readonly link?: Link;
  /** Default: all. */
  readonly can?: (peer: Peer) => boolean;
}

/** At a fixed pace, so that the slowest of a thousand messages are several. */
const PACED_MS = 1000;
/** How often a slice is done again in which the generator was late. */
const MAX_TRIES = 5;
/** Of one socket, at a thousand a second. */
const WARM_DELIVERIES = 20_000;
const KIB = 1024;
const IN_FLIGHT = [1, 2, 4, 8, 16, 32] as const;
const text = (payloadBytes: number): Shape => ({ kind: 'text', payloadBytes });
const binary = (payloadBytes: number): Shape => ({ kind: 'binary', payloadBytes });
/** The floor knows short text and nothing else. */
const isServer = ({ name }: Peer): boolean => name !== FLOOR;
const hasEvents = ({ dialect }: Peer): boolean => dialect === 'socket.io';

export type TrafficName = Exclude<
  Work,
  'adapters' | 'processes' | 'storm' | 'slow' | 'idle' | 'idle-100k' | 'websocket'
>;

const TRAFFIC: Readonly<Record<TrafficName, readonly TrafficWork[]>> = {
  fanout: [{ pattern: 'fanout', sockets: 500, inFlight: IN_FLIGHT, shape: SHORT }],
  sockets: [10, 100, 500, 2_000, 10_000].map((sockets) => ({
    pattern: 'fanout',
    sockets,
    inFlight: IN_FLIGHT,
    shape: SHORT,
  })),
  echo: [{ pattern: 'echo', sockets: 200, inFlight: [1], shape: SHORT }],
  // A server with something to do, and with time left: what a message takes then.
  latency: [
    { pattern: 'echo', sockets: 200, inFlight: [1], perSecond: 10_000, shape: SHORT },
    { pattern: 'fanout', sockets: 500, inFlight: [1], perSecond: 50, shape: SHORT },
  ],
  polling: [
    {
      pattern: 'fanout',
      sockets: 500,
      inFlight: [1, 16],
      shape: SHORT,
      link: { polling: true },
      can: hasEvents,
    },
    { pattern: 'echo', sockets: 200, inFlight: [1], shape: SHORT, link: { polling: true }, can: hasEvents },
  ],
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
  // One message a second in each of 1,000 rooms: the server is mostly idle, as such servers are.
  rooms: [
    { pattern: 'rooms', sockets: 10_000, inFlight: [1], shape: SHORT, link: { roomSize: 10 }, can: isServer },
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

function isLate({ lateMs }: Slice): boolean {
  return lateMs !== undefined && lateMs.p99 > LATE_LIMIT_MS;
}

/** Gives the results of each part of the work when it is done. */
export async function* runTraffic(
  name: TrafficName,
  peers: readonly Peer[],
  settings: Settings,
): AsyncGenerator<TrafficResult[]> {
  for (const work of TRAFFIC[name]) {
    if (work.link?.tls === undefined) yield runOne(name, work, peers, settings);
    else {
      yield withCertificate((tls) => runOne(name, { ...work, link: { ...work.link, tls } }, peers, settings));
    }
  }
}

/** For localhost, signed by itself, for as long as `run` takes. Without openssl, a line says so. */
async function withCertificate(run: (folder: string) => Promise<TrafficResult[]>): Promise<TrafficResult[]> {
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
    if (made.status === 0) return await run(folder);
    console.log('tls is left out: there is no openssl here');
    return [];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function* runBare(peers: readonly Peer[], settings: Settings): AsyncGenerator<TrafficResult[]> {
  for (const work of BARE) yield runOne('websocket', work, peers, settings);
}

function runOne(
  name: string,
  { pattern, sockets, inFlight: inFlights, perSecond, shape, link, can }: TrafficWork,
  peers: readonly Peer[],
  settings: Settings,
): Promise<TrafficResult[]> {
  const mode = shape.kind === 'ack' ? 'ack' : pattern === 'echo' ? 'echo' : 'fanout';
  const start = async (peer: Peer): Promise<Station> => {
    const station = await Station.start(peer, mode, link);
    await station.open(sockets);
    return station;
  };
  const pace = perSecond === undefined ? {} : { perSecond };
  const sliceMs =
    perSecond === undefined || settings.quick ? settings.sliceMs : Math.max(settings.sliceMs, PACED_MS);
  // All at once: servers that are not at work cost nothing, and no peer starts colder than another.
  return withStations(can === undefined ? peers : peers.filter(can), start, async (stations) => {
    const faults = new Map<string, string>();
    const results: TrafficResult[] = [];
    const slice =
      (inFlight: number, ms = sliceMs) =>
      async (station: Station): Promise<Slice> => {
        let slice = await station.run({ type: pattern, inFlight, ...pace, ms, shape });
        // Another process had the generator's core: latencies would be those of the generator.
        for (let tries = 1; isLate(slice) && tries < MAX_TRIES; tries += 1)
          slice = await station.run({ type: pattern, inFlight, ...pace, ms, shape });
        return slice;
      };
    // Not counted: compilers warm up on all that is to come. With few sockets, a message is few deliveries.
    const warmMs = Math.max(sliceMs, WARM_DELIVERIES / sockets);
    for (const inFlight of inFlights) await alternate(stations, 1, slice(inFlight, warmMs), faults);
    for (const inFlight of inFlights) {
      process.stderr.write(`${name}: ${sockets} sockets, ${inFlight} in flight …\n`);
      // Not counted either: the step from one number in flight to the next.
      await alternate(stations, 1, slice(inFlight), faults);
      const outcomes = await alternate(stations, settings.rounds, slice(inFlight), faults);
      results.push({ work: name, pattern, sockets, inFlight, ...pace, shape, outcomes });
    }
    return results;
  });
}
