/** Pages: several ordered lists read as one, up to a limit. */
import { type LogEntry, type PageLimits, sizeOf } from './history-log.ts';

/** What is in any of the lists, each once, in their order. Quick for many lists: a client may be in a thousand rooms. */
export function* merged<Item>(
  lists: readonly Iterator<Item, void>[],
  isBefore: (one: Item, other: Item) => boolean,
): Generator<Item, void> {
  /** The first of each list, in their order backwards: the next of all is at the end. */
  const heads: { readonly item: Item; readonly list: Iterator<Item, void> }[] = [];
  const insertHead = (list: Iterator<Item, void>): void => {
    const { done, value: item } = list.next();
    if (done === true) return;
    let [low, high] = [0, heads.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const head = heads[middle];
      if (head !== undefined && isBefore(item, head.item)) low = middle + 1;
      else high = middle;
    }
    heads.splice(low, 0, { item, list });
  };
  for (const list of lists) insertHead(list);
  let last: Item | undefined;
  for (let head = heads.pop(); head !== undefined; head = heads.pop()) {
    if (last === undefined || isBefore(last, head.item)) yield (last = head.item);
    insertHead(head.list);
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
