/**
 * What does it cost when 1,000 clients come back at once, each to 200 events that it has missed? Beside it, the same clients
 * new, to nothing. `node --conditions=source bench/studies/history-storm.ts [rounds] [folder]`; docs/decisions/012-history.md has a run.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeMasked, formatUpgrade, takeText } from '../generator/frames.ts';
import { NODE } from '../paths.ts';
import { readCpuTimes } from '../proc.ts';
import { ServerProcess } from '../processes.ts';
import { median } from '../statistics.ts';
import { WAYS } from './history-server.ts';

const CLIENTS = 1_000;
const MISSED = 200;
/** A server that has lost all clients notes so at once; then it rests. */
const SETTLE_MS = 500;
const STUCK_MS = 30_000;
const FILLER = 'x'.repeat(50);
const server = fileURLToPath(new URL('history-server.ts', import.meta.url));
const [rounds = 7] = process.argv.slice(2, 3).map(Number);
const folder = mkdtempSync(join(process.argv[3] ?? tmpdir(), 'history-storm-'));

/** As much of an official client as it takes: it remembers who it is and what it has heard last. */
class Client {
  #pid: string | undefined;
  #position = '';
  #tcp: Socket | undefined;
  #rest: Buffer = Buffer.alloc(0);
  #isUpgraded = false;
  #heard = 0;
  #until = Infinity;
  #onDone: () => void = () => {};

  /** Resolves once the client is in and has heard the events from `first` up to `until`, in order and each once. */
  open(port: number, first: number, until: number): Promise<void> {
    this.#rest = Buffer.alloc(0);
    this.#isUpgraded = false;
    this.#heard = first;
    this.#until = until;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`A client has heard ${this.#heard} of ${until}`)),
        STUCK_MS,
      );
      const tcp = connect({ host: '127.0.0.1', port, noDelay: true });
      this.#tcp = tcp;
      this.#onDone = () => {
        clearTimeout(timer);
        resolve();
      };
      tcp.on('error', reject).on('data', (chunk: Buffer) => {
        try {
          this.#read(chunk);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
      tcp.write(formatUpgrade(port, 'socket.io', {}, 0));
    });
  }

  /** Resolves once it has heard them. */
  hear(until: number): Promise<void> {
    this.#until = until;
    return new Promise((resolve) => {
      this.#onDone = resolve;
      this.#checkDone();
    });
  }

  say(text: string): void {
    this.#tcp?.write(encodeMasked(Buffer.from(text)));
  }

  lose(): void {
    this.#tcp?.resetAndDestroy();
  }

  #read(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (!this.#isUpgraded) {
      const end = this.#rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.#isUpgraded = true;
      this.#rest = this.#rest.subarray(end + 4);
    }
    for (let taken = takeText(this.#rest); taken !== undefined; taken = takeText(this.#rest)) {
      this.#rest = taken.rest;
      this.#take(taken.text);
    }
  }

  #take(text: string): void {
    if (text.startsWith('0{')) {
      this.say(
        this.#pid === undefined ? '40' : `40${JSON.stringify({ pid: this.#pid, offset: this.#position })}`,
      );
    } else if (text.startsWith('40{')) {
      const { pid } = JSON.parse(text.slice(2)) as { pid: string };
      if (this.#pid !== undefined && pid !== this.#pid) throw new Error('A client was not recovered');
      this.#pid = pid;
    } else {
      const [, data = '', position = ''] = JSON.parse(text.slice(2)) as string[];
      if (Number.parseInt(data, 10) !== this.#heard)
        throw new Error(`Got "${text}" in the place of ${this.#heard}`);
      this.#heard += 1;
      this.#position = position;
    }
    this.#checkDone();
  }

  #checkDone(): void {
    if (this.#pid !== undefined && this.#heard === this.#until) this.#onDone();
    if (this.#heard > this.#until) throw new Error(`A client got event ${this.#heard}, one too many`);
  }
}

interface Storm {
  readonly cpuUs: number;
  readonly pauseMs: number;
  readonly wallMs: number;
}

async function measure(process: ServerProcess, work: () => Promise<void>): Promise<Storm> {
  const spent = (): number => readCpuTimes(process.pids).reduce((sum, { totalUs }) => sum + totalUs, 0);
  await process.takeLongestPauseMs();
  const [cpu, start] = [spent(), performance.now()];
  await work();
  const [cpuUs, wallMs] = [(spent() - cpu) / CLIENTS, performance.now() - start];
  return { cpuUs, wallMs, pauseMs: await process.takeLongestPauseMs() };
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
}

async function study(way: string): Promise<void> {
  const command = [NODE, '--expose-gc', '--conditions=source', server, way, folder];
  const process = await ServerProcess.start(
    { name: way, version: '', dialect: 'socket.io', command },
    'fanout',
  );
  const { port } = process;
  try {
    const [fresh, back]: [Storm[], Storm[]] = [[], []];
    const speaker = new Client();
    let said = 0;
    await speaker.open(port, 0, 0);
    const say = (count: number): Promise<void> => {
      for (let nth = 0; nth < count; nth += 1) speaker.say(`42["m","${said + nth} ${FILLER}"]`);
      said += count;
      return speaker.hear(said);
    };
    // The first two are for compilers.
    for (let round = -2; round < rounds; round += 1) {
      const clients = Array.from({ length: CLIENTS }, () => new Client());
      const opened = await measure(process, async () => {
        await Promise.all(clients.map((client) => client.open(port, said, said)));
      });
      const first = said + 1;
      const heard = clients.map((client) => client.hear(first));
      await say(1);
      await Promise.all(heard);
      for (const client of clients) client.lose();
      await settle();
      await say(MISSED);
      await process.collectGarbage();
      const returned = await measure(process, async () => {
        await Promise.all(clients.map((client) => client.open(port, first, first + MISSED)));
      });
      for (const client of clients) client.lose();
      await settle();
      if (round < 0) continue;
      fresh.push(opened);
      back.push(returned);
    }
    console.log(`${way}:`);
    show('new', fresh);
    show(`back to ${MISSED} events`, back);
  } finally {
    await process.stop();
  }
}

function show(what: string, storms: readonly Storm[]): void {
  const of = (part: keyof Storm): number[] => storms.map((storm) => storm[part]);
  console.log(
    `  ${what}: ${median(of('cpuUs')).toFixed(0)} µs of CPU a client; all are in after ${median(of('wallMs')).toFixed(0)} ms; ` +
      `longest pause of the loop ${median(of('pauseMs')).toFixed(0)} ms, at most ${Math.max(...of('pauseMs')).toFixed(0)}`,
  );
}

try {
  for (const way of Object.keys(WAYS).slice(1, 3)) await study(way);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
