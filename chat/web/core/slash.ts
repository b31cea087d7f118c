/** What the page must know of commands before one is typed. */

/** A command is letters behind a slash: `/usr/bin`, `/ 2` and `/1` are text. */
export const COMMAND: RegExp = /^[/／]([a-z]+)(?:\s+|$)/iu;

/** Whether it is for `parseSlash` to say what is sent. */
export function beginsWithSlash(text: string): boolean {
  return /^[/／]/u.test(text);
}

/** What one would type to send this: the way back from `parseSlash`. */
export function writeOut({ body, kind }: { readonly body: string; readonly kind?: 'action' }): string {
  if (kind === 'action') return `/me ${body}`;
  return /^[/／]{2}/u.test(body) || COMMAND.test(body) ? body.slice(0, 1) + body : body;
}
