/** The pictures of a run, beside its JSON. README shows those of the committed run. */
import { writeFileSync } from 'node:fs';
import type { CodecResult } from '../works/codec.ts';
import type { IdleResult } from '../works/idle.ts';
import type { TrafficResult } from '../works/traffic.ts';
import { latencyChart, memoryChart } from './bars.ts';
import { curveChart } from './curve.ts';

type Result = TrafficResult | IdleResult | Exclude<{ readonly work: string }, CodecResult>;

/** @param start of the files' names; a picture is left out where the run has not measured what it shows */
export function writeCharts(results: readonly Result[], start: string): void {
  const traffic = results.filter((result): result is TrafficResult => 'pattern' in result);
  const fanout = traffic.filter(({ work }) => work === 'fanout');
  if (fanout.length > 1) {
    const caption = 'Server CPU for each delivered message, as a multiple of ours';
    writeFileSync(`${start}-fanout.svg`, curveChart(fanout, caption));
  }
  const idle = results.find((result): result is IdleResult => result.work === 'idle');
  if (idle !== undefined) {
    const caption = `Memory of an idle connection, with ${idle.sockets.toLocaleString('en-US')} of them`;
    writeFileSync(`${start}-memory.svg`, memoryChart(idle, caption));
  }
  const echo = traffic.find(({ work, pattern }) => work === 'latency' && pattern === 'echo');
  if (echo !== undefined) {
    const pace = (echo.perSecond ?? 0).toLocaleString('en-US');
    const caption = `Echo at ${pace} messages a second, 200 clients: half (p50), 99 % and 99.9 % took at most`;
    writeFileSync(`${start}-latency.svg`, latencyChart(echo, caption));
  }
}
