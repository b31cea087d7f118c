/**
 * What does it cost to hand one 72-byte frame, or several in one write, to each of 500 sockets? Every public way of Node's, beside
 * each other, this library and the floor. `node --conditions=source bench/studies/write-path.ts [rounds] [ms] [in flight]`; docs/decisions/009-write-path.md has a run.
 */
import { fileURLToPath } from 'node:url';
import { installPeers } from '../install.ts';
import { NODE } from '../paths.ts';
import { findPeers, FLOOR, OURS, type Peer } from '../peers.ts';
import { Station } from '../station.ts';
import { median, summarize } from '../statistics.ts';
import { SHORT } from '../generator/orders.ts';
import { alternate, withStations } from '../works/rounds.ts';
import { WAYS } from './write-path-server.ts';

const SOCKETS = 500;
const server = fileURLToPath(new URL('write-path-server.ts', import.meta.url));
const [rounds = 9, ms = 300, inFlight = 1] = process.argv.slice(2).map(Number);
installPeers();
const floor = findPeers([]);
const peers: Peer[] = [
  ...Object.keys(WAYS).map((way) => ({
    name: way,
    command: [NODE, '--expose-gc', server, way, 'setImmediate'],
  })),
  ...['microtask', 'at once'].map((end) => ({
    name: `write(buffer), ${end}`,
    command: [NODE, '--expose-gc', server, 'write(buffer)', end],
  })),
].map((peer) => ({ ...peer, version: '', dialect: 'bare' }));
peers.push(...floor.present.filter(({ name }) => name === OURS || name === FLOOR));

const start = async (peer: Peer): Promise<Station> => {
  const station = await Station.start(peer, 'fanout');
  await station.open(SOCKETS);
  return station;
};
await withStations(peers, start, async (stations) => {
  const faults = new Map<string, string>();
  const slice = (station: Station) => station.run({ type: 'fanout', inFlight, ms, shape: SHORT });
  await alternate(stations, 2, slice, faults);
  const outcomes = await alternate(stations, rounds, slice, faults);
  const base = outcomes[0]?.slices.map(({ serverUs, deliveries }) => serverUs / deliveries) ?? [];
  for (const { peer, slices, fault } of outcomes) {
    const each = slices.map(({ serverUs, deliveries }) => serverUs / deliveries);
    const ratio = median(each.map((us, at) => us / (base[at] ?? NaN)));
    console.log(
      fault ??
        `${median(each).toFixed(2)} µs (± ${(100 * summarize(each).spread).toFixed(0)} %)  × ${ratio.toFixed(2)}  ${peer}`,
    );
  }
}).finally(floor.remove);
