/**
 * Node's HTTP, by `require`. An ES import of `node:http` reads all names that it exports, and one of them, `WebSocket`, is a
 * getter behind which Node loads undici and HTTP/2: 12 MB of memory (Node 24), for nothing that the chat uses.
 */
import type * as Http from 'node:http';
import { createRequire } from 'node:module';

const http = createRequire(import.meta.url)('node:http') as typeof Http;

export const createServer: typeof http.createServer = http.createServer;
export const request: typeof http.request = http.request;
