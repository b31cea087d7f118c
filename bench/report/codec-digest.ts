/** From passes of the codec to numbers, as digest.ts does for traffic. */
import { OURS } from '../peers.ts';
import { median, summarize, type Summary } from '../statistics.ts';
import type { Pass } from '../codec/cases.ts';
import type { CodecOutcome } from '../works/codec.ts';

export interface CodecDigest {
  readonly peer: string;
  readonly cpuNs: Summary;
  /** Median of the ratios in each round. Above 1: this side spends more than ours. */
  readonly timesOurs: number | undefined;
  readonly fault?: string;
}

export function digestCodec(outcomes: readonly CodecOutcome[]): CodecDigest[] {
  const ours = outcomes.find(({ peer }) => peer === OURS)?.passes ?? [];
  const sums = new Set(outcomes.flatMap(({ passes }) => passes.map(({ checksum }) => checksum)));
  return outcomes.map(({ peer, passes, fault = sums.size > 1 ? 'the sums differ' : undefined }) => {
    const ratios = passes.flatMap((pass, round) => {
      const other = ours[round];
      return other === undefined ? [] : [nsPerMessage(pass) / nsPerMessage(other)];
    });
    return {
      peer,
      cpuNs: summarize(passes.map(nsPerMessage)),
      timesOurs: ratios.length === 0 ? undefined : median(ratios),
      ...(fault === undefined ? {} : { fault }),
    };
  });
}

function nsPerMessage({ cpuUs, units }: Pass): number {
  return (cpuUs * 1000) / units;
}
