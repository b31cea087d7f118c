import type { Person } from '../../shared/events.ts';
import type { Unsent } from './outbox.ts';
import type { RoomStore } from './room-store.ts';

export interface MessageRow {
  readonly kind: 'message';
  readonly key: string;
  readonly from: Person;
  readonly body: string;
  readonly at: number;
  readonly isMine: boolean;
  /** False for a row that continues the one above: same author, same day, close in time. */
  readonly startsGroup: boolean;
  /** Set while the server has not confirmed it. */
  readonly unsent: Unsent | undefined;
}
export type Row = MessageRow | { readonly kind: 'day'; readonly key: string; readonly at: number };

const GROUP_MS = 5 * 60_000;

/** Lays out what the list shows: confirmed messages by place, then what this person said and is not confirmed. */
export function layOut(
  { window, names }: Pick<RoomStore, 'window' | 'names'>,
  unsent: readonly Unsent[],
  me: Person | null,
): Row[] {
  const rows: Row[] = [];
  let previous: MessageRow | undefined;
  const add = (row: Omit<MessageRow, 'kind' | 'startsGroup'>): void => {
    const isSameDay = previous !== undefined && dayOf(previous.at) === dayOf(row.at);
    if (!isSameDay) rows.push({ kind: 'day', key: `day:${dayOf(row.at)}:${row.key}`, at: row.at });
    const startsGroup = !isSameDay || previous?.from.id !== row.from.id || row.at - previous.at > GROUP_MS;
    previous = { kind: 'message', startsGroup, ...row };
    rows.push(previous);
  };
  const confirmed = new Set<string>();
  for (const { key, message } of window) {
    confirmed.add(key);
    const { body, at } = message;
    const from = { id: message.from.id, name: names.get(message.from.id) ?? message.from.name };
    add({ key, from, body, at, isMine: from.id === me?.id, unsent: undefined });
  }
  for (const entry of unsent) {
    if (me === null || entry.by !== me.id || confirmed.has(entry.nonce)) continue;
    // This machine's clock may be behind the server's; a row below others never shows an earlier day.
    const at = Math.max(entry.at, previous?.at ?? 0);
    add({ key: entry.nonce, from: me, body: entry.body, at, isMine: true, unsent: entry });
  }
  return rows;
}

/** The calendar day in the zone of the viewer. */
export function dayOf(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}
