/** What a connection costs that comes and goes: all connect, all are reset, all connect again. */
import type { Peer } from '../peers.ts';
import { readCpuTime } from '../proc.ts';
import { GeneratorProcess, ServerProcess } from '../processes.ts';
import type { Settings } from '../settings.ts';

const SETTLE_MS = 300;

export interface StormResult {
  readonly work: 'storm';
  readonly sockets: number;
  readonly outcomes: readonly StormOutcome[];
}

export interface StormOutcome {
  readonly peer: string;
  /** CPU time of the server for each connection, in microseconds, one for each round. */
  readonly opening: readonly number[];
  readonly closing: readonly number[];
  readonly fault?: string;
}

export async function runStorm(peers: readonly Peer[], settings: Settings): Promise<StormResult> {
  const sockets = settings.stormSockets;
  const generator = new GeneratorProcess();
  const servers: ServerProcess[] = [];
  const outcomes = new Map(
    peers.map(({ name }) => [name, { opening: [] as number[], closing: [] as number[] }]),
  );
  const faults = new Map<string, string>();
  try {
    for (const peer of peers) servers.push(await ServerProcess.start(peer, 'echo'));
    // The first two are for compilers.
    for (let round = -2; round < settings.rounds; round++) {
      for (const server of round % 2 === 0 ? servers : servers.toReversed()) {
        const { name } = server.peer;
        process.stderr.write(`storm: ${sockets} sockets, ${name} …\n`);
        if (faults.has(name)) continue;
        try {
          const { opening, closing } = await measureOne(server, generator, sockets);
          if (round < 0) continue;
          outcomes.get(name)?.opening.push(opening);
          outcomes.get(name)?.closing.push(closing);
        } catch (error) {
          faults.set(name, error instanceof Error ? error.message : String(error));
        }
      }
    }
  } finally {
    await Promise.all([generator.stop(), ...servers.map((server) => server.stop())]);
  }
  return {
    work: 'storm',
    sockets,
    outcomes: [...outcomes].map(([peer, spent]) => {
      const fault = faults.get(peer);
      return fault === undefined ? { peer, ...spent } : { peer, ...spent, fault };
    }),
  };
}

async function measureOne(
  server: ServerProcess,
  generator: GeneratorProcess,
  count: number,
): Promise<{ opening: number; closing: number }> {
  const { port, peer, pid } = server;
  const spent = (): number => readCpuTime(pid).totalUs;
  const atFirst = spent();
  await generator.ask({ type: 'open', group: peer.name, port, count, dialect: peer.dialect, link: {} });
  const opened = spent();
  await generator.ask({ type: 'close', group: peer.name });
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return { opening: (opened - atFirst) / count, closing: (spent() - opened) / count };
}
