/** What every server process does besides serving: says where it listens, collects garbage on request, ends with its parent. */
import { readFileSync } from 'node:fs';
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
