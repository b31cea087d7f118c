/**
 * Serves the built page from memory. The files are read once, at start: a request can only ever ask for a name in
 * the map, and a build that runs beside the server never shows half of itself. The page itself is answered with data
 * for one person in it.
 */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Boot } from '../shared/boot.ts';
import type { DrawnPage } from '../shared/view.ts';
import { PageTemplate, PLACE_SCRIPT } from './page-template.ts';
import { allowScript } from './security-headers.ts';
import { systemCode } from './start-fault.ts';

type Encoding = 'br' | 'gzip';

interface PageFile {
  type: string;
  cacheControl: string;
  etag: string;
  plain: Buffer;
  /** Only if the build made them. The best first. */
  packed: readonly { encoding: Encoding; bytes: Buffer }[];
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

const PACKED_ENDINGS: readonly [string, Encoding][] = [
  ['.br', 'br'],
  ['.gz', 'gzip'],
];

/** Packed anew for each request: quick rather than small. */
const PACK: Readonly<Record<Encoding, (bytes: Buffer) => Promise<Buffer>>> = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  gzip: (bytes) => promisify(gzip)(bytes),
};

export class PageFiles {
  readonly #files: ReadonlyMap<string, PageFile>;
  readonly #template: PageTemplate;
  /** Tells the browser what the page will need before it has read it. */
  readonly #links: string;
  /** Another value for another build of the page, so that open pages notice. Empty if there is none. */
  readonly build: string;

  private constructor(files: ReadonlyMap<string, PageFile>) {
    this.#files = files;
    const page = files.get('/index.html');
    this.build = page?.etag.slice(1, 13) ?? '';
    const html = page?.plain.toString() ?? '';
    this.#template = new PageTemplate(html);
    this.#links = linksOf(html);
  }

  /** Reads all files of a build. A folder that does not exist is a page that was not built. */
  static read(folder: string): PageFiles {
    const bytes = new Map<string, Buffer>();
    for (const path of listFiles(folder)) {
      bytes.set(`/${path.split(sep).join('/')}`, readFileSync(join(folder, path)));
    }
    const files = new Map<string, PageFile>();
    for (const [path, plain] of bytes) {
      if (!PACKED_ENDINGS.some(([ending]) => path.endsWith(ending)))
        files.set(path, describe(path, plain, bytes));
    }
    return new PageFiles(files);
  }

  /** Whether what was drawn can be put into it. */
  get canBeDrawn(): boolean {
    return this.#template.canBeDrawn;
  }

  get isBuilt(): boolean {
    return this.build !== '';
  }

  /**
   * Answers a GET or HEAD for the page, with what this person may see in it: no cache may keep it, and after signing
   * out "back" must not show it.
   */
  async answerPage(
    request: IncomingMessage,
    response: ServerResponse,
    boot: Boot | null,
    drawn: DrawnPage | null,
  ): Promise<void> {
    const plain = Buffer.from(this.#template.fill(boot, drawn));
    if (drawn) allowScript(response, PLACE_SCRIPT);
    response.setHeader('Cache-Control', 'private, no-store');
    response.setHeader('Vary', 'Accept-Encoding');
    if (this.#links !== '') response.setHeader('Link', this.#links);
    const accepted = acceptedEncodings(request);
    const encoding = PACKED_ENDINGS.map(([, name]) => name).find((name) => accepted.has(name));
    if (encoding !== undefined) response.setHeader('Content-Encoding', encoding);
    const body = encoding === undefined ? plain : await PACK[encoding](plain);
    response.writeHead(200, { 'Content-Type': TYPES['.html'], 'Content-Length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  /** Answers a GET or HEAD for a file of the page. False means: no such file, nothing was answered. */
  answer(request: IncomingMessage, response: ServerResponse, path: string): boolean {
    const file = this.#files.get(path);
    if (file === undefined) return false;
    response.setHeader('Cache-Control', file.cacheControl);
    response.setHeader('ETag', file.etag);
    response.setHeader('Vary', 'Accept-Encoding');
    if (request.headers['if-none-match']?.includes(file.etag) === true) {
      response.writeHead(304).end();
      return true;
    }
    const accepted = acceptedEncodings(request);
    const packed = file.packed.find(({ encoding }) => accepted.has(encoding));
    if (packed !== undefined) response.setHeader('Content-Encoding', packed.encoding);
    const body = packed?.bytes ?? file.plain;
    response.writeHead(200, { 'Content-Type': file.type, 'Content-Length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
    return true;
  }
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, sep).length));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function describe(path: string, plain: Buffer, all: ReadonlyMap<string, Buffer>): PageFile {
  const packed = PACKED_ENDINGS.flatMap(([ending, encoding]) => {
    const bytes = all.get(path + ending);
    return bytes === undefined ? [] : [{ encoding, bytes }];
  });
  return {
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    // Files under /assets carry a hash of their content in their name.
    cacheControl: path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'private, no-cache',
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 27)}"`,
    plain,
    packed,
  };
}

function linksOf(html: string): string {
  const links = [
    ...[...html.matchAll(/<link rel="stylesheet"[^>]* href="([^"]+)"/gu)].map(
      ([, href]) => `<${href}>; rel=preload; as=style; crossorigin`,
    ),
    ...[...html.matchAll(/<script type="module"[^>]* src="([^"]+)"/gu)].map(
      ([, src]) => `<${src}>; rel=modulepreload`,
    ),
  ];
  return links.join(', ');
}

function acceptedEncodings(request: IncomingMessage): ReadonlySet<string> {
  const header = request.headers['accept-encoding']?.toString() ?? '';
  const offers = header.split(',').map((offer) =>
    offer
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/),
  );
  return new Set(
    offers.flatMap(([encoding, quality]) =>
      encoding !== undefined && !/^q=0(\.0*)?$/.test(quality ?? '') ? [encoding] : [],
    ),
  );
}
