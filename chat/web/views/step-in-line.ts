/** 1 for the arrow key that points to what comes next in a line, -1 for the one that points back: mirrored with the page. */
export function stepInLine({ key, currentTarget }: KeyboardEvent): 1 | -1 | undefined {
  if (key !== 'ArrowRight' && key !== 'ArrowLeft') return undefined;
  const isMirrored = currentTarget instanceof Element && currentTarget.matches(':dir(rtl)');
  return (key === 'ArrowRight') === isMirrored ? -1 : 1;
}
