/** The memory of a connection that does nothing. */
import type { Peer } from '../peers.ts';
import { readRss } from '../proc.ts';
import type { Settings } from '../settings.ts';
import { Station } from '../station.ts';

/** Open before the first reading: code and pools that the first connections bring are not the price of one more. */
const WARM_SOCKETS = 500;
const SETTLE_MS = 500;
const ROUNDS = 3;

export interface IdleResult {
  readonly work: 'idle';
  readonly sockets: number;
  readonly outcomes: readonly {
    readonly peer: string;
    readonly bytesEach: readonly number[];
    readonly fault?: string;
  }[];
}

export async function runIdle(peers: readonly Peer[], settings: Settings): Promise<IdleResult> {
  const sockets = settings.idleSockets;
  const bytesEach = new Map<string, number[]>(peers.map(({ name }) => [name, []]));
  const faults = new Map<string, string>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const peer of round % 2 === 0 ? peers : peers.toReversed()) {
      process.stderr.write(`idle: ${sockets} sockets, ${peer.name} …\n`);
      try {
        bytesEach.get(peer.name)?.push(await measureOne(peer, sockets));
      } catch (error) {
        faults.set(peer.name, error instanceof Error ? error.message : String(error));
      }
    }
  }
  const outcomes = [...bytesEach].map(([peer, bytesEach]) => {
    const fault = faults.get(peer);
    return fault === undefined ? { peer, bytesEach } : { peer, bytesEach, fault };
  });
  return { work: 'idle', sockets, outcomes };
}

/** In a fresh server each time: memory once taken is seldom given back. */
async function measureOne(peer: Peer, count: number): Promise<number> {
  const station = await Station.start(peer, 'echo');
  try {
    await station.open(WARM_SOCKETS);
    const before = await settledRss(station);
    await station.open(count);
    return ((await settledRss(station)) - before) / count;
  } finally {
    await station.stop();
  }
}

async function settledRss(station: Station): Promise<number> {
  for (let i = 0; i < 2; i++) {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    await station.collectGarbage();
  }
  return readRss(station.pids);
}
