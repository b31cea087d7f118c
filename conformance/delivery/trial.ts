/** One trial: a server that dies now and then, a rough road to it, some clients; and the verdict on what they heard. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Die } from '../die.ts';
import { readDeeds } from './deeds.ts';
import { judge, type Verdict } from './judge.ts';
import { Listener, type Mode } from './listener.ts';
import { RoughRoad } from './rough-road.ts';
import type { ServerKind, ServerSettings } from './server.ts';

export interface TrialSettings {
  readonly seed: number;
  readonly kind: ServerKind;
  readonly listeners: number;
  readonly ms: number;
  readonly kills: number;
  /** Events that the server keeps. */
  readonly maxEvents?: number;
}

export interface Outcome extends Verdict {
  /** How often clients came back into their sessions, and how often they had to begin anew. */
  readonly recovered: number;
  readonly anew: number;
  readonly garbled: number;
  /** Clients that did not hear the last event. */
  readonly silent: readonly string[];
}

const MODES: readonly Mode[] = ['websocket', 'polling', 'upgrade'];
const PATIENCE_MS = 20_000;

export async function runTrial(settings: TrialSettings): Promise<Outcome> {
  const { seed, kind, kills, ms, maxEvents = 100_000 } = settings;
  const folder = await mkdtemp(join(tmpdir(), 'delivery-'));
  const die = new Die(seed);
  const road = new RoughRoad(seed);
  const port = await road.listen();
  let server = await start({ kind, folder, seed, life: 1, maxEvents }, road);
  const listeners = Array.from({ length: settings.listeners }, (_, index) => {
    const mode = MODES[index % MODES.length] ?? 'upgrade';
    return new Listener(`${mode} ${index}`, mode, port, new Die(seed * 100 + index));
  });
  try {
    for (let life = 2; life <= kills + 1; life += 1) {
      await wait((ms / (kills + 1)) * (0.5 + die.below(100) / 100));
      road.target = undefined;
      await end(server);
      await wait(die.below(300));
      server = await start({ kind, folder, seed, life, maxEvents }, road);
    }
    await wait(ms / (kills + 1));
    road.calm();
    for (const listener of listeners) listener.hush();
    const silent = await fence(server, listeners);
    const sum = (of: (listener: Listener) => number): number =>
      listeners.reduce((total, listener) => total + of(listener), 0);
    return {
      ...judge(readDeeds(join(folder, 'deeds')), listeners),
      recovered: sum((listener) => listener.recovered),
      anew: sum((listener) => listener.anew),
      garbled: sum((listener) => listener.garbled.length),
      silent: silent.map(({ name }) => name),
    };
  } finally {
    for (const listener of listeners) listener.close();
    await end(server);
    await road.close();
    await rm(folder, { recursive: true });
  }
}

/** What no server may do, in words; empty if all is well. */
export function failuresOf({ counts, examples, garbled, silent }: Outcome): string[] {
  const failures = Object.entries(counts).flatMap(([failure, count]) =>
    count === 0 ? [] : [`${count} ${failure}`],
  );
  if (garbled > 0) failures.push(`${garbled} garbled`);
  if (silent.length > 0) failures.push(`never heard again of ${silent.join(', ')}`);
  return failures.length === 0 ? [] : [...failures, ...examples];
}

async function start(settings: ServerSettings, road: RoughRoad): Promise<ChildProcess> {
  const server = fork(join(import.meta.dirname, 'server.ts'), [JSON.stringify(settings)], {
    execArgv: ['--conditions=source'],
  });
  const [message] = (await once(server, 'message')) as [{ port: number }];
  road.target = message.port;
  return server;
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  server.kill('SIGKILL');
  await exited;
}

/** The last word, again and again until everybody has heard it. @returns who has not */
async function fence(server: ChildProcess, listeners: readonly Listener[]): Promise<Listener[]> {
  const deadline = performance.now() + PATIENCE_MS;
  server.send('fence');
  const [message] = (await once(server, 'message')) as [{ fence: number }];
  for (;;) {
    const silent = listeners.filter((listener) => !listener.hasHeard(message.fence));
    if (silent.length === 0 || performance.now() > deadline) return silent;
    await wait(100);
    server.send('fence');
  }
}
