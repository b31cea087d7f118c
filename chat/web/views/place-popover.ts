const MARGIN = 8;

/** Puts a popover at this point of the window, or as near as it fits whole. */
export function place(popover: HTMLElement, x: number, y: number): void {
  const { width, height } = popover.getBoundingClientRect();
  const left = Math.max(MARGIN, Math.min(x, innerWidth - width - MARGIN));
  // Below the point if there is room, else above it.
  const below = y + height + MARGIN <= innerHeight;
  const top = below ? y : Math.max(MARGIN, y - height - MARGIN);
  popover.style.left = `${left}px`;
  popover.style.top = `${top}px`;
}
