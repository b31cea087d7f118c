/**
 * For how long do the heartbeats of 100,000 connections hold up the event loop? All are opened at once, the worst case, and
 * each rings once a period. No sockets: a ring sets the next one, as a heartbeat does.
 * `node --conditions=source test/timer-wheel.study.ts [timers] [periodMs]`
 */
import { Timer, TimerWheel } from '../src/transport/clock.ts';

const [timers = 100_000, periodMs = 2_000] = process.argv.slice(2).map(Number);
const PERIODS = 5;
const wheel = new TimerWheel();
let rings = 0;
/** CPU time of the main thread in one turn, so that other programs on the machine are no part of it. */
let longestMs = 0;
const owner = {
  onTimer(timer: Timer, now: number): void {
    rings += 1;
    wheel.set(timer, now + periodMs);
  },
};

const opened = performance.now();
const all = Array.from({ length: timers }, () => new Timer(owner));
for (const timer of all) wheel.set(timer, wheel.now() + periodMs);
console.log(`${timers} timers set in ${(performance.now() - opened).toFixed(1)} ms`);

const end = performance.now() + PERIODS * periodMs;
let before = spentMs();
function look(): void {
  const now = spentMs();
  longestMs = Math.max(longestMs, now - before);
  before = now;
  if (performance.now() < end) setImmediate(look);
  else console.log(`${rings} rings; the longest turn took ${longestMs.toFixed(2)} ms of CPU time`);
}
look();

function spentMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
