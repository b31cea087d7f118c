/** The options about HTTP: CORS, the cookie, compression. Named as by the packages that Socket.IO uses for them. */
import type { IncomingMessage } from 'node:http';
import type { ZlibOptions } from 'node:zlib';
import { positiveNumber, switchable } from './option-checks.ts';

/** `true` stands for any origin, told by its name; `'*'` for any, not told. */
export type CorsOrigin = boolean | string | RegExp | readonly (boolean | string | RegExp)[];

/** Which pages of other origins may read our answers, and how. */
export interface CorsOptions {
  /** Default `'*'`. `false`: no CORS headers. A function decides for each request. */
  origin?:
    | CorsOrigin
    | ((
        origin: string | undefined,
        decide: (error: Error | null | undefined, origin?: CorsOrigin) => void,
      ) => void);
  /** Default `'GET,HEAD,PUT,PATCH,POST,DELETE'`. */
  methods?: string | readonly string[];
  /** Default: those that the browser asks for. */
  allowedHeaders?: string | readonly string[];
  exposedHeaders?: string | readonly string[];
  /** Let pages send their cookies. Default false. */
  credentials?: boolean;
  /** Seconds that a browser may keep the answer to a preflight. */
  maxAge?: number;
  /** Leave the answer to a preflight to the next middleware. Default false. */
  preflightContinue?: boolean;
  /** Of the answer to a preflight. Default 204. */
  optionsSuccessStatus?: number;
}

/** Gives the options for one request. */
export type CorsDelegate = (
  request: IncomingMessage,
  decide: (error: Error | null, options?: CorsOptions) => void,
) => void;

/** The cookie that carries the session's id, for load balancers. */
export interface CookieOptions {
  /** Default `io`. */
  name?: string;
  /** Default `/`. */
  path?: string;
  /** Default true. */
  httpOnly?: boolean;
  /** Default `lax`. `true` is `strict`. */
  sameSite?: boolean | 'lax' | 'strict' | 'none';
  domain?: string;
  /** Seconds. */
  maxAge?: number;
  expires?: Date;
  secure?: boolean;
  partitioned?: boolean;
  priority?: 'low' | 'medium' | 'high';
  /** Default `encodeURIComponent`. */
  encode?: (value: string) => string;
}

/** Of answers to polls; what zlib takes besides. */
export interface HttpCompressionOptions extends ZlibOptions {
  /** Payloads of fewer bytes are sent as they are. Default 1024: below that, little is gained. */
  threshold?: number;
}

export type ResolvedCompression = HttpCompressionOptions & { readonly threshold: number };

/** @throws {TypeError} when it is neither */
export function corsOf(given: unknown): CorsOptions | CorsDelegate | undefined {
  return typeof given === 'function' ? (given as CorsDelegate) : switchable<CorsOptions>(given, 'cors');
}

export function cookieOf(given: unknown): (CookieOptions & { readonly name: string }) | undefined {
  const options = switchable<CookieOptions>(given, 'cookie');
  return options && { name: 'io', path: '/', httpOnly: true, sameSite: 'lax', ...options };
}

export function compressionOf(given: unknown): ResolvedCompression | undefined {
  const options = switchable<HttpCompressionOptions>(given, 'httpCompression');
  if (options === undefined) return undefined;
  // A threshold of 0 is no limit, but "all".
  const threshold = options.threshold === 0 ? 0 : positiveNumber(options.threshold, 'threshold', 1024);
  return { ...options, threshold };
}
