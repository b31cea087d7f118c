/**
 * A hundred thousand connections that do nothing but answer pings. A process may have so many files, so there are several servers,
 * each with a port and a load generator of its own; all servers share core 0.
 */
import { freemem } from 'node:os';
import type { Peer } from '../peers.ts';
import { readCpuTimes, readKernelMemory, readRss } from '../proc.ts';
import type { Settings } from '../settings.ts';
import { Station } from '../station.ts';

const SOCKETS_PER_PROCESS = 17_000;
/** Each connection has one ping in this time, the default. */
const PING_INTERVAL_MS = 25_000;
/** For the longest pause. Apart from CPU time: the watch wakes each process a hundred times a second. */
const WATCHED_MS = 12_500;
/** Far more than any peer takes, with the kernel's part at both ends. */
const BYTES_EACH = 60_000;

export interface CrowdResult {
  readonly work: 'idle-100k';
  readonly sockets: number;
  readonly processes: number;
  readonly outcomes: readonly CrowdOutcome[];
}

export interface CrowdOutcome {
  readonly peer: string;
  /** Resident memory of all server processes, shared out over the connections: in all, and what has come with them. */
  readonly bytesEach: number;
  readonly grownBytesEach: number;
  /** Of the kernel, for both ends of a connection. */
  readonly kernelBytesEach: number;
  /** CPU time of the servers for each connection that opened, and then, with heartbeats, as a part of one core. */
  readonly openingUsEach: number;
  readonly cpuPart: number;
  readonly heartbeatsPerSecond: number;
  /** The longest time in which the event loop of one of the processes stood still, waiting for the core included. */
  readonly longestPauseMs: number;
  readonly fault?: string;
}

export async function runCrowd(peers: readonly Peer[], settings: Settings): Promise<CrowdResult> {
  const sockets = settings.crowdSockets;
  const processes = Math.ceil(sockets / SOCKETS_PER_PROCESS);
  const outcomes: CrowdOutcome[] = [];
  const needed = sockets * BYTES_EACH;
  if (freemem() < needed)
    console.log(`idle-100k is left out: it wants ${(needed / 1e9).toFixed(1)} GB of memory`);
  else {
    for (const peer of peers.filter(({ dialect }) => dialect === 'socket.io')) {
      try {
        outcomes.push(await measureOne(peer, Math.ceil(sockets / processes), processes));
      } catch (error) {
        outcomes.push(failed(peer.name, error instanceof Error ? error.message : String(error)));
      }
    }
  }
  return { work: 'idle-100k', sockets, processes, outcomes };
}

async function measureOne(peer: Peer, count: number, processes: number): Promise<CrowdOutcome> {
  const stations: Station[] = [];
  const sockets = count * processes;
  const all = async <Result>(ask: (station: Station) => Promise<Result>): Promise<Result[]> =>
    Promise.all(stations.map(ask));
  try {
    while (stations.length < processes)
      stations.push(await Station.start(peer, 'echo', { heartbeats: true }));
    const pids = stations.flatMap((station) => station.pids);
    const spentUs = (): number => sum(readCpuTimes(pids).map(({ totalUs }) => totalUs));
    const before = { rss: readRss(pids), kernel: readKernelMemory(), us: spentUs() };
    for (const [at, station] of stations.entries()) {
      process.stderr.write(`idle-100k: ${peer.name}, process ${at + 1} of ${processes} …\n`);
      await station.open(count);
    }
    const openingUsEach = (spentUs() - before.us) / sockets;
    await all((station) => station.collectGarbage());
    await all((station) => station.takeHeartbeats());
    const [startedMs, startedUs] = [performance.now(), spentUs()];
    await new Promise((resolve) => setTimeout(resolve, PING_INTERVAL_MS));
    const [us, ms] = [spentUs() - startedUs, performance.now() - startedMs];
    const heartbeats = sum(await all((station) => station.takeHeartbeats()));
    await all((station) => station.takeLongestPauseMs());
    await new Promise((resolve) => setTimeout(resolve, WATCHED_MS));
    const longestPauseMs = Math.max(...(await all((station) => station.takeLongestPauseMs())));
    if (heartbeats < (0.9 * sockets * ms) / PING_INTERVAL_MS)
      throw new Error(`Only ${heartbeats} pings came in ${(ms / 1000).toFixed(0)} s`);
    return {
      peer: peer.name,
      bytesEach: readRss(pids) / sockets,
      grownBytesEach: (readRss(pids) - before.rss) / sockets,
      kernelBytesEach: (readKernelMemory() - before.kernel) / sockets,
      openingUsEach,
      cpuPart: us / 1000 / ms,
      heartbeatsPerSecond: (heartbeats / ms) * 1000,
      longestPauseMs,
    };
  } finally {
    await all((station) => station.stop());
  }
}

function failed(peer: string, fault: string): CrowdOutcome {
  const nothing = { bytesEach: 0, grownBytesEach: 0, kernelBytesEach: 0, openingUsEach: 0, cpuPart: 0 };
  return { peer, ...nothing, heartbeatsPerSecond: 0, longestPauseMs: 0, fault };
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
