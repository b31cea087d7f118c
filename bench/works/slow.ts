/** One of 500 clients stops reading. What does it cost the server, and the others? */
import type { Shape } from '../generator/orders.ts';
import { FLOOR, type Peer } from '../peers.ts';
import { readRss } from '../proc.ts';
import type { Settings } from '../settings.ts';
import { type Slice, Station } from '../station.ts';

const SOCKETS = 500;
const IN_FLIGHT = 4;
const SHAPE: Shape = { kind: 'text', payloadBytes: 16 * 1024 };
/** Until so much has been sent to each, in bytes: far more than any buffer between two processes holds. */
const SENT_BYTES = 60_000_000;
const MAX_SLICES = 400;

export interface SlowResult {
  readonly work: 'slow';
  readonly outcomes: readonly SlowOutcome[];
}

export interface SlowOutcome {
  readonly peer: string;
  /** Of the others, in milliseconds, and the server's CPU time for each delivery in microseconds: before, and with it. */
  readonly p99: readonly [before: number, after: number];
  readonly cpuUs: readonly [before: number, after: number];
  /** Bytes that the server holds more than before. */
  readonly grownBytes: number;
  readonly sentBytes: number;
  readonly fault?: string;
}

export async function runSlow(peers: readonly Peer[], settings: Settings): Promise<SlowResult> {
  const outcomes: SlowOutcome[] = [];
  for (const peer of peers.filter(({ name }) => name !== FLOOR)) {
    process.stderr.write(`slow: ${SOCKETS} sockets, ${peer.name} …\n`);
    try {
      outcomes.push(await measureOne(peer, settings));
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      outcomes.push({ peer: peer.name, p99: [0, 0], cpuUs: [0, 0], grownBytes: 0, sentBytes: 0, fault });
    }
  }
  return { work: 'slow', outcomes };
}

async function measureOne(peer: Peer, { sliceMs }: Settings): Promise<SlowOutcome> {
  const station = await Station.start(peer, 'fanout');
  const slice = (): Promise<Slice> =>
    station.run({ type: 'fanout', inFlight: IN_FLIGHT, ms: sliceMs, shape: SHAPE });
  try {
    await station.open(SOCKETS);
    await slice();
    const before = await slice();
    await station.collectGarbage();
    const heldBefore = readRss(station.pids);
    await station.stall();
    let after = before;
    let sentBytes = 0;
    for (let count = 0; sentBytes < SENT_BYTES && count < MAX_SLICES; count++) {
      after = await slice();
      sentBytes += after.bytes / (SOCKETS - 1);
    }
    await station.collectGarbage();
    return {
      peer: peer.name,
      p99: [before.latencyMs.p99, after.latencyMs.p99],
      cpuUs: [before.serverUs / before.deliveries, after.serverUs / after.deliveries],
      grownBytes: readRss(station.pids) - heldBefore,
      sentBytes,
    };
  } finally {
    await station.stop();
  }
}
