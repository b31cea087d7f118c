import type { Message, Person } from '../../shared/events.ts';
import { dayNumber, isoDay } from './calendar.ts';
import type { Unsent } from './outbox.ts';
import type { People } from './people.ts';
import { mentions } from './room-list.ts';
import type { Entry } from './room-store.ts';

export interface MessageRow {
  readonly kind: 'message';
  readonly key: string;
  readonly message: Message;
  /** The author as they are now. */
  readonly from: Person;
  readonly isMine: boolean;
  /** False for a row that continues the one above: same author, same day, close in time. */
  readonly startsGroup: boolean;
  readonly mentionsMe: boolean;
  /** Set while the server has not confirmed it. */
  readonly unsent: Unsent | undefined;
}
export type Row =
  | MessageRow
  | { readonly kind: 'system'; readonly key: string; readonly message: Message; readonly from: Person }
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  /** Above it is what was read when the room was opened. */
  | { readonly kind: 'divider'; readonly key: string };

export interface Layout {
  window: readonly Entry[];
  unsent: readonly Unsent[];
  people: Pick<People, 'current'>;
  me: Person | null;
  /** The seq after which the unread begins, if it is to be shown. */
  dividerAfter: number | null;
}

const GROUP_MS = 5 * 60_000;

/** Lays out what the list shows: confirmed messages by place, then what this person said and is not confirmed. */
export function layOut({ window, unsent, people, me, dividerAfter }: Layout): Row[] {
  const rows: Row[] = [];
  let previous: Message | undefined;
  let previousDay: number | undefined;
  const days = new Set<string>();
  let divides = dividerAfter !== null;
  const add = (key: string, message: Message, entry?: Unsent): void => {
    const number = dayNumber(message.at);
    const isSameDay = number === previousDay;
    previousDay = number;
    if (!isSameDay) {
      const day = isoDay(message.at);
      // By its day alone, so that it stays where it is when the messages below it change; a clock that was set back
      // has a day again.
      rows.push({ kind: 'day', key: days.has(day) ? `day:${day}:${key}` : `day:${day}`, at: message.at });
      days.add(day);
    }
    const isDivided = divides && dividerAfter !== null && message.seq > dividerAfter;
    if (isDivided) {
      divides = false;
      rows.push({ kind: 'divider', key: 'divider' });
    }
    const from = people.current(message.from);
    const startsGroup = isDivided || !isSameDay || !continues(previous, message);
    previous = message;
    if (message.kind === 'system') {
      rows.push({ kind: 'system', key, message, from });
      return;
    }
    const isMine = from.id === me?.id;
    const mentionsMe = mentions(message, me?.id);
    rows.push({ kind: 'message', key, message, from, isMine, startsGroup, mentionsMe, unsent: entry });
  };
  const confirmed = new Set<string>();
  for (const { key, message } of window) {
    confirmed.add(key);
    // It may have been heard without its nonce at first.
    if (message.nonce !== undefined) confirmed.add(message.nonce);
    add(key, message);
  }
  for (const entry of unsent) {
    if (me === null || entry.by !== me.id || confirmed.has(entry.nonce)) continue;
    add(entry.nonce, toMessage(entry, me, previous?.at ?? 0), entry);
  }
  return rows;
}

function continues(above: Message | undefined, message: Message): boolean {
  return (
    above !== undefined &&
    above.from.id === message.from.id &&
    message.at - above.at <= GROUP_MS &&
    message.replyTo === undefined &&
    above.kind === undefined &&
    message.kind === undefined
  );
}

const unsentMessages = new WeakMap<Unsent, Message>();

/** The same object for the same entry: its row is drawn once. */
function toMessage(entry: Unsent, me: Person, atLeast: number): Message {
  const known = unsentMessages.get(entry);
  // This machine's clock may be behind the server's; a row below others never shows an earlier day.
  const at = Math.max(entry.at, atLeast);
  if (known?.at === at && known.from === me) return known;
  const { room, body, replyTo, kind, nonce } = entry;
  const message: Message = {
    room,
    seq: Infinity,
    rev: 0,
    from: me,
    body,
    at,
    nonce,
    ...(replyTo && { replyTo }),
    ...(kind && { kind }),
  };
  unsentMessages.set(entry, message);
  return message;
}
