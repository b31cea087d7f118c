/** From slices to the numbers that are printed: medians over rounds, ratios within rounds. */
import type { Percentiles } from '../generator/orders.ts';
import { FLOOR, OURS } from '../peers.ts';
import { median, summarize, type Summary } from '../statistics.ts';
import type { Slice } from '../station.ts';
import type { Outcome } from '../works/rounds.ts';

/** Above this part of its core, the generator and not the server is what is measured. */
const GENERATOR_LIMIT = 0.95;
/** At a fixed pace the generator never sleeps; there, it must be on time. One message in a hundred may be this late. */
export const LATE_LIMIT_MS = 1;

export interface Digest {
  readonly peer: string;
  /** Why there are no numbers. */
  readonly refused?: string;
  readonly cpuUs: Summary;
  readonly userUs: number;
  readonly systemUs: number;
  readonly perSecond: number;
  /** Medians of the rounds' percentiles. Without a fixed pace: how long a message waits for those before it, too. */
  readonly latencyMs: Percentiles;
  readonly serverBusy: number;
  readonly generatorBusy: number;
  /** At a fixed pace: the 99th percentile of how late the generator sent. */
  readonly lateMs: number | undefined;
  /** The server's time in the queue for its core, as a part of the round: the noise of others. */
  readonly disturbed: number;
  /** Median of the ratios in each round. Above 1: this peer spends more than ours. */
  readonly timesOurs: number | undefined;
  readonly timesFloor: number | undefined;
}

export function digest(outcomes: readonly Outcome[]): Digest[] {
  const ours = usable(outcomes, OURS);
  const floor = usable(outcomes, FLOOR);
  return outcomes.map(({ peer, slices, fault }) => {
    const refused = fault ?? findRefusal(slices);
    const cpuUs = summarize(slices.map(cpuPerDelivery));
    const userTicks = sum(slices.map((slice) => slice.serverUserTicks));
    const systemTicks = sum(slices.map((slice) => slice.serverSystemTicks));
    const userPart = userTicks / (userTicks + systemTicks);
    return {
      peer,
      ...(refused === undefined ? {} : { refused }),
      cpuUs,
      userUs: cpuUs.median * userPart,
      systemUs: cpuUs.median * (1 - userPart),
      perSecond: median(slices.map((slice) => (slice.deliveries / slice.wallMs) * 1000)),
      latencyMs: {
        p50: median(slices.map(({ latencyMs }) => latencyMs.p50)),
        p99: median(slices.map(({ latencyMs }) => latencyMs.p99)),
        p999: median(slices.map(({ latencyMs }) => latencyMs.p999)),
      },
      serverBusy: median(slices.map((slice) => slice.serverUs / 1000 / slice.wallMs)),
      generatorBusy: busyPart(slices),
      lateMs: lateness(slices),
      disturbed: median(slices.map((slice) => slice.serverWaitedUs / 1000 / slice.wallMs)),
      timesOurs: ratio(slices, ours),
      timesFloor: ratio(slices, floor),
    };
  });
}

export function cpuPerDelivery(slice: Slice): number {
  return slice.serverUs / slice.deliveries;
}

function findRefusal(slices: readonly Slice[]): string | undefined {
  const lateMs = lateness(slices);
  if (lateMs !== undefined)
    return lateMs < LATE_LIMIT_MS ? undefined : `the generator was late: ${lateMs.toFixed(1)} ms`;
  const busy = busyPart(slices);
  if (busy < GENERATOR_LIMIT) return undefined;
  return `the generator is the bottleneck: ${(busy * 100).toFixed(0)} % of its core`;
}

function usable(outcomes: readonly Outcome[], name: string): readonly Slice[] {
  const outcome = outcomes.find(({ peer }) => peer === name);
  if (outcome === undefined || outcome.fault !== undefined) return [];
  return findRefusal(outcome.slices) === undefined ? outcome.slices : [];
}

/** The generator's part of its core. */
function busyPart(slices: readonly Slice[]): number {
  return median(slices.map((slice) => slice.cpuMs / slice.wallMs));
}

function lateness(slices: readonly Slice[]): number | undefined {
  const late = slices.flatMap(({ lateMs }) => (lateMs === undefined ? [] : [lateMs.p99]));
  return late.length === 0 ? undefined : median(late);
}

function ratio(slices: readonly Slice[], others: readonly Slice[]): number | undefined {
  if (others.length === 0 || slices.length === 0) return undefined;
  return median(
    slices.flatMap((slice, round) => {
      const other = others[round];
      return other === undefined ? [] : [cpuPerDelivery(slice) / cpuPerDelivery(other)];
    }),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
