/** What Linux knows of a process, read from outside: the same measure for every server, whatever it is written in. */
import { readdirSync, readFileSync } from 'node:fs';

export interface CpuTime {
  /** User and system, in microseconds: the scheduler's own count, to the nanosecond. */
  readonly totalUs: number;
  /** The two apart, in clock ticks of 10 ms: too coarse for one round, good for the split over all. */
  readonly userTicks: number;
  readonly systemTicks: number;
  /** Time in which the main thread could have run but something else had the core. */
  readonly waitedUs: number;
}

export function readCpuTime(pid: number): CpuTime {
  let ranNs = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    ranNs += readSchedule(`${pid}/task/${task}`).ranNs;
  }
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name and may hold spaces: count from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    totalUs: ranNs / 1000,
    waitedUs: readSchedule(String(pid)).waitedNs / 1000,
    userTicks: Number(fields[11]),
    systemTicks: Number(fields[12]),
  };
}

export function readCpuTimes(pids: readonly number[]): CpuTime[] {
  return pids.map(readCpuTime);
}

function readSchedule(task: string): { ranNs: number; waitedNs: number } {
  const [ranNs = 0, waitedNs = 0] = readFileSync(`/proc/${task}/schedstat`, 'utf8').split(' ').map(Number);
  return { ranNs, waitedNs };
}

/** Resident memory of these processes, in bytes. */
export function readRss(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => readNumber(`/proc/${pid}/status`, /^VmRSS:\s+(\d+) kB/m));
  return kilobytes.reduce((a, b) => a + b, 0) * 1024;
}

/** What the kernel keeps for itself, in bytes: sockets of both ends of a connection on loopback are among it. */
export function readKernelMemory(): number {
  return readNumber('/proc/meminfo', /^Slab:\s+(\d+) kB/m) * 1024;
}

function readNumber(file: string, pattern: RegExp): number {
  return Number(pattern.exec(readFileSync(file, 'utf8'))?.[1]);
}
