/** Calendar days as the viewer has them: in the zone of the machine, or on the server in that of whoever asked. */

type ReadOffset = (at: number) => number;

const DAY_MS = 86_400_000;

const ofThisMachine: ReadOffset = (at) => -60_000 * new Date(at).getTimezoneOffset();
let offsetOf = ofThisMachine;

/** From now on; without a reader, the zone of this machine. */
export function countDaysBy(reader: ReadOffset = ofThisMachine): void {
  offsetOf = reader;
}

/** Moments of one calendar day have the same number, and the next day the next. */
export function dayNumber(at: number): number {
  return Math.floor((at + offsetOf(at)) / DAY_MS);
}

/** The calendar day, as programs read it: "2026-01-05". */
export function isoDay(at: number): string {
  return new Date(at + offsetOf(at)).toISOString().slice(0, 10);
}
