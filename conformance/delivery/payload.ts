/** What stands behind the number of an event: nothing, texts, bytes, short or long, always the same for the same number. */
import { isDeepStrictEqual } from 'node:util';
import { Die } from '../die.ts';

export function payloadOf(id: number): unknown[] {
  const die = new Die(id);
  die.below(2); // numbers in a row begin alike
  const length = die.one([1, 10, 10, 100, 100, 3_000]);
  const text = 'é'.repeat(length);
  const bytes = Buffer.alloc(length, id % 256);
  return die.one([[], [{ text }], [text], [bytes], [{ list: [bytes, text] }, bytes]]);
}

/** @param args what a client heard behind the number; at the end, the server's position of the event */
export function isPayload(id: number, args: readonly unknown[]): boolean {
  return typeof args.at(-1) === 'string' && isDeepStrictEqual(args.slice(0, -1), payloadOf(id));
}
