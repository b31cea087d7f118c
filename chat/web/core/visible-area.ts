/** What of `VisualViewport` is needed. */
export interface Viewport {
  readonly height: number;
  readonly offsetTop: number;
  readonly scale: number;
}

/** Less than a keyboard: bars of the browser that come and go. */
const BARS_PX = 80;

/**
 * The part of the page that a keyboard leaves, where the browser does not make the page smaller itself (Safari on iOS).
 * Null if all of it is in sight, or the person has zoomed: then what they see is theirs to choose.
 */
export function visibleArea(
  { height, offsetTop, scale }: Viewport,
  pageHeight: number,
): { height: number; top: number } | null {
  if (Math.abs(scale - 1) > 0.01 || pageHeight - height < BARS_PX) return null;
  return { height, top: offsetTop };
}
