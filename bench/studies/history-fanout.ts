/**
 * What does it cost to keep what is sent, when 500 sockets get it? Our server without history beside each log.
 * `node --conditions=source bench/studies/history-fanout.ts [rounds] [ms] [folder]`; docs/decisions/012-history.md has a run.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SHORT } from '../generator/orders.ts';
import { NODE } from '../paths.ts';
import type { Peer } from '../peers.ts';
import { Station } from '../station.ts';
import { median, summarize } from '../statistics.ts';
import { alternate, withStations } from '../works/rounds.ts';
import { WAYS } from './history-server.ts';

const SOCKETS = 500;
const IN_FLIGHT = [1, 8, 32];
const server = fileURLToPath(new URL('history-server.ts', import.meta.url));
const [rounds = 9, ms = 400] = process.argv.slice(2, 4).map(Number);
const folder = mkdtempSync(join(process.argv[4] ?? tmpdir(), 'history-fanout-'));
const [OFF, ...others] = Object.keys(WAYS);
const peers = [OFF, ...others].map((way = ''): Peer => {
  const command = [NODE, '--expose-gc', '--conditions=source', server, way, folder];
  return { name: way, version: '', dialect: 'socket.io', command };
});

const start = async (peer: Peer): Promise<Station> => {
  const station = await Station.start(peer, 'fanout', peer.name === OFF ? {} : { positions: true });
  await station.open(SOCKETS);
  return station;
};
await withStations(peers, start, async (stations) => {
  const faults = new Map<string, string>();
  for (const inFlight of IN_FLIGHT) {
    const slice = (station: Station) => station.run({ type: 'fanout', inFlight, ms, shape: SHORT });
    await alternate(stations, 2, slice, faults);
    const outcomes = await alternate(stations, rounds, slice, faults);
    const base = outcomes[0]?.slices.map(({ serverUs, deliveries }) => serverUs / deliveries) ?? [];
    const baseRate = outcomes[0]?.slices.map(({ deliveries, wallMs }) => deliveries / wallMs) ?? [];
    console.log(`${inFlight} in flight:`);
    for (const { peer, slices, fault } of outcomes) {
      const each = slices.map(({ serverUs, deliveries }) => serverUs / deliveries);
      const rates = slices.map(({ deliveries, wallMs }) => deliveries / wallMs);
      const ratio = median(each.map((us, at) => us / (base[at] ?? NaN)));
      const rateRatio = median(rates.map((rate, at) => rate / (baseRate[at] ?? NaN)));
      console.log(
        fault ??
          `  ${median(each).toFixed(3)} µs of CPU a delivery (± ${(100 * summarize(each).spread).toFixed(0)} %), × ${ratio.toFixed(2)}; ` +
            `${median(rates).toFixed(0)} deliveries a ms, × ${rateRatio.toFixed(2)}  ${peer}`,
      );
    }
  }
}).finally(() => rmSync(folder, { recursive: true, force: true }));
