/** `npm run bench`: starts here. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installPeers } from './install.ts';
import { BENCH } from './paths.ts';
import { barePeers, findPeers, type Peer } from './peers.ts';
import { writeCharts } from './report/charts.ts';
import { digestCodec } from './report/codec-digest.ts';
import { digest } from './report/digest.ts';
import { describeMachine, describeSource } from './report/machine.ts';
import {
  formatCodec,
  formatCrowd,
  formatIdle,
  formatProcesses,
  formatSlow,
  formatStorm,
} from './report/tables.ts';
import { formatCurve, formatGrowth, formatTraffic } from './report/traffic-tables.ts';
import { HELP, parseSettings, type Settings } from './settings.ts';
import { runAdapters } from './works/adapters.ts';
import { type CodecResult, findSides, runCodec } from './works/codec.ts';
import { type CrowdResult, runCrowd } from './works/idle-100k.ts';
import { type IdleResult, runIdle } from './works/idle.ts';
import { type ProcessesResult, runProcesses } from './works/processes.ts';
import { runSlow, type SlowResult } from './works/slow.ts';
import { runStorm, type StormResult } from './works/storm.ts';
import { runBare, runTraffic, type TrafficResult } from './works/traffic.ts';

type Result =
  TrafficResult | IdleResult | CrowdResult | ProcessesResult | StormResult | SlowResult | CodecResult;

async function main(): Promise<void> {
  const settings = parseSettings(process.argv.slice(2));
  if (settings === undefined) {
    console.log(HELP);
    return;
  }
  if (process.platform !== 'linux') throw new Error('The bench reads CPU time from /proc: it needs Linux');
  installPeers(settings.also);
  const { present, absent, remove } = findPeers(settings.also, settings.node);
  try {
    const peers = present.filter(({ name }) => settings.only.length === 0 || settings.only.includes(name));
    const machine = describeMachine(settings.node);
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
    writeCharts(results, file.replace(/\.json$/, ''));
    console.log(`Saved in ${file}`);
    if (results.some(({ outcomes }) => outcomes.some(({ fault }) => fault !== undefined)))
      process.exitCode = 1;
  } finally {
    remove();
  }
}

/** Prints each table as soon as it is there. */
async function runAll(peers: readonly Peer[], settings: Settings): Promise<Result[]> {
  const results: Result[] = [];
  const report = <Kind extends Result>(found: Kind[], ...formats: ((found: Kind[]) => string)[]): void => {
    for (const format of formats) console.log(format(found));
    results.push(...found);
  };
  const one = <Kind extends Result>(found: Kind, format: (found: Kind) => string): void =>
    report([found], () => format(found));
  for (const work of settings.works) {
    if (work === 'idle') one(await runIdle(peers, settings), formatIdle);
    else if (work === 'idle-100k') one(await runCrowd(peers, settings), formatCrowd);
    else if (work === 'storm') one(await runStorm(peers, settings), formatStorm);
    else if (work === 'slow') one(await runSlow(peers, settings), formatSlow);
    else if (work === 'processes') report(await runProcesses(peers, settings), formatProcesses);
    else if (work === 'adapters') report(await runAdapters(peers, settings), formatTraffic);
    else if (work === 'websocket') {
      report(await runCodec(settings), formatCodec);
      for await (const found of runBare(barePeers(peers), settings)) report(found, formatTraffic);
    } else {
      const all: TrafficResult[] = [];
      for await (const found of runTraffic(work, peers, settings)) {
        report(found, formatTraffic, formatCurve);
        all.push(...found);
      }
      if (work === 'sockets') console.log(formatGrowth(all));
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
