/** What every server process does besides serving: says where it listens, answers its parent, and ends with it. */
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Link } from '../generator/orders.ts';

/** What a server does with a message: to everyone, back to its sender, or as the answer to it. */
export type Mode = 'fanout' | 'echo' | 'ack';

export const mode: Mode = process.argv[2] === 'echo' ? 'echo' : process.argv[2] === 'ack' ? 'ack' : 'fanout';
/** What is particular about the connections. */
export const link: Link = JSON.parse(process.argv.slice(2).at(-1) ?? '{}') as Link;
/** Whether it compresses what it sends, where that is large enough by its own default. */
export const deflate: boolean = link.deflate === true;
export const certificate: { key: Buffer; cert: Buffer } | undefined =
  link.tls === undefined
    ? undefined
    : { key: readFileSync(`${link.tls}/key.pem`), cert: readFileSync(`${link.tls}/cert.pem`) };

/** No heartbeat falls into a measurement that is not about heartbeats. For all alike: the bare peers have none. */
export const pingInterval: number = link.heartbeats === true ? 25_000 : 3_600_000;
export const transports: ['polling'] | ['websocket'] = link.polling === true ? ['polling'] : ['websocket'];

/** Finer would be work of its own. */
const PAUSE_RESOLUTION_MS = 10;
let pauses: ReturnType<typeof monitorEventLoopDelay> | undefined;

/** @param collect frees what can be freed, so that memory is compared and not the moment of a collection */
export function announce(port: number, collect: () => void): void {
  process.stdin.on('data', (command: Buffer) => {
    if (command.toString() === 'paused\n') {
      process.stdout.write(`paused ${takeLongestPauseMs()}\n`);
      return;
    }
    collect();
    process.stdout.write('collected\n');
  });
  process.stdin.on('end', () => process.exit());
  process.stdout.write(`listening ${port}\n`);
}

/** For Node, run with --expose-gc. */
export function collectNodeGarbage(): void {
  globalThis.gc?.();
}

/** Since the last time; the first time, watching begins. */
function takeLongestPauseMs(): number {
  if (pauses === undefined) {
    pauses = monitorEventLoopDelay({ resolution: PAUSE_RESOLUTION_MS });
    pauses.enable();
    return 0;
  }
  const longest = pauses.max / 1e6 - PAUSE_RESOLUTION_MS;
  pauses.reset();
  return longest;
}
