/** Content codings of HTTP answers (RFC 9110 §8.4.1): which one a client wants, and making it. */
import { deflate, gzip } from 'node:zlib';
import type { ResolvedCompression } from '../http-options.ts';

/**
 * Chooses by `Accept-Encoding`: the one with the greatest weight (§12.5.3); of equals the one that is named before the
 * one that `*` stands for, then the first of `available`.
 */
export function chooseCoding<T extends string>(header: unknown, available: readonly T[]): T | undefined {
  const weights = weightsOf(typeof header === 'string' ? header : '');
  const weighed = available.map((coding) => {
    const named = weights.get(coding);
    return { coding, weight: named ?? weights.get('*') ?? 0, isNamed: named === undefined ? 0 : 1 };
  });
  return weighed
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight || other.isNamed - one.isNamed)[0]?.coding;
}

function weightsOf(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const element of header.toLowerCase().split(',')) {
    const [coding = '', ...parameters] = element.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => /^q\s*=/.test(parameter))?.split('=')[1];
    if (coding !== '') weights.set(coding, weight === undefined ? 1 : Number(weight) || 0);
  }
  return weights;
}

/**
 * Compresses as the client wants it, beside the event loop.
 *
 * @returns false if it wants none; else `send` is called later
 */
export function compress(
  payload: Buffer,
  accepted: unknown,
  options: ResolvedCompression,
  send: (payload: Buffer, coding: 'gzip' | 'deflate' | undefined) => void,
): boolean {
  const coding = chooseCoding(accepted, ['gzip', 'deflate']);
  if (coding === undefined) return false;
  const { threshold: _, ...zlibOptions } = options;
  (coding === 'gzip' ? gzip : deflate)(payload, zlibOptions, (error, packed) =>
    error === null ? send(packed, coding) : send(payload, undefined),
  );
  return true;
}
