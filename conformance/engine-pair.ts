/** Plays the same on `engine.io` from npm and on `websockets.io/engine`, and compares what was noted. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it } from 'node:test';
import * as reference from 'engine.io';
import * as ours from 'websockets.io/engine';
import { Notebook } from './notebook.ts';

type Engine = ours.Server;
type Play = (stage: Stage) => Promise<void>;

export interface Stage {
  engine: Engine;
  port: number;
  notes: Notebook;
}

export interface Answer {
  status: number | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

// Both have the documented API; that ours has it at run time is what is proved here.
export const libraries: Record<'engine.io' | 'websockets.io', typeof ours> = {
  'engine.io': reference as unknown as typeof ours,
  'websockets.io': ours,
};
export const POLLING: string = '/engine.io/?EIO=4&transport=polling';
export const WEBSOCKET: Record<string, string> = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
};

async function playOn(library: typeof ours, options: ours.ServerOptions, play: Play): Promise<unknown> {
  const http = createServer((_request, response) => response.writeHead(404).end('application'));
  const engine = library.attach(http, options);
  const notes = new Notebook();
  await once(http.listen(0, '127.0.0.1'), 'listening');
  try {
    await play({ engine, port: (http.address() as AddressInfo).port, notes });
    return notes.read();
  } finally {
    engine.close();
    http.closeAllConnections();
    http.close();
  }
}

export function same(name: string, options: ours.ServerOptions, play: Play): void {
  it(name, async () => {
    const expected = await playOn(libraries['engine.io'], { ...options }, play);
    const actual = await playOn(libraries['websockets.io'], { ...options }, play);
    assert.ok(Object.keys(expected as object).length > 0, 'nothing was noted');
    assert.deepEqual(actual, expected);
  });
}

export async function ask(
  { port }: Stage,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body?: string,
): Promise<Answer> {
  const sent = request({ host: '127.0.0.1', port, path, headers, method, agent: false }).end(body);
  const { promise, resolve } = Promise.withResolvers<[IncomingMessage, boolean]>();
  sent.on('response', (response) => resolve([response, false]));
  sent.on('upgrade', (response, tcp) => {
    tcp.destroy();
    resolve([response, true]);
  });
  const [response, upgraded] = await promise;
  const chunks: Buffer[] = [];
  if (!upgraded) for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode,
    headers: response.headers,
    body: Buffer.concat(chunks).toString('latin1'),
  };
}

/** Headers that both send with everything, or with a time in them. */
const COMMON = new Set([
  'date',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'upgrade',
]);
export function told({ headers }: Answer): [string, unknown][] {
  return Object.entries(headers)
    .filter(([name]) => !COMMON.has(name) && !name.startsWith('sec-websocket'))
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

export async function openSession(stage: Stage): Promise<string> {
  const { body } = await ask(stage, POLLING);
  return (JSON.parse(body.slice(1)) as { sid: string }).sid;
}

export function noteErrors({ engine, notes }: Stage): void {
  engine.on('connection_error', ({ code, message, context }) =>
    notes.note('engine', 'connection_error', code, message, context),
  );
}
