import type { Message } from '../../shared/events.ts';
import type { Block } from '../../shared/markdown/ast.ts';
import { parseMarkdown } from '../../shared/markdown/parse.ts';
import { toPlainText } from '../../shared/markdown/plain-text.ts';
import { mentionReader } from '../../shared/mention-reader.ts';
import { emojiOf } from './shortcodes.ts';

const parsed = new WeakMap<Message, readonly Block[]>();

/** What a message consists of. Read once for each state of it. */
export function bodyOf(message: Message): readonly Block[] {
  const known = parsed.get(message);
  if (known) return known;
  const { body, mentions = [], mentionsRoom } = message;
  const blocks = parseMarkdown(body, { readMention: mentionReader(mentions, mentionsRoom) });
  parsed.set(message, blocks);
  return blocks;
}

/** The beginning of a message on one line, without its looks: what a reply is about. */
export function excerptOf(body: string): string {
  return toPlainText(parseMarkdown(body), { readEmoji: emojiOf, spoilers: 'hidden' }).replace(/\s+/gu, ' ');
}

/** The beginning of a text: at most so many characters as people see them, and a sign that more follows. */
export function shorten(text: string, characters: number): string {
  // Those of more code units than these, all of them, are not what people write.
  const start = text.slice(0, characters * 8);
  const cut = (end: number): string => `${start.slice(0, end).trimEnd()}…`;
  let count = 0;
  let last = 0;
  for (const { index } of new Intl.Segmenter().segment(start)) {
    if (count++ === characters) return cut(index);
    last = index;
  }
  return start.length < text.length ? cut(last) : text;
}

/** No emoji has a letter of these: nearly all messages are done with here, without what is below. */
const LETTERS = /[@-\u00a8\u00aa-\u00ad\u00af-\u1fff\u3040-\u3296\u329a-\ud7ff]/;
let onlyEmoji: RegExp | undefined;

/** A few emoji and nothing else are drawn large. */
export function isOnlyEmoji(body: string): boolean {
  if (body.length > 80 || LETTERS.test(body)) return false;
  // Made when first needed: it takes as long as drawing a screen. As a string: the flag is newer than the language level.
  onlyEmoji ??= new RegExp(String.raw`^(?:\p{RGI_Emoji}\s*){1,5}$`, 'v');
  return onlyEmoji.test(body);
}
