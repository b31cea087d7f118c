/** Cross-origin resource sharing (Fetch standard §3.2) with the options, defaults and answers of the npm package `cors`. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CorsDelegate, CorsOptions, CorsOrigin } from '../http-options.ts';
import type { EngineMiddleware } from './engine-middleware.ts';
import { vary } from './vary.ts';

const METHODS = 'GET,HEAD,PUT,PATCH,POST,DELETE';

/** Sets the headers of an answer, and answers preflights. */
export function cors(given: CorsOptions | CorsDelegate): EngineMiddleware {
  if (typeof given !== 'function') return (request, response, next) => apply(given, request, response, next);
  return (request, response, next) =>
    given(request, (error, options = {}) => (error ? next(error) : apply(options, request, response, next)));
}

function apply(
  options: CorsOptions,
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
): void {
  const { origin = '*' } = options;
  const decide = (error: unknown, allowed?: CorsOrigin): void => {
    if (error || !allowed) {
      next(error);
      return;
    }
    setOrigin(response, request.headers.origin, allowed);
    if (options.credentials === true) response.setHeader('Access-Control-Allow-Credentials', 'true');
    setList(response, 'Access-Control-Expose-Headers', options.exposedHeaders);
    if (request.method === 'OPTIONS') answerPreflight(options, request, response, next);
    else next();
  };
  if (typeof origin === 'function') origin(request.headers.origin, decide);
  else decide(null, origin);
}

function setOrigin(response: ServerResponse, origin: string | undefined, allowed: CorsOrigin): void {
  if (allowed === '*') {
    response.setHeader('Access-Control-Allow-Origin', '*');
    return;
  }
  // Who is one of several is told only itself.
  if (typeof allowed === 'string') response.setHeader('Access-Control-Allow-Origin', allowed);
  else if (origin !== undefined && allows(allowed, origin)) {
    response.setHeader('Access-Control-Allow-Origin', origin);
  }
  vary(response, 'Origin');
}

function allows(allowed: CorsOrigin, origin: string): boolean {
  if (typeof allowed === 'boolean') return allowed;
  if (typeof allowed === 'string') return allowed === origin;
  // Not `test`, which remembers where it was, with some flags.
  if (allowed instanceof RegExp) return origin.search(allowed) !== -1;
  return allowed.some((each) => allows(each, origin));
}

function answerPreflight(
  options: CorsOptions,
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
): void {
  const { methods = METHODS, allowedHeaders, maxAge, optionsSuccessStatus = 204 } = options;
  setList(response, 'Access-Control-Allow-Methods', methods);
  if (!allowedHeaders) vary(response, 'Access-Control-Request-Headers');
  const asked = request.headers['access-control-request-headers'];
  setList(response, 'Access-Control-Allow-Headers', allowedHeaders || asked);
  if (maxAge !== undefined) response.setHeader('Access-Control-Max-Age', String(maxAge));
  if (options.preflightContinue === true) {
    next();
    return;
  }
  // Some browsers wait for a body where there is no length.
  response.writeHead(optionsSuccessStatus, { 'Content-Length': '0' }).end();
}

function setList(response: ServerResponse, name: string, list: string | readonly string[] | undefined): void {
  const value = typeof list === 'object' ? list.join(',') : list;
  if (value) response.setHeader(name, value);
}
