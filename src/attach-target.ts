/** What a server is attached to. */
import type { Server as HttpServer } from 'node:http';
import { createServer } from './node-http.ts';
import type { Server as HttpsServer } from 'node:https';
import type { ServerOptions } from './options.ts';

/** What a server can be attached to: an HTTP or HTTPS server, or a port to listen on. */
export type AttachTarget = HttpServer | HttpsServer | number;

/** Anything that can listen was meant to be attached to. */
export function isOptions(target: unknown): target is ServerOptions {
  return typeof target === 'object' && target !== null && !('listen' in target);
}

/** @throws {TypeError} when it cannot be attached to */
export function serverOf(target: AttachTarget): HttpServer {
  // Ports often come from the environment, as strings.
  const port = typeof target === 'string' ? Number(target) : target;
  if (typeof port === 'number' && !Number.isNaN(port)) return createServer(notFound).listen(port);
  if (!isHttpServer(target)) {
    throw new TypeError(
      'Cannot attach: pass an http.Server (from createServer(app)), not an Express application',
    );
  }
  return target;
}

function isHttpServer(value: unknown): value is HttpServer {
  // By shape: an HTTPS or HTTP/1-compatible server of any origin will do. Koa's and Fastify's applications lack one each.
  const has = (name: string): boolean =>
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Record<string, unknown>)[name] === 'function';
  return has('listeners') && has('listen') && has('close');
}

const notFound = (_request: unknown, response: { writeHead(status: number): { end(): unknown } }): void => {
  response.writeHead(404).end();
};
