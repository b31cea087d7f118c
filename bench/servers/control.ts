/** What every server process does besides serving: says where it listens, collects garbage on request, ends with its parent. */

export type Mode = 'fanout' | 'echo';

export const mode: Mode = process.argv[2] === 'echo' ? 'echo' : 'fanout';

/** No heartbeat falls into a measurement. For all alike: the bare peers have none. */
export const NO_HEARTBEAT_MS = 3_600_000;

/** @param collect frees what can be freed, so that memory is compared and not the moment of a collection */
export function announce(port: number, collect: () => void): void {
  process.stdin.on('data', () => {
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
