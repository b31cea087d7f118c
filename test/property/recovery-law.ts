/** The law of recovery: whatever happens, each client hears what is for it once and in order, or is told that it begins anew. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { SqliteLog } from 'websockets.io/history/sqlite';
import type { HistoryLog } from '../../src/history/history-log.ts';
import { MemoryLog } from '../../src/history/memory-log.ts';
import { stepsOf, type Step } from './recovery-steps.ts';
import { World, type WorldOptions } from './recovery-world.ts';
import { SurvivingLog } from './watched-log.ts';

export type LogKind = 'memory' | 'surviving' | 'sqlite';

/** @throws {Error} with the shortest story that breaks the law, and its seed */
export async function checkRecovery(
  kind: LogKind,
  { runs, seed }: { runs: number; seed?: number | undefined },
): Promise<void> {
  const options = fc.record({
    clients: fc.integer({ min: 1, max: 4 }),
    polling: fc.boolean(),
    keepsAll: fc.boolean(),
    maxEvents: fc.constantFrom(2, 5, 20, 300),
    hasDoor: fc.boolean(),
  });
  const property = fc.asyncProperty(options, stepsOf(kind !== 'memory'), async (options, steps) =>
    withLog(kind, (openLog) => live({ ...options, openLog }, steps)),
  );
  await fc.assert(property, { numRuns: runs, ...(seed === undefined ? {} : { seed }) });
}

async function live(options: WorldOptions, steps: readonly Step[]): Promise<void> {
  const world = new World(options);
  try {
    for (const client of world.clients) world.comeBack(client);
    for (const { act, endsTurn } of steps) {
      await act(world);
      if (endsTurn) world.endTurn();
      world.check();
    }
    await world.settle();
  } finally {
    world.close();
  }
}

async function withLog(kind: LogKind, use: (openLog: () => HistoryLog) => Promise<void>): Promise<void> {
  if (kind === 'memory') {
    await use(() => new MemoryLog());
  } else if (kind === 'surviving') {
    const log = new SurvivingLog();
    await use(() => log);
  } else {
    const folder = mkdtempSync(join(tmpdir(), 'recovery-'));
    try {
      await use(() => new SqliteLog(join(folder, 'history.db')));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}
