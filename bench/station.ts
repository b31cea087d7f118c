/** A peer at work: its servers, and a load generator of its own that holds the clients. Stations that rest cost nothing. */
import type { Link, Ran, Traffic } from './generator/orders.ts';
import type { Peer } from './peers.ts';
import { type CpuTime, readCpuTimes } from './proc.ts';
import { GeneratorProcess, ServerProcess } from './processes.ts';
import type { Mode } from './servers/control.ts';

/** One peer's part of one round. */
export interface Slice extends Ran {
  readonly serverUs: number;
  readonly serverUserTicks: number;
  readonly serverSystemTicks: number;
  /** Time that the server lost to other processes on its core. */
  readonly serverWaitedUs: number;
  /** Of `serverUs`, what the process took that took most. */
  readonly busiestUs: number;
}

export class Station {
  readonly peer: Peer;
  readonly servers: readonly ServerProcess[];
  readonly pids: readonly number[];
  readonly #generator = new GeneratorProcess();
  readonly #link: Link;

  private constructor(peer: Peer, servers: readonly ServerProcess[], link: Link) {
    this.peer = peer;
    this.servers = servers;
    this.pids = servers.flatMap(({ pids }) => pids);
    this.#link = link;
  }

  static async start(peer: Peer, mode: Mode, link: Link = {}, servers = 1): Promise<Station> {
    const started: ServerProcess[] = [];
    try {
      while (started.length < servers) started.push(await ServerProcess.start(peer, mode, link));
      return new Station(peer, started, link);
    } catch (error) {
      await Promise.all(started.map((server) => server.stop()));
      throw error;
    }
  }

  /**
   * Without its clients a station is of no use: when they cannot come, it stops.
   * @param count how many clients each server gets, beside those that it has
   */
  async open(count: number): Promise<void> {
    const { dialect } = this.peer;
    try {
      for (const { port } of this.servers)
        await this.#generator.ask({ type: 'open', port, count, dialect, link: this.#link });
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#generator.ask({ type: 'close' });
  }

  /** The last client reads no more. */
  async stall(): Promise<void> {
    await this.#generator.ask({ type: 'stall' });
  }

  async takeHeartbeats(): Promise<number> {
    const answer = await this.#generator.ask({ type: 'heartbeats' });
    if (answer.type !== 'heartbeats') throw new Error(`The generator answers "${answer.type}"`);
    return answer.count;
  }

  async collectGarbage(): Promise<void> {
    for (const server of this.servers) await server.collectGarbage();
  }

  /** How long an event loop stood still at most, since the last time; the first time, watching begins. */
  async takeLongestPauseMs(): Promise<number> {
    let longest = 0;
    for (const server of this.servers) longest = Math.max(longest, await server.takeLongestPauseMs());
    return longest;
  }

  /** Rejects with the generator's reason if what came was not what was expected. */
  async run(traffic: Traffic): Promise<Slice> {
    const before = readCpuTimes(this.pids);
    const ran = await this.#generator.ask(traffic);
    const after = readCpuTimes(this.pids);
    if (ran.type !== 'ran') throw new Error(`The generator answers "${ran.type}" to "${traffic.type}"`);
    const spent = (part: keyof CpuTime): number[] =>
      after.map((time, at) => time[part] - (before[at]?.[part] ?? NaN));
    return {
      ...ran,
      serverUs: sum(spent('totalUs')),
      serverUserTicks: sum(spent('userTicks')),
      serverSystemTicks: sum(spent('systemTicks')),
      serverWaitedUs: sum(spent('waitedUs')),
      busiestUs: Math.max(...spent('totalUs')),
    };
  }

  async stop(): Promise<void> {
    await Promise.all([this.#generator.stop(), ...this.servers.map((server) => server.stop())]);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
