/** The built page with what one visitor sees put into it. */
import { BOOT_ID, type Boot } from '../shared/boot.ts';
import type { DrawnPage } from '../shared/view.ts';

/** As in `web/index.html`. */
const SLOTS = ['<html lang="en">', '<title>Chat</title>', '<div id="app"></div>', '</body>'];

/**
 * Runs before the first picture is shown: the newest row at the end of the list, or the first unread one in sight, as
 * `web/views/message-list.tsx` does it. Until then nothing is seen, nor laid out for each part of the page that comes.
 */
export const PLACE_SCRIPT = `{
document.getElementById('app').classList.add('is-placed');
const list = document.querySelector('.log');
if (list) {
  list.scrollTop = list.scrollHeight;
  const first = list.querySelector('.divider');
  const above = first ? first.getBoundingClientRect().top - list.getBoundingClientRect().top : 0;
  if (above < 0) list.scrollTop += above - 56;
}
}`;

export class PageTemplate {
  readonly #html: string;
  /** Around each of the slots; null if the page has not all of them. */
  readonly #parts: readonly string[] | null;

  constructor(html: string) {
    this.#html = html;
    const parts: string[] = [];
    let from = 0;
    for (const slot of SLOTS) {
      const at = html.indexOf(slot, from);
      if (at === -1) break;
      parts.push(html.slice(from, at));
      from = at + slot.length;
    }
    parts.push(html.slice(from));
    this.#parts = parts.length === SLOTS.length + 1 ? parts : null;
  }

  get canBeDrawn(): boolean {
    return this.#parts !== null;
  }

  fill(boot: Boot | null, drawn: DrawnPage | null): string {
    const data = boot === null ? '' : dataBlock(boot);
    // In the colour of the chat from the first picture on.
    const accent = boot === null ? '' : ` data-accent="${boot.hello.chat.accent}"`;
    if (drawn === null || this.#parts === null) {
      const end = this.#html.includes('</body>') ? this.#html.indexOf('</body>') : this.#html.length;
      return this.#html.slice(0, end).replace('<html', `<html${accent}`) + data + this.#html.slice(end);
    }
    const [start, beforeTitle, beforeApp, afterApp, end] = this.#parts;
    const { html, picture, title, language, theme, contrast, isZoneless } = drawn;
    return [
      start,
      `<html lang="${escape(language)}" data-theme="${escape(theme)}" data-contrast="${escape(contrast)}"${accent}>`,
      beforeTitle,
      `<title>${escape(title)}</title>`,
      beforeApp,
      // Inert: a button that is pressed before its script is there would do nothing, or reload the page.
      `<div id="app" class="${isZoneless ? 'is-zoneless' : ''}" data-picture="${escape(picture)}" inert>${html}</div>`,
      `<script>${PLACE_SCRIPT}</script>`,
      afterApp,
      data,
      `</body>`,
      end,
    ].join('');
  }
}

/** Not a script: a policy without inline scripts allows it. Without any "<" nothing in it can end it. */
function dataBlock(boot: Boot): string {
  const json = JSON.stringify(boot).replaceAll('<', String.raw`\u003c`);
  return `<script type="application/json" id="${BOOT_ID}">${json}</script>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ESCAPES[sign] ?? '');
}
