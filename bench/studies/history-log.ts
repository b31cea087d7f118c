/**
 * What does it cost to keep an event, and to read it again? The log in memory beside the one in SQLite: µs per event for
 * commits of 1, 8 and 32, with trimming, and for pages of a log of 1,000,000 events.
 * `node --conditions=source bench/studies/history-log.ts [events] [folder]`
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryLog, type HistoryLog, type LogEntry, type LogStream } from 'websockets.io/history';
import { SqliteLog } from 'websockets.io/history/sqlite';

const [events = 1_000_000] = process.argv.slice(2, 3).map(Number);
const folder = mkdtempSync(join(process.argv[3] ?? tmpdir(), 'history-log-'));
const ROOMS = 1_000;
const PAGE = { maxEntries: 100, maxBytes: Infinity };
const TEXT = `2["chat message",{"from":"somebody","text":"${'x'.repeat(100)}"}]`;

function entriesFrom(first: number, count: number, manyRooms = ROOMS): LogEntry[] {
  return Array.from({ length: count }, (_, at): LogEntry => {
    const offset = first + at;
    const rooms = [`room ${(offset * 7_919) % manyRooms}`];
    return { offset, at: offset, rooms, except: [], shelf: '', messages: [TEXT] };
  });
}

interface Took {
  /** The µs of each step, sorted. */
  readonly wall: readonly number[];
  /** Of all, in µs. */
  readonly cpu: number;
}

/** Runs `step` for about so long. */
function time(ms: number, step: () => void): Took {
  const wall: number[] = [];
  const cpu = process.cpuUsage();
  const end = performance.now() + ms;
  for (let now = performance.now(); now < end;) {
    step();
    const after = performance.now();
    wall.push((after - now) * 1_000);
    now = after;
  }
  const { user, system } = process.cpuUsage(cpu);
  return { wall: wall.sort((a, b) => a - b), cpu: user + system };
}

function show(what: string, { wall, cpu }: Took, per: number): void {
  const quantile = (part: number): number => wall[Math.floor((wall.length - 1) * part)] ?? 0;
  const numbers = [cpu / wall.length / per, quantile(0.5), quantile(0.99), quantile(1)];
  const [each, middle, p99, max] = numbers.map((us) => us.toFixed(us < 100 ? 1 : 0));
  console.log(`  ${what}: ${each} µs of CPU each; a call takes ${middle} µs, p99 ${p99}, at most ${max}`);
}

function fill(stream: LogStream): void {
  const start = performance.now();
  while (stream.head < events) stream.commit({ entries: entriesFrom(stream.head + 1, 1_000), notes: [] });
  console.log(`  filled in ${((performance.now() - start) / 1_000).toFixed(1)} s`);
}

function studyCommits(stream: LogStream): void {
  for (const rooms of [1, ROOMS]) {
    for (const count of [1, 8, 32]) {
      const commit = (): void => {
        stream.commit({ entries: entriesFrom(stream.head + 1, count, rooms), notes: [] });
      };
      time(200, commit);
      show(`commit of ${count}, ${rooms} ${rooms === 1 ? 'room' : 'rooms'}`, time(1_000, commit), count);
    }
  }
}

function study(log: HistoryLog): void {
  const stream = log.open('/', 0);
  studyCommits(stream);
  const rule = { maxAgeMs: Infinity, maxEvents: 10_000, maxBytes: Infinity };
  const steady = (): void => {
    stream.commit({ entries: entriesFrom(stream.head + 1, 32), notes: [] });
    stream.trim('', rule, 0);
  };
  time(2_000, steady);
  show('commit of 32 and trim, 10,000 kept', time(1_500, steady), 32);
  fill(stream);
  const notes = (): void => {
    const key = `session ${Math.floor(Math.random() * 10_000)}`;
    const value = { sid: key, rooms: [key, 'room 1', 'room 2'], data: { user: 'somebody' } };
    stream.commit({ entries: [], notes: [{ kind: 'session', key, at: Infinity, value }] });
  };
  show('a note', time(1_000, notes), 1);
  for (const count of [1, 10, 1_000]) {
    const rooms = new Set(Array.from({ length: count }, (_, at) => `room ${at}`));
    let after = 0;
    const page = (): void => {
      const { through } = stream.since(after, { rooms, everybody: true }, PAGE);
      after = through >= stream.head ? 0 : through;
    };
    show(`since, a page of 100 of ${count} rooms`, time(1_000, page), 1);
    const before = (): void => void stream.before(stream.head, { rooms, everybody: true }, PAGE);
    show(`before, a page of 100 of ${count} rooms`, time(1_000, before), 1);
  }
}

try {
  console.log(`In memory, ${events} events:`);
  study(new MemoryLog());
  for (const synchronous of ['normal', 'full'] as const) {
    const file = join(folder, `${synchronous}.db`);
    console.log(`SQLite, synchronous ${synchronous}:`);
    const log = new SqliteLog(file, { synchronous });
    if (synchronous === 'normal') study(log);
    else studyCommits(log.open('/', 0));
    log.close();
    console.log(`  the file has ${(statSync(file).size / 2 ** 20).toFixed(0)} MiB`);
    const start = performance.now();
    const again = new SqliteLog(file);
    again.open('/', 0);
    console.log(`  opened in ${(performance.now() - start).toFixed(1)} ms`);
    again.close();
  }
} finally {
  rmSync(folder, { recursive: true });
}
