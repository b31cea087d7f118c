/** Characters that are not seen, or turn the line around: no title needs them. The joiners and variants of emoji and Persian stay. */
const UNSEEN =
  /(?!\u200c|\u200d|\p{Variation_Selector})[\p{Cc}\p{Co}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/** One line of what somebody else wrote: what is not seen is gone, and what is too long is cut between two characters. */
export function cleanText(text: string, most: number): string {
  // Before the costly part: whatever is behind is cut anyway, unless somebody plays with blanks.
  const line = text
    .slice(0, 16 * most)
    .toWellFormed()
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(UNSEEN, '')
    // No more than three accents on a letter: a pile of them covers the lines around.
    .replaceAll(/(\p{M}{3})\p{M}+/gu, '$1')
    .trim();
  let end = 0;
  let count = 0;
  for (const { index, segment } of new Intl.Segmenter().segment(line)) {
    if (count === most) return `${line.slice(0, end).trimEnd()}…`;
    count += 1;
    end = index + segment.length;
  }
  return line;
}
