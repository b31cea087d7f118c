/**
 * Node's HTTP, by `require`. An ES import of `node:http` reads all names that it exports, and one of them, `WebSocket`, is a
 * getter behind which Node loads undici and HTTP/2: 12 MB of memory (Node 24), for nothing that we use.
 */
import type * as Http from 'node:http';
import { createRequire } from 'node:module';

const http = createRequire(import.meta.url)('node:http') as typeof Http;

export const createServer: typeof http.createServer = http.createServer;
export const ServerResponse: typeof http.ServerResponse = http.ServerResponse;
export const STATUS_CODES: typeof http.STATUS_CODES = http.STATUS_CODES;
