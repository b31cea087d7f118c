import type { Message } from '../../shared/events.ts';

const MOST = 20;

const LINE_CHARS = 42;
const LINES = { narrow: 32, wide: 60 } as const;

/** How many of the newest messages are drawn first: they fill nearly any screen. What is above them is drawn next. */
export function countFirstRows(messages: readonly Message[], isNarrow: boolean): number {
  let left: number = isNarrow ? LINES.narrow : LINES.wide;
  let count = 0;
  for (const { body } of messages.toReversed()) {
    if (count === MOST || left <= 0) break;
    count += 1;
    for (const line of body.split('\n')) left -= Math.max(1, Math.ceil(line.length / LINE_CHARS));
  }
  return count;
}
