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

/** Of several processes together. */
export function readCpuTimes(pids: readonly number[]): CpuTime {
  const times = pids.map(readCpuTime);
  const sum = (part: keyof CpuTime): number => times.reduce((total, time) => total + time[part], 0);
  return {
    totalUs: sum('totalUs'),
    userTicks: sum('userTicks'),
    systemTicks: sum('systemTicks'),
    waitedUs: sum('waitedUs'),
  };
}

function readSchedule(task: string): { ranNs: number; waitedNs: number } {
  const [ranNs = 0, waitedNs = 0] = readFileSync(`/proc/${task}/schedstat`, 'utf8').split(' ').map(Number);
  return { ranNs, waitedNs };
}

/** Resident memory in bytes. */
export function readRss(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}
