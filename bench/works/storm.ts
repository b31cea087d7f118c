/** What a connection costs that comes and goes: all connect, all are reset, all connect again. */
import type { Peer } from '../peers.ts';
import { readCpuTimes } from '../proc.ts';
import type { Settings } from '../settings.ts';
import { Station } from '../station.ts';
import { withStations } from './rounds.ts';

const SETTLE_MS = 300;

export interface StormResult {
  readonly work: 'storm';
  readonly sockets: number;
  readonly outcomes: readonly StormOutcome[];
}

export interface StormOutcome {
  readonly peer: string;
  /** CPU time of the server for each connection, in microseconds, one for each round. */
  readonly opening: readonly number[];
  readonly closing: readonly number[];
  readonly fault?: string;
}

export function runStorm(peers: readonly Peer[], settings: Settings): Promise<StormResult> {
  const sockets = settings.stormSockets;
  const start = (peer: Peer): Promise<Station> => Station.start(peer, 'echo');
  return withStations(peers, start, async (stations) => {
    const outcomes = new Map(
      peers.map(({ name }) => [name, { opening: [] as number[], closing: [] as number[] }]),
    );
    const faults = new Map<string, string>();
    // The first two are for compilers.
    for (let round = -2; round < settings.rounds; round++) {
      for (const station of round % 2 === 0 ? stations : stations.toReversed()) {
        const { name } = station.peer;
        process.stderr.write(`storm: ${sockets} sockets, ${name} …\n`);
        if (faults.has(name)) continue;
        try {
          const { opening, closing } = await measureOne(station, sockets);
          if (round < 0) continue;
          outcomes.get(name)?.opening.push(opening);
          outcomes.get(name)?.closing.push(closing);
        } catch (error) {
          faults.set(name, error instanceof Error ? error.message : String(error));
        }
      }
    }
    return {
      work: 'storm',
      sockets,
      outcomes: [...outcomes].map(([peer, spent]) => {
        const fault = faults.get(peer);
        return fault === undefined ? { peer, ...spent } : { peer, ...spent, fault };
      }),
    };
  });
}

async function measureOne(station: Station, count: number): Promise<{ opening: number; closing: number }> {
  const spent = (): number => readCpuTimes(station.pids).reduce((sum, { totalUs }) => sum + totalUs, 0);
  const atFirst = spent();
  await station.open(count);
  const opened = spent();
  await station.close();
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return { opening: (opened - atFirst) / count, closing: (spent() - opened) / count };
}
