/** Tables of the other works. */
import { OURS } from '../peers.ts';
import { median, summarize } from '../statistics.ts';
import type { Slice } from '../station.ts';
import type { CodecResult } from '../works/codec.ts';
import type { CrowdResult } from '../works/idle-100k.ts';
import type { IdleResult } from '../works/idle.ts';
import type { ProcessesResult } from '../works/processes.ts';
import type { SlowResult } from '../works/slow.ts';
import type { StormResult } from '../works/storm.ts';
import { align, kb, percent, times } from './cells.ts';
import { digestCodec } from './codec-digest.ts';
import { cpuPerDelivery } from './digest.ts';

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

export function formatCrowd({ sockets, processes, outcomes }: CrowdResult): string {
  const rows = outcomes.map((outcome) =>
    outcome.fault === undefined
      ? [
          outcome.peer,
          kb(outcome.bytesEach),
          kb(outcome.grownBytesEach),
          kb(outcome.kernelBytesEach),
          outcome.openingUsEach.toFixed(0),
          outcome.heartbeatsPerSecond.toFixed(0),
          `${(outcome.cpuPart * 100).toFixed(1)} %`,
          outcome.longestPauseMs.toFixed(1),
        ]
      : [outcome.peer, outcome.fault],
  );
  const head = [
    'peer',
    'kB each',
    'grown',
    'kernel, both ends',
    'CPU µs to open',
    'pings/s',
    'CPU of a core',
    'longest pause ms',
  ];
  const title = `idle-100k: ${sockets} connections to ${processes} processes, pings every 25 s`;
  return [title, align([head, ...rows]), ''].join('\n');
}

/** The last column is worked out, not seen: it takes each process to have a core of its own. */
export function formatProcesses(results: readonly ProcessesResult[]): string {
  const rows = results.flatMap(({ pattern, sockets, inFlight, outcomes }) =>
    outcomes.map(({ peer, slices, fault, alone }) => {
      const name = `${peer}: ${pattern}, ${sockets} sockets, ${inFlight} in flight`;
      if (fault !== undefined) return [name, fault];
      const others = outcomes.find((outcome) => outcome.peer === alone)?.slices ?? [];
      const busiest = (slice: Slice): number => slice.busiestUs / slice.deliveries;
      const capacities = slices.map((slice, round) => {
        const one = others[round];
        return one === undefined ? NaN : cpuPerDelivery(one) / busiest(slice);
      });
      return [
        name,
        median(slices.map(cpuPerDelivery)).toFixed(2),
        `±${percent(summarize(slices.map(cpuPerDelivery)).spread)}`,
        median(slices.map(busiest)).toFixed(2),
        times(median(capacities)),
      ];
    }),
  );
  const head = ['× processes', 'CPU µs/delivery', 'spread', 'in the busiest', 'so with a core each, × one'];
  return ['processes: behind one port', align([head, ...rows]), ''].join('\n');
}
