/**
 * Calls back when what opened a context menu is let go. Most systems ask for the menu while the button or the finger is
 * still down, and a popover that opens then is closed by its coming up: that counts as a press beside it.
 */
export function onceReleased(event: MouseEvent, act: () => void): void {
  // Fingers have no buttons, and not every browser makes this event one of a pointer.
  const isFinger = event instanceof PointerEvent && ['touch', 'pen'].includes(event.pointerType);
  const isDown = event.buttons !== 0 || isFinger;
  if (!isDown) {
    act();
    return;
  }
  const ended = new AbortController();
  const end = (): void => {
    ended.abort();
    // Not within the event: the browser closes popovers after it.
    setTimeout(act);
  };
  for (const name of ['pointerup', 'pointercancel']) addEventListener(name, end, { signal: ended.signal });
}
