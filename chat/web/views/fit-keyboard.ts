import { visibleArea } from '../core/visible-area.ts';

/** Keeps the shell above a keyboard that covers the page. Returns how to stop. */
export function fitKeyboard(): () => void {
  const viewport = window.visualViewport;
  if (!viewport) return () => undefined;
  const fit = (): void => {
    const area = visibleArea(viewport, window.innerHeight);
    const { style } = document.documentElement;
    for (const [name, value] of [
      ['--view-height', area?.height],
      ['--view-top', area?.top],
    ] as const) {
      if (value === undefined) style.removeProperty(name);
      else style.setProperty(name, `${value}px`);
    }
  };
  for (const event of ['resize', 'scroll'] as const) viewport.addEventListener(event, fit);
  return () => {
    for (const event of ['resize', 'scroll'] as const) viewport.removeEventListener(event, fit);
  };
}
