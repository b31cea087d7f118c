/** Plain text tables. The first column is aligned left, the others right. */
import { FLOOR, OURS } from '../peers.ts';
import { summarize } from '../statistics.ts';
import type { CodecResult } from '../works/codec.ts';
import type { IdleResult } from '../works/idle.ts';
import type { SlowResult } from '../works/slow.ts';
import type { StormResult } from '../works/storm.ts';
import type { TrafficResult } from '../works/traffic.ts';
import { digest, type Digest } from './digest.ts';
import { digestCodec } from './codec-digest.ts';

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
  const { kind, payloadBytes } = first.shape;
  const title = `${first.work}: ${first.pattern} of ${payloadBytes} bytes (${kind}), ${first.sockets} sockets`;
  return [title, align([[...COLUMNS], ...rows]), ...refusals, ''].join('\n');
}

/** CPU time per message of the codec alone. */
export function formatCodec(results: readonly CodecResult[]): string {
  const rows = results.flatMap(({ name, outcomes }) =>
    digestCodec(outcomes).map(({ peer, cpuNs, timesOurs, fault }) => [
      `${name}: ${peer}`,
      ...(fault === undefined
        ? [cpuNs.median.toFixed(0), `±${percent(cpuNs.spread)}`, times(timesOurs)]
        : ['failed', fault, '']),
    ]),
  );
  return ['codec, in process', align([['work', 'CPU ns/message', 'spread', '× ours'], ...rows]), ''].join(
    '\n',
  );
}

export function formatSlow({ outcomes }: SlowResult): string {
  const rows = outcomes.map(({ peer, p99, cpuUs, grownBytes, sentBytes, fault }) => {
    if (fault !== undefined) return [peer, 'failed', fault, '', ''];
    const change = (pair: readonly [number, number]): string =>
      pair.map((value) => value.toFixed(2)).join(' → ');
    return [peer, kb(sentBytes / 1000), kb(grownBytes / 1000), change(p99), change(cpuUs)];
  });
  const head = ['peer', 'MB sent to each', 'MB more held', 'p99 ms of the others', 'CPU µs/delivery'];
  return ['slow: one of 500 clients stops reading', align([head, ...rows]), ''].join('\n');
}

export function formatStorm({ sockets, outcomes }: StormResult): string {
  const ours = outcomes.find(({ peer }) => peer === OURS);
  const rows = outcomes.map(({ peer, opening, closing, fault }) => {
    if (fault !== undefined) return [peer, 'failed', fault, ''];
    const { median, spread } = summarize(opening);
    const ratios = opening.map((us, round) => us / (ours?.opening[round] ?? NaN));
    return [
      peer,
      median.toFixed(0),
      `±${percent(spread)}`,
      times(summarize(ratios).median),
      summarize(closing).median.toFixed(0),
    ];
  });
  const head = ['peer', 'CPU µs to open', 'spread', '× ours', 'to close'];
  return [`storm, ${sockets} connections`, align([head, ...rows]), ''].join('\n');
}

export function formatIdle({ sockets, outcomes }: IdleResult): string {
  const rows = outcomes.map(({ peer, bytesEach, fault }) => {
    const { median, min, max } = summarize(bytesEach);
    return fault === undefined ? [peer, kb(median), `${kb(min)}–${kb(max)}`] : [peer, 'failed', fault];
  });
  return [
    `idle, ${sockets} sockets: resident memory per connection`,
    align([['peer', 'kB', 'least–most'], ...rows]),
    '',
  ].join('\n');
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
    ...[line.latencyMs.p50, line.latencyMs.p99, line.latencyMs.p999].map((ms) => ms.toFixed(1)),
    times(line.timesOurs),
    times(line.timesFloor),
    percent(line.serverBusy),
    percent(line.generatorBusy),
    percent(line.disturbed),
  ];
}

function align(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function times(ratio: number | undefined): string {
  return ratio === undefined ? '–' : ratio.toFixed(2);
}

function percent(part: number): string {
  return `${(part * 100).toFixed(0)} %`;
}

function kb(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}
