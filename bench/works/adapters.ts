/** Two processes with Redis between them: what one client of the first says goes to the clients of both. */
import { startRedis } from '../../test/compatibility/redis.ts';
import { SHORT } from '../generator/orders.ts';
import type { Peer } from '../peers.ts';
import type { Settings } from '../settings.ts';
import { Station } from '../station.ts';
import { alternate, withStations } from './rounds.ts';
import type { TrafficResult } from './traffic.ts';

const SOCKETS_EACH = 250;
const IN_FLIGHT = [1, 16];

/** Nothing, and a line that says so, where there is no redis-server. CPU time is that of both processes, not of Redis. */
export async function runAdapters(peers: readonly Peer[], settings: Settings): Promise<TrafficResult[]> {
  const redis = await startRedis();
  if (redis === undefined) {
    console.log('adapters is left out: there is no redis-server here');
    return [];
  }
  const start = async (peer: Peer): Promise<Station> => {
    const station = await Station.start(peer, 'fanout', { redis: redis.port }, 2);
    await station.open(SOCKETS_EACH);
    return station;
  };
  const withEvents = peers.filter(({ dialect }) => dialect === 'socket.io');
  try {
    return await withStations(withEvents, start, async (stations) => {
      const faults = new Map<string, string>();
      const results: TrafficResult[] = [];
      for (const inFlight of IN_FLIGHT) {
        process.stderr.write(`adapters: two processes, ${inFlight} in flight …\n`);
        const traffic = { type: 'fanout', inFlight, ms: settings.sliceMs, shape: SHORT } as const;
        const slice = (station: Station) => station.run(traffic);
        await alternate(stations, 2, slice, faults);
        const outcomes = await alternate(stations, settings.rounds, slice, faults);
        const sockets = 2 * SOCKETS_EACH;
        results.push({ work: 'adapters', pattern: 'fanout', sockets, inFlight, shape: SHORT, outcomes });
      }
      return results;
    });
  } finally {
    await redis.stop();
  }
}
