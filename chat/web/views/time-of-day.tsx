import type { TargetedPointerEvent, VNode } from 'preact';
import { formatClock, formatFull } from './times.ts';

/** When something was said; the pointer learns the whole date. */
export function TimeOfDay({ at, text = formatClock(at) }: { at: number; text?: string }): VNode {
  return (
    <time dateTime={new Date(at).toISOString()} onPointerEnter={tellDate}>
      {text}
    </time>
  );
}

/** Not before somebody wants it: a list has hundreds, and the first costs as much as drawing twenty messages. */
function tellDate({ currentTarget }: TargetedPointerEvent<HTMLTimeElement>): void {
  currentTarget.title = formatFull(Date.parse(currentTarget.dateTime));
}
