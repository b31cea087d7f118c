/** Rounds over all peers, forwards and backwards in turn, so that what changes with time changes for all alike. */
import type { Peer } from '../peers.ts';
import type { Slice, Station } from '../station.ts';

/** What a peer did in all rounds of one setting, or why it could not. */
export interface Outcome {
  readonly peer: string;
  readonly slices: readonly Slice[];
  readonly fault?: string;
}

export async function alternate(
  stations: readonly Station[],
  rounds: number,
  slice: (station: Station) => Promise<Slice>,
  faults: Map<string, string>,
): Promise<Outcome[]> {
  const slices = new Map<string, Slice[]>(stations.map(({ peer }) => [peer.name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const station of round % 2 === 0 ? stations : stations.toReversed()) {
      const { name } = station.peer;
      // A peer that has been wrong once is not measured again: its numbers would mean nothing.
      if (faults.has(name)) continue;
      try {
        slices.get(name)?.push(await slice(station));
      } catch (error) {
        faults.set(name, error instanceof Error ? error.message : String(error));
      }
    }
  }
  return [...slices].map(([peer, slices]) => {
    const fault = faults.get(peer);
    return fault === undefined ? { peer, slices } : { peer, slices, fault };
  });
}

/** Starts a station for each peer, and stops them all when `work` is done. A line tells of one that does not start. */
export async function withStations<Started extends Peer, Result>(
  peers: readonly Started[],
  start: (peer: Started) => Promise<Station>,
  work: (stations: readonly Station[]) => Promise<Result>,
): Promise<Result> {
  const stations: Station[] = [];
  try {
    for (const peer of peers) {
      try {
        stations.push(await start(peer));
      } catch (error) {
        process.exitCode = 1;
        console.log(`${peer.name} is left out: ${String(error)}`);
      }
    }
    return await work(stations);
  } finally {
    await Promise.all(stations.map((station) => station.stop()));
  }
}
