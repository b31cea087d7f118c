/** The WebSocket codec without sockets: CPU time per message, each side in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CASES, type Pass } from '../codec/cases.ts';
import type { CodecAnswer } from '../codec/main.ts';
import { type Side, SIDES } from '../codec/sides.ts';
import { hasHelpers, HELPERS } from '../peers.ts';
import { pinned } from '../processes.ts';
import type { Settings } from '../settings.ts';

export interface CodecOutcome {
  readonly peer: Side;
  readonly passes: readonly Pass[];
  readonly fault?: string;
}
export interface CodecResult {
  readonly work: 'codec';
  readonly name: string;
  readonly outcomes: readonly CodecOutcome[];
}

/** The sides that are here, and a line for one that is not. */
export function findSides(): { sides: readonly Side[]; absent: readonly string[] } {
  if (hasHelpers()) return { sides: SIDES, absent: [] };
  const absent = [`ws + bufferutil is left out: ${HELPERS.join(' or ')} is not installed`];
  return { sides: SIDES.filter((side) => side !== 'ws + bufferutil'), absent };
}

export async function runCodec(settings: Settings): Promise<CodecResult[]> {
  const { sides } = findSides();
  const processes = new Map<Side, ChildProcess>();
  const ms = Math.max(20, settings.sliceMs / 10);
  const results: CodecResult[] = [];
  try {
    for (const side of sides) processes.set(side, await start(side, settings.node));
    for (const [index, { name }] of CASES.entries()) {
      process.stderr.write(`codec: ${name} …\n`);
      const passes = new Map<Side, Pass[]>(sides.map((side) => [side, []]));
      const faults = new Map<Side, string>();
      // The first round is not counted: compilers warm up.
      for (let round = -1; round < settings.rounds; round++) {
        for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
          const child = processes.get(side);
          if (child === undefined || faults.has(side)) continue;
          const answer = await ask(child, index, round < 0 ? ms * 3 : ms);
          if ('fault' in answer) faults.set(side, answer.fault);
          else if (round >= 0) passes.get(side)?.push(answer);
        }
      }
      const outcomes = [...passes].map(([peer, passes]) => {
        const fault = faults.get(peer);
        return fault === undefined ? { peer, passes } : { peer, passes, fault };
      });
      results.push({ work: 'codec', name, outcomes });
    }
  } finally {
    for (const child of processes.values()) child.kill('SIGKILL');
  }
  return results;
}

async function start(side: Side, node: string): Promise<ChildProcess> {
  const main = fileURLToPath(new URL('../codec/main.ts', import.meta.url));
  const [command, ...args] = pinned(0, [node, '--conditions=source', main, side]);
  const helpers = side === 'ws + bufferutil';
  const without = helpers ? {} : { WS_NO_BUFFER_UTIL: '1', WS_NO_UTF_8_VALIDATE: '1' };
  const child = spawn(command, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...without },
  });
  await nextMessage(child);
  return child;
}

async function ask(child: ChildProcess, index: number, ms: number): Promise<CodecAnswer> {
  const answered = nextMessage(child);
  child.send({ index, ms });
  return (await answered) as CodecAnswer;
}

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error('A codec process ended while we waited for it'));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message);
    });
  });
}
