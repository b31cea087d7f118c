/**
 * Gets what a link leads to, from a server that may be hostile: within a deadline, up to a size, from vetted addresses
 * alone. Nothing of ours goes along but the name of the program.
 */
import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { type Duplex, pipeline } from 'node:stream';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { request as requestHttp } from '../node-http.ts';
import { FetchFault, Refused } from './faults.ts';
import type { Guard, VettedAddress } from './guard.ts';

export interface FetchOptions {
  guard: Guard;
  /** When to give up, with all redirects. */
  signal: AbortSignal;
  /** For `Accept`. */
  accept: string;
  /** By its `Content-Type`, in small letters: anything else is not read at all. */
  isWanted: (type: string) => boolean;
  /** Of the body, as it comes and as it is decoded: no more is read. */
  maxBytes: number;
}

export interface Fetched {
  /** Where it came from in the end. */
  url: URL;
  /** The `Content-Type`, in small letters. */
  type: string;
  /** The decoded body, piece by piece, and at most `maxBytes` of it. Whoever has enough leaves, and the connection is cut. */
  body: AsyncIterable<Buffer>;
}

export const USER_AGENT = 'websockets.io-chat (link previews)';
const MAX_REDIRECTS = 3;
const MAX_HEADER_BYTES = 16 * 1_024;

/**
 * @throws {Refused} when it leads to where we do not go
 * @throws {FetchFault} when it cannot be had
 */
export async function fetchGuarded(from: URL, options: FetchOptions): Promise<Fetched> {
  let url = from;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const addresses = await options.guard.vet(url, options.signal).catch((error: unknown) => {
      throw error instanceof Refused ? error : new FetchFault('The name is not known', { cause: error });
    });
    const response = await get(url, addresses, options);
    const location = isRedirect(response) ? response.headers.location : undefined;
    if (location === undefined) {
      const type = (response.headers['content-type'] ?? '').toLowerCase();
      if (response.statusCode !== 200 || !options.isWanted(type)) {
        response.destroy();
        throw new FetchFault(`It is not what is wanted: ${response.statusCode} ${type}`);
      }
      return { url, type, body: readBody(response, options.maxBytes) };
    }
    // What a redirect says besides is not read.
    response.destroy();
    if (!URL.canParse(location, url.href)) throw new FetchFault('The redirect leads nowhere');
    url = new URL(location, url);
  }
  throw new FetchFault('There are too many redirects');
}

function isRedirect({ statusCode = 0 }: IncomingMessage): boolean {
  return [301, 302, 303, 307, 308].includes(statusCode);
}

function get(
  url: URL,
  addresses: readonly VettedAddress[],
  { signal, accept }: FetchOptions,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      // A connection of its own, and no proxy that the environment may name: it would ask for names again.
      agent: false,
      lookup: lookupAmong(addresses),
      signal,
      headers: {
        'User-Agent': USER_AGENT,
        Accept: accept,
        'Accept-Encoding': 'gzip, br',
        Connection: 'close',
      },
      maxHeaderSize: MAX_HEADER_BYTES,
    });
    request.once('response', resolve);
    request.once('upgrade', (_response, socket) => {
      socket.destroy();
      reject(new FetchFault('The server wants another protocol'));
    });
    // After the answer has begun, its stream tells of it, too.
    request.on('error', (error) => reject(new FetchFault('There is no answer', { cause: error })));
    request.end();
  });
}

/** Instead of a second question to whoever answers for the name: the addresses that were vetted. */
function lookupAmong(addresses: readonly VettedAddress[]): LookupFunction {
  return (_hostname, { all }, callback) => {
    const [first] = addresses;
    if (all === true) callback(null, [...addresses]);
    else if (first === undefined) callback(new Refused('No address was vetted'), '');
    else callback(null, first.address, first.family);
  };
}

/** Decoded while it comes, so that what unpacks to a lot is cut as soon as it has done so. */
async function* readBody(
  response: IncomingMessage,
  maxBytes: number,
): AsyncGenerator<Buffer, void, undefined> {
  // What is sent is bounded, too: a stream of empty blocks never grows when it is unpacked.
  const sent = upTo(response, maxBytes);
  try {
    const decoder = decoderFor(response.headers['content-encoding']);
    // Whoever reads the decoder is told what goes wrong before it.
    if (decoder === undefined) yield* sent;
    else
      yield* upTo(
        pipeline(sent, decoder, () => {}),
        maxBytes,
      );
  } catch (error) {
    throw new FetchFault('The answer cannot be read', { cause: error });
  } finally {
    response.destroy();
  }
}

function decoderFor(encoding: string = 'identity'): Duplex | undefined {
  switch (encoding.trim().toLowerCase()) {
    case 'identity':
      return undefined;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'br':
      return createBrotliDecompress();
    default:
      throw new FetchFault('The encoding was not asked for');
  }
}

async function* upTo(chunks: AsyncIterable<Buffer>, most: number): AsyncGenerator<Buffer, void, undefined> {
  let left = most;
  for await (const chunk of chunks) {
    yield chunk.length > left ? chunk.subarray(0, left) : chunk;
    left -= chunk.length;
    if (left <= 0) return;
  }
}
