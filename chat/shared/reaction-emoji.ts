/** Which texts are an emoji, so that a reaction cannot be a word, a picture of many letters, or something invisible. */

let known: RegExp | undefined;
/** One that came with a newer Unicode than this Node has: the places for them are reserved. */
const TO_COME = /^(?=\p{Cn})\p{Extended_Pictographic}\p{Emoji_Modifier}?$/u;
const EMOJI_STYLE = '\uFE0F';

/** In Unicode's list of what keyboards offer. Made when first needed: not every browser that the page runs in knows the flag. */
function isKnown(text: string): boolean {
  known ??= new RegExp(String.raw`^\p{RGI_Emoji}$`, 'v');
  return known.test(text);
}

/** The emoji as it is stored, always in the same spelling; null for what is none. */
export function readEmoji(text: string): string | null {
  if (isKnown(text) || TO_COME.test(text)) return text;
  const styled = text + EMOJI_STYLE;
  return isKnown(styled) ? styled : null;
}
