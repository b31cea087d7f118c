/** Two processes with Redis between them: what one client of the first says goes to the clients of both. */
import { SHORT } from '../generator/orders.ts';
import type { Peer } from '../peers.ts';
import { GeneratorProcess, ServerProcess } from '../processes.ts';
import type { Settings } from '../settings.ts';
import { startRedis } from '../../test/compatibility/redis.ts';
import { alternate, measure } from './rounds.ts';
import type { TrafficResult } from './traffic.ts';

const SOCKETS_EACH = 250;
const IN_FLIGHT = [1, 16];

/** Both processes of one peer: their CPU time is counted together, Redis' is not. */
interface Pair {
  readonly peer: Peer;
  readonly servers: readonly ServerProcess[];
  readonly pids: readonly number[];
}

/** Nothing, and a line that says so, where there is no redis-server. */
export async function runAdapters(peers: readonly Peer[], settings: Settings): Promise<TrafficResult[]> {
  const redis = await startRedis();
  if (redis === undefined) {
    console.log('adapters is left out: there is no redis-server here');
    return [];
  }
  const generator = new GeneratorProcess();
  const pairs: Pair[] = [];
  const faults = new Map<string, string>();
  const results: TrafficResult[] = [];
  try {
    for (const peer of peers.filter(({ dialect }) => dialect === 'socket.io')) {
      const link = { redis: redis.port };
      const servers = [
        await ServerProcess.start(peer, 'fanout', link),
        await ServerProcess.start(peer, 'fanout', link),
      ];
      pairs.push({ peer, servers, pids: servers.map(({ pid }) => pid) });
      for (const { port } of servers) {
        const open = { type: 'open', group: peer.name, port, dialect: peer.dialect, link } as const;
        await generator.ask({ ...open, count: SOCKETS_EACH });
      }
    }
    for (const inFlight of IN_FLIGHT) {
      process.stderr.write(`adapters: two processes, ${inFlight} in flight …\n`);
      const order = { type: 'fanout', inFlight, ms: settings.sliceMs, shape: SHORT } as const;
      const slice = (pair: Pair) => measure(pair, generator, { ...order, group: pair.peer.name });
      await alternate(pairs, 2, slice, faults);
      const outcomes = await alternate(pairs, settings.rounds, slice, faults);
      const sockets = 2 * SOCKETS_EACH;
      results.push({ work: 'adapters', pattern: 'fanout', sockets, inFlight, shape: SHORT, outcomes });
    }
  } finally {
    const all = pairs.flatMap(({ servers }) => servers);
    await Promise.all([generator.stop(), redis.stop(), ...all.map((server) => server.stop())]);
  }
  return results;
}
