/** Pages: several ordered lists read as one, up to a limit. */
import { type LogEntry, type PageLimits, sizeOf } from './history-log.ts';

/** What is in any of the lists, each once, in their order. Lists are few: a client's rooms. */
export function* merged<Item>(
  lists: readonly Iterator<Item, void>[],
  isBefore: (one: Item, other: Item) => boolean,
): Generator<Item, void> {
  const heads = lists.map((list) => list.next());
  while (true) {
    let first: Item | undefined;
    for (const { done, value } of heads) {
      if (done !== true && (first === undefined || isBefore(value, first))) first = value;
    }
    if (first === undefined) return;
    yield first;
    for (const [at, { done, value }] of heads.entries()) {
      const list = lists[at];
      if (done !== true && list !== undefined && !isBefore(first, value)) heads[at] = list.next();
    }
  }
}

export interface Cut {
  readonly page: LogEntry[];
  /** Whether there are no more. */
  readonly isLast: boolean;
}

export function cutPage(entries: Iterable<LogEntry>, { maxEntries, maxBytes }: PageLimits): Cut {
  const page: LogEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    bytes += sizeOf(entry);
    if (page.length > 0 && (page.length >= maxEntries || bytes > maxBytes)) return { page, isLast: false };
    page.push(entry);
  }
  return { page, isLast: true };
}
