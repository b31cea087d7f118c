/** Compares what clients heard with what the server did: each event that was for a client once, in order, and nothing else. */
import type { Deed } from './deeds.ts';
import type { Hearing } from './listener.ts';

export interface Record {
  readonly name: string;
  readonly hearings: readonly Hearing[];
  /** Commands that the server has confirmed. */
  readonly confirmed: ReadonlySet<string>;
}

const FAILURES = ['lost', 'doubled', 'out of order', 'not for it', 'wrong rooms'] as const;

export type Failure = (typeof FAILURES)[number];

export interface Verdict {
  readonly counts: Readonly<{ [failure in Failure]: number }>;
  /** The first few failures, in words. */
  readonly examples: readonly string[];
  /** Events that were heard. */
  readonly heard: number;
}

interface Session {
  readonly rooms: Set<string>;
  readonly due: number[];
  data: unknown;
}

/** @param records of clients that heard on until the server had nothing more to say */
export function judge(deeds: readonly Deed[], records: readonly Record[]): Verdict {
  const counts = { lost: 0, doubled: 0, 'out of order': 0, 'not for it': 0, 'wrong rooms': 0 };
  const examples: string[] = [];
  const fail = (failure: Failure, details: string): void => {
    counts[failure] += 1;
    if (examples.length < 20) examples.push(`${failure}: ${details}`);
  };
  const sessions = relive(deeds, records, fail);
  let heard = 0;
  for (const { name, hearings } of records) {
    for (const { sid, ids } of hearings) {
      heard += ids.length;
      compare(ids, sessions.get(sid)?.due ?? [], (failure, id) =>
        fail(failure, `event ${id}, by ${name} in session ${sid}`),
      );
    }
  }
  return { counts, examples, heard };
}

/** What was heard must be the beginning of what was due. */
function compare(
  ids: readonly number[],
  due: readonly number[],
  fail: (failure: Failure, id: number) => void,
): void {
  const heard = new Set<number>();
  const meant = new Set(due);
  let latest = 0;
  for (const id of ids) {
    if (!meant.has(id)) fail('not for it', id);
    else if (heard.has(id)) fail('doubled', id);
    else if (id < latest) fail('out of order', id);
    heard.add(id);
    latest = Math.max(latest, id);
  }
  for (const id of due) if (id < latest && !heard.has(id)) fail('lost', id);
}

/** Goes through the deeds again. @returns what was due in each session, by its id */
function relive(
  deeds: readonly Deed[],
  records: readonly Record[],
  fail: (failure: Failure, details: string) => void,
): Map<string, Session> {
  const isDone = whatWasDone(deeds, records);
  const sessions = new Map<string, Session>();
  for (const [at, deed] of deeds.entries()) {
    switch (deed.did) {
      case 'enter': {
        const { sid, recovered, rooms, data } = deed;
        const session = sessions.get(sid);
        if (!recovered) {
          sessions.set(sid, { rooms: new Set(rooms), due: [], data });
        } else if (session === undefined) {
          fail('wrong rooms', `session ${sid} was never begun`);
        } else if (session.data !== data || !isSameList([...session.rooms].sort(), rooms)) {
          const was = `${[...session.rooms].sort().join()} after command ${String(session.data)}`;
          fail('wrong rooms', `session ${sid}: ${was}, came back as ${rooms.join()} after ${String(data)}`);
        }
        break;
      }
      case 'join':
      case 'leave': {
        const session = sessions.get(deed.sid);
        if (session === undefined || !isDone(at)) break;
        if (deed.did === 'join') session.rooms.add(deed.room);
        else session.rooms.delete(deed.room);
        session.data = deed.command;
        break;
      }
      case 'emit':
        if (!isDone(at)) break;
        for (const [sid, { rooms, due }] of sessions) {
          const isIn = (room: string): boolean => room === sid || rooms.has(room);
          if ((deed.rooms.length === 0 || deed.rooms.some(isIn)) && !deed.except.some(isIn))
            due.push(deed.id);
        }
        break;
      case 'start':
      case 'flush':
    }
  }
  return sessions;
}

/**
 * What stood in the last turn of a killed process may have been done or not. It was, up to the last deed that anybody knows
 * of: somebody heard the event, or the answer to the command, or came back with it in `data`.
 */
function whatWasDone(deeds: readonly Deed[], records: readonly Record[]): (at: number) => boolean {
  const heard = new Set(records.flatMap(({ hearings }) => hearings.flatMap(({ ids }) => ids)));
  const confirmed = new Set(records.flatMap((record) => [...record.confirmed]));
  for (const deed of deeds) if (deed.did === 'enter') confirmed.add(String(deed.data));
  /** Of each process, by where it starts. */
  const doneThrough = new Map<number, number>();
  const starts: number[] = [];
  for (const [at, deed] of deeds.entries()) {
    const start = deed.did === 'start' ? at : (starts.at(-1) ?? 0);
    starts.push(start);
    const isKnown =
      (deed.did === 'emit' && heard.has(deed.id)) || ('command' in deed && confirmed.has(deed.command));
    const through = deed.did === 'flush' ? start + deed.deeds - 1 : isKnown ? at : -1;
    doneThrough.set(start, Math.max(through, doneThrough.get(start) ?? -1));
  }
  return (at) => at <= (doneThrough.get(starts[at] ?? 0) ?? -1);
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item, at) => item === other[at]);
}
