/** Serves the official client, unmodified, from the `socket.io-client` package: `/socket.io/socket.io.js` and its variants. */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { chooseCoding } from './http-compression.ts';
import { vary } from './vary.ts';

const FILES = /^\/(socket\.io(?:\.msgpack|\.esm)?(?:\.min)?\.js(?:\.map)?)(?:\?|$)/;
const require = createRequire(import.meta.url);
// By its manifest: the package exports not all of the files by name.
const manifestPath = require.resolve('socket.io-client/package.json');

interface Bundle {
  readonly identity: Buffer;
  readonly br: Buffer;
  readonly gzip: Buffer;
  readonly deflate: Buffer;
}

/** Read and compressed when first asked for, then kept: a handful of files. */
const bundles = new Map<string, Bundle>();

/** @returns false if the request is for something else, and is still to be answered */
export function serveClientBundle(path: string, request: IncomingMessage, response: ServerResponse): boolean {
  const name = FILES.exec((request.url ?? '').slice(path === '/' ? 0 : path.length))?.[1];
  if (name === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
  const bundle = bundleOf(name);
  if (bundle === undefined) return false;
  // One version serves the same bytes. Encodings differ, so W/ would be right; Socket.IO sends it without, and takes both.
  const etag = `"${clientVersion()}"`;
  response.setHeader('ETag', etag);
  response.setHeader('Cache-Control', 'public, max-age=0');
  vary(response, 'Accept-Encoding');
  if (request.headers['if-none-match']?.replace(/^W\//, '') === etag) {
    response.writeHead(304).end();
    return true;
  }
  const encoding =
    chooseCoding(request.headers['accept-encoding'], ['br', 'gzip', 'deflate'] as const) ?? 'identity';
  if (encoding !== 'identity') response.setHeader('Content-Encoding', encoding);
  response.writeHead(200, {
    'Content-Type': name.endsWith('.map')
      ? 'application/json; charset=utf-8'
      : 'application/javascript; charset=utf-8',
    'Content-Length': bundle[encoding].length,
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(request.method === 'HEAD' ? undefined : bundle[encoding]);
  return true;
}

/** @returns nothing if this version of the client has no such file */
function bundleOf(name: string): Bundle | undefined {
  const known = bundles.get(name);
  if (known !== undefined) return known;
  let identity;
  try {
    identity = readFileSync(join(dirname(manifestPath), 'dist', name));
  } catch {
    return undefined;
  }
  const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
  const bundle = {
    identity,
    br: brotliCompressSync(identity, { params }),
    gzip: gzipSync(identity),
    deflate: deflateSync(identity),
  };
  bundles.set(name, bundle);
  return bundle;
}

let version: string | undefined;
function clientVersion(): string {
  const manifest = require(manifestPath) as { version: string };
  return (version ??= manifest.version);
}
