/**
 * For how long do the heartbeats of 100,000 connections hold up the event loop? All are opened at once, the worst case, and
 * each rings once a period. No sockets: a ring sets the next one, as a heartbeat does.
 * `node --conditions=source bench/studies/timer-wheel.ts [timers] [periodMs]`
 */
import { Timer, TimerWheel } from '../../src/transport/clock.ts';

const [timers = 100_000, periodMs = 2_000] = process.argv.slice(2).map(Number);
const PERIODS = 5;
const wheel = new TimerWheel();
let rings = 0;
/** Between two turns of the event loop, while there are some that ring. */
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

let before = performance.now();
const end = before + PERIODS * periodMs;
function look(): void {
  const now = performance.now();
  longestMs = Math.max(longestMs, now - before);
  before = now;
  if (now < end) setImmediate(look);
  else console.log(`${rings} rings; the longest turn of the event loop took ${longestMs.toFixed(2)} ms`);
}
setTimeout(() => {
  before = performance.now();
  look();
}, periodMs / 2);
