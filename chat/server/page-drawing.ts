/** Has the page drawn before it is sent, by code of the page (`web/on-server.tsx`). Without it a page draws itself. */
import { readdirSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Boot } from '../shared/boot.ts';
import { type DrawnPage, parseView, type View, VIEW_COOKIE, type WantedPage } from '../shared/view.ts';
import { cookiesNamed } from './cookies.ts';
import { formatError, type Log } from './log.ts';
import { systemCode } from './start-fault.ts';

/** What the build makes of `web/on-server.tsx`. */
interface OnServer {
  drawPage: (wanted: WantedPage) => Promise<DrawnPage>;
}

const MAX_LANGUAGES = 10;

export class PageDrawing {
  /** Its name says what is in it: another build has another, and this one is not found any more. */
  readonly #file: string | undefined;
  readonly #log: Log;
  #code: Promise<OnServer> | undefined;
  #lastFault = '';

  /** A folder that does not exist is code that was not built. */
  constructor(folder: string, log: Log) {
    const name = listFiles(folder).find((one) => /^on-server-.*\.js$/.test(one));
    this.#file = name === undefined ? undefined : join(folder, name);
    this.#log = log;
  }

  /** Null if it cannot be drawn here. */
  async draw(boot: Boot, path: string, view: View, languages: readonly string[]): Promise<DrawnPage | null> {
    if (this.#file === undefined) return null;
    try {
      // At the first page, not at the start: it takes a moment, and a few megabytes.
      this.#code ??= import(pathToFileURL(this.#file).href) as Promise<OnServer>;
      const { drawPage } = await this.#code;
      return await drawPage({ boot, path, view, languages });
    } catch (error) {
      const fault = formatError('Cannot draw the page', error);
      if (fault !== this.#lastFault) this.#log.error(fault);
      this.#lastFault = fault;
      return null;
    }
  }
}

/** How this visitor sees the page: as the last one said, else as far as a browser tells by itself. */
export function viewOf(request: IncomingMessage): View {
  const [said] = cookiesNamed(request, VIEW_COOKIE).map(parseView);
  return (
    said ?? {
      language: '',
      locale: '',
      zone: '',
      isNarrow: isPhone(request),
      theme: '',
      contrast: '',
      room: '',
    }
  );
}

/** What `Accept-Language` asks for, the best first. */
export function languagesOf(request: IncomingMessage): string[] {
  const offers = (request.headers['accept-language'] ?? '').split(',', MAX_LANGUAGES).map((offer) => {
    const [tag = '', quality = '1'] = offer.trim().split(/\s*;\s*q=/);
    return { tag, quality: Number(quality) };
  });
  return offers
    .filter(({ tag, quality }) => /^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/i.test(tag) && quality > 0)
    .toSorted((one, other) => other.quality - one.quality)
    .map(({ tag }) => tag);
}

function isPhone({ headers }: IncomingMessage): boolean {
  const hint = headers['sec-ch-ua-mobile'];
  return hint === undefined ? /\bMobi/.test(headers['user-agent'] ?? '') : hint === '?1';
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
