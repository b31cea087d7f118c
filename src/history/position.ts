/** The names of offsets: an epoch, which says whose offsets they are, and the offset. */

export interface Position {
  readonly epoch: string;
  readonly offset: number;
}

const FORM = /^([\w-]{1,32})\.([\da-z]{1,11})$/;

export function formatPosition({ epoch, offset }: Position): string {
  return `${epoch}.${offset.toString(36)}`;
}

/** Anything may come in its place, since clients say it. */
export function parsePosition(text: string): Position | undefined {
  const [, epoch, digits] = FORM.exec(text) ?? [];
  if (epoch === undefined || digits === undefined) return undefined;
  const offset = Number.parseInt(digits, 36);
  // One spelling only: a position is compared as a text, too.
  return Number.isSafeInteger(offset) && offset.toString(36) === digits ? { epoch, offset } : undefined;
}
