/** Fan-out and echo: work that is paid per message. */
import type { Order } from '../generator/orders.ts';
import { FLOOR, type Peer } from '../peers.ts';
import { GeneratorProcess, ServerProcess } from '../processes.ts';
import type { Settings } from '../settings.ts';
import { alternate, measure, type Outcome } from './rounds.ts';

export const FANOUT_SOCKETS = 500;
export const ECHO_SOCKETS = 200;
const LARGE_SOCKETS = 4;
const LARGE_BYTES = 1024 * 1024;
const IN_FLIGHT = [1, 2, 4, 8, 16, 32] as const;

export interface TrafficResult {
  readonly work: 'fanout' | 'echo';
  readonly sockets: number;
  readonly inFlight: number;
  /** Where it is not the 72 bytes of text. */
  readonly payloadBytes?: number;
  readonly outcomes: readonly Outcome[];
}

type TrafficOrder = Order & { type: 'fanout' | 'echo' };

export function runFanOut(peers: readonly Peer[], settings: Settings): Promise<TrafficResult[]> {
  return runTraffic('fanout', FANOUT_SOCKETS, peers, settings, IN_FLIGHT, (group, inFlight, ms) => ({
    type: 'fanout',
    group,
    inFlight,
    ms,
  }));
}

export function runEcho(peers: readonly Peer[], settings: Settings): Promise<TrafficResult[]> {
  return runTraffic('echo', ECHO_SOCKETS, peers, settings, [1], (group, _inFlight, ms) => ({
    type: 'echo',
    group,
    ms,
  }));
}

/** The bare protocol: fan-out and echo of short text, and echo of large binary. */
export async function runBare(peers: readonly Peer[], settings: Settings): Promise<TrafficResult[][]> {
  const fanOut = await runTraffic(
    'fanout',
    FANOUT_SOCKETS,
    peers,
    settings,
    [1, 16],
    (group, inFlight, ms) => ({
      type: 'fanout',
      group,
      inFlight,
      ms,
    }),
  );
  const echo = await runEcho(peers, settings);
  // The floor knows short text only.
  const able = peers.filter(({ name }) => name !== FLOOR);
  const large = await runTraffic('echo', LARGE_SOCKETS, able, settings, [1], (group, _inFlight, ms) => ({
    type: 'echo',
    group,
    ms,
    payloadBytes: LARGE_BYTES,
  }));
  return [fanOut, echo, large.map((result) => ({ ...result, payloadBytes: LARGE_BYTES }))];
}

async function runTraffic(
  work: 'fanout' | 'echo',
  sockets: number,
  peers: readonly Peer[],
  settings: Settings,
  inFlights: readonly number[],
  orderFor: (group: string, inFlight: number, ms: number) => TrafficOrder,
): Promise<TrafficResult[]> {
  const generator = new GeneratorProcess();
  const servers: ServerProcess[] = [];
  const faults = new Map<string, string>();
  const results: TrafficResult[] = [];
  try {
    // All at once: servers that are not at work cost nothing, and no peer starts colder than another.
    for (const peer of peers) {
      const server = await ServerProcess.start(peer, work);
      servers.push(server);
      const { name: group, dialect } = peer;
      await generator.ask({ type: 'open', group, port: server.port, count: sockets, dialect });
    }
    const slice = (inFlight: number) => (server: ServerProcess) =>
      measure(server, generator, orderFor(server.peer.name, inFlight, settings.sliceMs));
    // Not counted: compilers warm up on all that is to come.
    for (const inFlight of inFlights) await alternate(servers, 1, slice(inFlight), faults);
    for (const inFlight of inFlights) {
      process.stderr.write(`${work}: ${sockets} sockets, ${inFlight} in flight …\n`);
      // Not counted either: the step from one number in flight to the next.
      await alternate(servers, 1, slice(inFlight), faults);
      const outcomes = await alternate(servers, settings.rounds, slice(inFlight), faults);
      results.push({ work, sockets, inFlight, outcomes });
    }
  } finally {
    await Promise.all([generator.stop(), ...servers.map((server) => server.stop())]);
  }
  return results;
}
