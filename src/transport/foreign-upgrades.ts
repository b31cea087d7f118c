/** Several handlers may listen for upgrades on one HTTP server, each for its own path. What nobody takes must end. */
import type { Duplex } from 'node:stream';
import { Timer, type TimerWheel } from './clock.ts';
import { debug } from './debug.ts';
import { endUpgrade } from './upgrade.ts';

/** On upgrades that one of our servers is dealing with. A weak set of them all would cost each garbage collection. */
const kClaimed: unique symbol = Symbol('claimed');
type Upgrading = Duplex & { [kClaimed]?: boolean };

/** Says that an upgrade is ours, and hears its errors until somebody else does. */
export function claimUpgrade(tcp: Upgrading): void {
  tcp[kClaimed] = true;
  tcp.on('error', onEarlyError);
}

/** Whether one of our servers has taken it: a second answer would be noise on the first one's connection. */
export function isClaimed(tcp: Upgrading): boolean {
  return tcp[kClaimed] === true;
}

/** From here on, somebody else hears its errors. */
export function handOver(tcp: Duplex): void {
  tcp.off('error', onEarlyError);
}

/**
 * Watches an upgrade for a path that is not ours.
 *
 * Because we listen for upgrades, Node leaves the connection to the listeners. If it is nobody's, nobody else hears its
 * errors, and one that nobody hears ends the process; nor does anybody end it.
 *
 * @param timeoutMs after which one that nobody has answered is ended; Infinity: never
 */
export function watchForeignUpgrade(
  tcp: Duplex & { bytesWritten?: number },
  wheel: TimerWheel,
  timeoutMs: number,
): void {
  tcp.on('error', onEarlyError);
  if (timeoutMs === Infinity) return;
  // Not 0 where the connection was kept from an earlier request.
  const writtenBefore = tcp.bytesWritten;
  const onTimer = (): void => {
    if (tcp.writable && tcp.bytesWritten === writtenBefore && !isClaimed(tcp)) endUpgrade(tcp);
  };
  wheel.set(new Timer({ onTimer }), wheel.now() + timeoutMs);
}

function onEarlyError(this: Duplex, error: Error): void {
  debug('TCP error before an upgrade: %s', error.message);
  this.destroy();
}
