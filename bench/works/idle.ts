/** The memory of a connection that does nothing. */
import type { Peer } from '../peers.ts';
import { readRss } from '../proc.ts';
import { GeneratorProcess, ServerProcess } from '../processes.ts';
import type { Settings } from '../settings.ts';

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
  const generator = new GeneratorProcess();
  const server = await ServerProcess.start(peer, 'echo');
  const { port } = server;
  try {
    const open = { type: 'open', group: peer.name, port, dialect: peer.dialect, link: {} } as const;
    await generator.ask({ ...open, count: WARM_SOCKETS });
    const before = await settledRss(server);
    await generator.ask({ ...open, count });
    return ((await settledRss(server)) - before) / count;
  } finally {
    await Promise.all([generator.stop(), server.stop()]);
  }
}

async function settledRss(server: ServerProcess): Promise<number> {
  for (let i = 0; i < 2; i++) {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    await server.collectGarbage();
  }
  return readRss(server.pid);
}
