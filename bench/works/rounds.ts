/** Rounds over all peers, forwards and backwards in turn, so that what changes with time changes for all alike. */
import type { Order, Ran } from '../generator/orders.ts';
import type { Peer } from '../peers.ts';
import type { GeneratorProcess } from '../processes.ts';
import { readCpuTimes } from '../proc.ts';

/** One peer's part of one round. */
export interface Slice extends Ran {
  readonly serverUs: number;
  readonly serverUserTicks: number;
  readonly serverSystemTicks: number;
  /** Time that the server lost to other processes on its core. */
  readonly serverWaitedUs: number;
}

/** What a peer did in all rounds of one setting, or why it could not. */
export interface Outcome {
  readonly peer: string;
  readonly slices: readonly Slice[];
  readonly fault?: string;
}

export async function alternate<Server extends { readonly peer: Peer }>(
  servers: readonly Server[],
  rounds: number,
  slice: (server: Server) => Promise<Slice>,
  faults: Map<string, string>,
): Promise<Outcome[]> {
  const slices = new Map<string, Slice[]>(servers.map(({ peer }) => [peer.name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const server of round % 2 === 0 ? servers : servers.toReversed()) {
      const { name } = server.peer;
      // A server that has been wrong once is not measured again: its numbers would mean nothing.
      if (faults.has(name)) continue;
      try {
        slices.get(name)?.push(await slice(server));
      } catch (error) {
        faults.set(name, error instanceof Error ? error.message : String(error));
      }
    }
  }
  return [...slices].map(([peer, slices]) => {
    const fault = faults.get(peer);
    return fault === undefined ? { peer, slices } : { peer, slices, fault };
  });
}

/** Runs the order and reads the server's CPU time around it: of all its processes. */
export async function measure(
  server: { readonly pids: readonly number[] },
  generator: GeneratorProcess,
  order: Order & { type: 'fanout' | 'echo' | 'rooms' },
): Promise<Slice> {
  const before = readCpuTimes(server.pids);
  const ran = await generator.run(order);
  const after = readCpuTimes(server.pids);
  return {
    ...ran,
    serverUs: after.totalUs - before.totalUs,
    serverUserTicks: after.userTicks - before.userTicks,
    serverSystemTicks: after.systemTicks - before.systemTicks,
    serverWaitedUs: after.waitedUs - before.waitedUs,
  };
}
