/** The processes of a bench: servers on core 0, load generators on core 1, each under our eye and ended with us. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Mode } from './servers/control.ts';
import type { Answer, Link, Order } from './generator/orders.ts';
import { NODE } from './paths.ts';
import type { Peer } from './peers.ts';

const START_MS = 15_000;
export const canPin: boolean = spawnSync('taskset', ['-c', '0,1', 'true']).status === 0;

export class ServerProcess {
  readonly peer: Peer;
  /** Its own, and those of its workers. */
  readonly pids: readonly number[];
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(peer: Peer, child: ChildProcess, pids: readonly number[], port: number) {
    this.peer = peer;
    this.#child = child;
    this.pids = pids;
    this.port = port;
  }

  static async start(peer: Peer, mode: Mode, link: Link = {}): Promise<ServerProcess> {
    const [command, ...args] = pinned(0, [...peer.command, mode, JSON.stringify(link)]);
    // The end of stdin tells the server that we are gone, however we went.
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      const line = await nextLine(child, `${peer.name} to listen`);
      const [word, port = 0, ...workers] = line
        .split(' ')
        .map((part, at) => (at === 0 ? part : Number(part)));
      if (child.pid === undefined || word !== 'listening' || !(Number(port) > 0))
        throw new Error(`${peer.name} says "${line}" instead of its port`);
      return new ServerProcess(peer, child, [child.pid, ...workers.map(Number)], Number(port));
    } catch (error) {
      await stopped(child);
      throw error;
    }
  }

  async collectGarbage(): Promise<void> {
    await this.#ask('collect');
  }

  /** How long its event loop stood still at most, in milliseconds, since it was asked the last time. */
  async takeLongestPauseMs(): Promise<number> {
    return Number(/^paused (\S+)/.exec(await this.#ask('paused'))?.[1]);
  }

  #ask(what: string): Promise<string> {
    const answered = nextLine(this.#child, `${this.peer.name} to answer "${what}"`);
    this.#child.stdin?.write(`${what}\n`);
    return answered;
  }

  stop(): Promise<void> {
    return stopped(this.#child);
  }
}

export class GeneratorProcess {
  readonly #child: ChildProcess;

  constructor() {
    const main = fileURLToPath(new URL('generator/main.ts', import.meta.url));
    const [command, ...args] = pinned(1, [NODE, main]);
    this.#child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  /** Rejects with the generator's reason if what came was not what was expected. */
  async ask(order: Order): Promise<Answer> {
    const child = this.#child;
    let onExit = (): void => {};
    const answer = await new Promise<Answer>((resolve, reject) => {
      onExit = () => reject(new Error('The load generator has ended'));
      child.once('exit', onExit).once('error', onExit);
      child.once('message', (message) => resolve(message as Answer));
      child.send(order);
    }).finally(() => child.off('exit', onExit).off('error', onExit));
    if (answer.type === 'failed') throw new Error(answer.reason);
    return answer;
  }

  stop(): Promise<void> {
    return stopped(this.#child);
  }
}

export function pinned(core: number, command: readonly string[]): [string, ...string[]] {
  const [program = '', ...args] = command;
  return canPin ? ['taskset', '-c', String(core), program, ...args] : [program, ...args];
}

function nextLine(child: ChildProcess, what: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => finish(new Error(`Waited ${START_MS / 1000} s for ${what}`)), START_MS);
    const onData = (chunk: Buffer): void => {
      text += chunk.toString();
      const end = text.indexOf('\n');
      if (end >= 0) finish(text.slice(0, end));
    };
    const onExit = (): void => finish(new Error(`The process ended while we waited for ${what}`));
    const finish = (result: string | Error): void => {
      clearTimeout(timer);
      child.stdout?.off('data', onData);
      child.off('exit', onExit).off('error', finish);
      if (typeof result === 'string') resolve(result);
      else reject(result);
    };
    child.stdout?.on('data', onData);
    child.on('exit', onExit).on('error', finish);
  });
}

function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
      resolve();
      return;
    }
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}
