import { completeCommand, type Command } from './slash-commands.ts';

/** What is being typed that could be completed, and where it begins. */
export type Completing =
  | { readonly kind: 'mention'; readonly from: number; readonly like: string }
  | { readonly kind: 'emoji'; readonly from: number; readonly like: string }
  | { readonly kind: 'command'; readonly from: 0; readonly commands: readonly Command[] };

/** Up to a few words: names have spaces. */
const MENTION = /(?<![\p{L}\p{N}])@([\p{L}\p{N}\p{M}_.'-]{0,30}(?: [\p{L}\p{N}\p{M}_.'-]{1,30}){0,2})$/u;
const EMOJI = /(?<![\p{L}\p{N}:]):([a-z0-9_+-]{2,30})$/iu;

/** Looks at the text before the caret. */
export function findCompleting(text: string, caret: number): Completing | undefined {
  const before = text.slice(0, caret);
  const commands = caret === text.length ? completeCommand(before) : [];
  if (commands.length > 0) return { kind: 'command', from: 0, commands };
  const mention = MENTION.exec(before);
  if (mention) return { kind: 'mention', from: mention.index, like: mention[1] ?? '' };
  const emoji = EMOJI.exec(before);
  if (emoji) return { kind: 'emoji', from: emoji.index, like: (emoji[1] ?? '').toLowerCase() };
  return undefined;
}
