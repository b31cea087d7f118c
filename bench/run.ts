/** `npm run bench`: starts here. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installPeers } from './install.ts';
import { BENCH } from './paths.ts';
import { barePeers, findPeers, type Peer } from './peers.ts';
import { curveChart } from './report/chart.ts';
import { digestCodec } from './report/codec-digest.ts';
import { digest } from './report/digest.ts';
import { describeMachine, describeSource } from './report/machine.ts';
import {
  formatCodec,
  formatCurve,
  formatIdle,
  formatSlow,
  formatStorm,
  formatTraffic,
} from './report/table.ts';
import { HELP, parseSettings, type Settings } from './settings.ts';
import { type IdleResult, runIdle } from './works/idle.ts';
import { findSides, runCodec, type CodecResult } from './works/codec.ts';
import { runAdapters } from './works/adapters.ts';
import { runSlow, type SlowResult } from './works/slow.ts';
import { runStorm, type StormResult } from './works/storm.ts';
import { runBare, runTraffic, type TrafficResult } from './works/traffic.ts';

const CAPTION = 'Server CPU for each delivered message, as a multiple of ours';

type Result = TrafficResult | IdleResult | StormResult | SlowResult | CodecResult;

async function main(): Promise<void> {
  const settings = parseSettings(process.argv.slice(2));
  if (settings === undefined) {
    console.log(HELP);
    return;
  }
  if (process.platform !== 'linux') throw new Error('The bench reads CPU time from /proc: it needs Linux');
  installPeers();
  const { present, absent, remove } = findPeers();
  try {
    const peers = present.filter(({ name }) => settings.only.length === 0 || settings.only.includes(name));
    const machine = describeMachine();
    const date = new Date().toISOString();
    console.log(
      `${machine.cpu}, ${machine.cores} cores, Linux ${machine.kernel}, Node ${machine.node}, ${date}`,
    );
    console.log(`${peers.map(({ name, version }) => `${name} ${version}`).join(', ')}\n`);
    const missing = settings.works.includes('websocket') ? [...absent, ...findSides().absent] : absent;
    for (const line of missing) console.log(line);
    const results = await runAll(peers, settings);
    const file =
      settings.out ??
      join(BENCH, 'results', `${date.slice(0, 19).replaceAll(':', '')}-${settings.works.join('-')}.json`);
    const versions = Object.fromEntries(peers.map(({ name, version }) => [name, version]));
    save(file, {
      date,
      source: describeSource(),
      machine,
      versions,
      settings,
      absent: missing,
      results: results.map(withDigest),
    });
    const curve = results.filter((result): result is TrafficResult => result.work === 'fanout');
    if (curve.length > 1) writeFileSync(file.replace(/\.json$/, '.svg'), curveChart(curve, CAPTION));
    console.log(`Saved in ${file}`);
    if (results.some(({ outcomes }) => outcomes.some(({ fault }) => fault !== undefined)))
      process.exitCode = 1;
  } finally {
    remove();
  }
}

async function runAll(peers: readonly Peer[], settings: Settings): Promise<Result[]> {
  const results: Result[] = [];
  for (const work of settings.works) {
    if (work === 'idle') {
      const idle = await runIdle(peers, settings);
      console.log(formatIdle(idle));
      results.push(idle);
    } else if (work === 'websocket') {
      const codec = await runCodec(settings);
      console.log(formatCodec(codec));
      results.push(...codec);
      for (const traffic of await runBare(barePeers(peers), settings)) {
        console.log(formatTraffic(traffic));
        results.push(...traffic);
      }
    } else if (work === 'storm') {
      const storm = await runStorm(peers, settings);
      console.log(formatStorm(storm));
      results.push(storm);
    } else if (work === 'adapters') {
      const adapters = await runAdapters(peers, settings);
      console.log(formatTraffic(adapters));
      results.push(...adapters);
    } else if (work === 'slow') {
      const slow = await runSlow(peers, settings);
      console.log(formatSlow(slow));
      results.push(slow);
    } else {
      for (const traffic of await runTraffic(work, peers, settings)) {
        console.log(formatTraffic(traffic));
        console.log(formatCurve(traffic));
        results.push(...traffic);
      }
    }
  }
  return results;
}

/** The numbers beside the raw rounds that they come from. */
function withDigest(result: Result): object {
  if ('name' in result) return { ...result, digest: digestCodec(result.outcomes) };
  return 'shape' in result ? { ...result, digest: digest(result.outcomes) } : result;
}

function save(file: string, report: object): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, null, 1)}\n`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
