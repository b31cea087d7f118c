/**
 * One process against two behind one port, with the adapter of `node:cluster` between them. All share core 0, since the load
 * generator needs the other one: what is measured is the CPU time of each process, and what two cores would give is worked out.
 */
import { SHORT } from '../generator/orders.ts';
import { clusteredPeer, type Peer } from '../peers.ts';
import type { Settings } from '../settings.ts';
import { type Slice, Station } from '../station.ts';
import { alternate, type Outcome, withStations } from './rounds.ts';

const COUNTS = [1, 2] as const;

const WORKS = [
  { type: 'fanout', sockets: 500, inFlight: 1 },
  { type: 'fanout', sockets: 500, inFlight: 16 },
  { type: 'echo', sockets: 200, inFlight: 1 },
] as const;

export interface ProcessesResult {
  readonly work: 'processes';
  readonly pattern: 'fanout' | 'echo';
  readonly sockets: number;
  readonly inFlight: number;
  /** `processes` counts those that serve; with more than one there is a primary process, too. */
  readonly outcomes: readonly (Outcome & Pick<Setup, 'processes' | 'alone'>)[];
}

interface Setup extends Peer {
  readonly processes: number;
  /** The name of the setup that has one. */
  readonly alone: string;
}

export async function runProcesses(peers: readonly Peer[], settings: Settings): Promise<ProcessesResult[]> {
  const setups: Setup[] = peers
    .filter(({ dialect }) => dialect === 'socket.io')
    .flatMap((peer) => COUNTS.map((processes) => setUp(peer, processes)));
  const results: ProcessesResult[] = [];
  for (const { type, sockets, inFlight } of WORKS) {
    process.stderr.write(`processes: ${type}, ${sockets} sockets, ${inFlight} in flight …\n`);
    const start = async (setup: Setup): Promise<Station> => {
      const link = setup.processes === 1 ? {} : { processes: setup.processes };
      const station = await Station.start(setup, type, link);
      await station.open(sockets);
      return station;
    };
    const slice = (station: Station): Promise<Slice> =>
      station.run({ type, inFlight, ms: settings.sliceMs, shape: SHORT });
    const outcomes = await withStations(setups, start, async (stations) => {
      const faults = new Map<string, string>();
      await alternate(stations, 2, slice, faults);
      return alternate(stations, settings.rounds, slice, faults);
    });
    results.push({
      work: 'processes',
      pattern: type,
      sockets,
      inFlight,
      outcomes: outcomes.flatMap((outcome) =>
        setups
          .filter(({ name }) => name === outcome.peer)
          .map(({ processes, alone }) => ({ ...outcome, processes, alone })),
      ),
    });
  }
  return results;
}

function setUp(peer: Peer, processes: number): Setup {
  return {
    ...(processes === 1 ? peer : clusteredPeer(peer)),
    name: `${peer.name} × ${processes}`,
    processes,
    alone: `${peer.name} × 1`,
  };
}
