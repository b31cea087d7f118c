/** Tables of all that is paid per message. */
import { FLOOR, OURS } from '../peers.ts';
import type { TrafficResult } from '../works/traffic.ts';
import { align, percent, times } from './cells.ts';
import { digest, type Digest } from './digest.ts';

const COLUMNS = [
  'peer',
  'in flight',
  'CPU µs/delivery',
  'spread',
  'user',
  'system',
  'deliveries/s',
  'p50 ms',
  'p99',
  'p99.9',
  '× ours',
  '× floor',
  'server',
  'generator',
  'disturbed',
] as const;

export function formatTraffic(results: readonly TrafficResult[]): string {
  const [first] = results;
  if (first === undefined) return '';
  const rows: string[][] = [];
  // A fault ends a peer's work: it comes once, not with every setting that follows.
  const refusals = new Set<string>();
  for (const { inFlight, outcomes } of results) {
    for (const line of digest(outcomes)) {
      if (line.refused === undefined) rows.push(formatRow(line, inFlight));
      else {
        rows.push([line.peer, String(inFlight), 'not reported', ...COLUMNS.slice(3).map(() => '')]);
        refusals.add(`${line.peer}: ${line.refused}`);
      }
    }
  }
  const { work, pattern, sockets, shape, perSecond } = first;
  const pace = perSecond === undefined ? '' : `, ${perSecond.toLocaleString('en-US')} said a second`;
  const title = `${work}: ${pattern} of ${shape.payloadBytes} bytes (${shape.kind}), ${sockets} sockets${pace}`;
  return [title, align([[...COLUMNS], ...rows]), ...refusals, ''].join('\n');
}

/** One line per peer: how much more than ours it spends, over messages in flight. */
export function formatCurve(results: readonly TrafficResult[]): string {
  const names = results[0]?.outcomes.map(({ peer }) => peer).filter((peer) => peer !== OURS) ?? [];
  if (results.length < 2 || names.length === 0) return '';
  const digests = results.map(({ outcomes }) => digest(outcomes));
  const rows = names.map((name) => [
    name === FLOOR ? `${name} (below 1: our distance to it)` : name,
    ...digests.map((lines) => formatGain(lines, name)),
  ]);
  const head = [
    'CPU per delivery, as a multiple of ours',
    ...results.map(({ inFlight }) => String(inFlight)),
  ];
  return `${align([head, ...rows])}\n`;
}

function formatGain(lines: readonly Digest[], name: string): string {
  const [line, ours] = [lines.find(({ peer }) => peer === name), lines.find(({ peer }) => peer === OURS)];
  const reported = line?.refused === undefined && ours?.refused === undefined;
  return reported ? times(line?.timesOurs) : '–';
}

function formatRow(line: Digest, inFlight: number): string[] {
  return [
    line.peer,
    String(inFlight),
    line.cpuUs.median.toFixed(2),
    `±${percent(line.cpuUs.spread)}`,
    line.userUs.toFixed(2),
    line.systemUs.toFixed(2),
    Math.round(line.perSecond).toLocaleString('en-US'),
    ...[line.latencyMs.p50, line.latencyMs.p99, line.latencyMs.p999].map((ms) => ms.toFixed(ms < 10 ? 2 : 1)),
    times(line.timesOurs),
    times(line.timesFloor),
    percent(line.serverBusy),
    line.lateMs === undefined ? percent(line.generatorBusy) : `${line.lateMs.toFixed(2)} ms late`,
    percent(line.disturbed),
  ];
}

/** With more sockets, does a delivery cost more? By peer and number of sockets, and the most against 100. */
export function formatGrowth(results: readonly TrafficResult[]): string {
  const counts = [...new Set(results.map(({ sockets }) => sockets))];
  const [most] = counts.toSorted((a, b) => b - a);
  if (counts.length < 2 || most === undefined) return '';
  const rows: string[][] = [];
  for (const inFlight of new Set(results.map((result) => result.inFlight))) {
    const digests = new Map(
      results
        .filter((result) => result.inFlight === inFlight)
        .map(({ sockets, outcomes }) => [sockets, digest(outcomes)]),
    );
    for (const { peer } of digests.get(most) ?? []) {
      const costs = counts.map((count) => costOf(digests.get(count), peer));
      const growth = (costOf(digests.get(most), peer) ?? NaN) / (costOf(digests.get(100), peer) ?? NaN);
      rows.push([
        peer,
        String(inFlight),
        ...costs.map((us) => us?.toFixed(2) ?? '–'),
        Number.isNaN(growth) ? '–' : times(growth),
      ]);
    }
  }
  const head = ['CPU µs/delivery, by sockets', 'in flight', ...counts.map(String), `${most} : 100`];
  return `${align([head, ...rows])}\n`;
}

function costOf(lines: readonly Digest[] | undefined, name: string): number | undefined {
  const line = lines?.find(({ peer }) => peer === name);
  return line === undefined || line.refused !== undefined ? undefined : line.cpuUs.median;
}
