/** A real chat on a free port for tests, with visitors. Everything is closed and removed when the test ends. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Socket, io } from 'socket.io-client';
import { type ChatOptions, createChat } from '../server/chat.ts';
import type { Answer, ClientToServer, Entered, Me, Message, ServerToClient } from '../shared/events.ts';
import { temporaryFolder } from './temporary-folder.ts';

export type Client = Socket<ServerToClient, ClientToServer>;

export interface RunningChat {
  url: string;
  errors: string[];
  close(): Promise<void>;
  /** Gives a name as the page does; returns the cookie. */
  signIn(name: string): Promise<{ me: Me; cookie: string }>;
  /** Connects, with a cookie or without. */
  connect(headers?: Record<string, string>, auth?: object): Promise<Client>;
}

export async function runChat(
  context: TestContext,
  options: Partial<ChatOptions> = {},
): Promise<RunningChat> {
  const dataFolder = options.dataFolder ?? temporaryFolder(context);
  const errors: string[] = [];
  const log = { info: () => {}, error: (line: string) => void errors.push(line) };
  const webFolder = join(dataFolder, 'no-page');
  const chat = await createChat({ webFolder, log, ...options, dataFolder });
  const url = `http://localhost:${await chat.listen({ port: 0 })}`;
  const clients: Client[] = [];
  const close = async (): Promise<void> => {
    for (const client of clients) client.disconnect();
    await chat.close();
  };
  context.after(close);
  return {
    url,
    errors,
    close,
    async signIn(name) {
      const response = await postJson(`${url}/api/session`, { name });
      assert.equal(response.status, 200);
      const { me } = (await response.json()) as { me: Me };
      return { me, cookie: readCookie(response) };
    },
    async connect(headers = {}, auth = {}) {
      const client = openSocket(url, headers, auth);
      clients.push(client);
      await connected(client);
      return client;
    },
  };
}

/** A socket that neither shares a connection with others nor comes back by itself. */
export function openSocket(url: string, headers: Record<string, string> = {}, auth: object = {}): Client {
  return io(url, {
    forceNew: true,
    reconnection: false,
    transports: ['websocket'],
    extraHeaders: headers,
    auth,
  });
}

export function connected(client: Client): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once('connect', resolve);
    client.once('connect_error', reject);
  });
}

export function postJson(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(url, {
    method: 'POST',
    body: text,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

/** What a browser would send back of the answer's cookie. */
export function readCookie(response: Response): string {
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

/** Sends an event with any payload and returns whatever comes back. */
export async function ask<T>(client: Client, event: string, ...payload: unknown[]): Promise<Answer<T>> {
  const loose = client.timeout(5_000) as unknown as {
    emitWithAck(event: string, ...payload: unknown[]): Promise<Answer<T>>;
  };
  return await loose.emitWithAck(event, ...payload);
}

/** Asks, and fails the test if the answer is a failure. */
export async function asked<T>(client: Client, event: string, payload: unknown): Promise<T & { ok: true }> {
  const answer = await ask<T>(client, event, payload);
  if (!answer.ok) assert.fail(`${event} failed: ${answer.text}`);
  return answer;
}

export function enter(client: Client, rev?: number): Promise<Entered & { ok: true }> {
  return asked<Entered>(client, 'enter', { room: 'general', ...(rev !== undefined && { rev }) });
}

export async function say(client: Client, body: string, nonce: string = newNonce()): Promise<Message> {
  return (await asked<{ message: Message }>(client, 'send', { room: 'general', nonce, body })).message;
}

/** Waits for one event. */
export function heard<E extends keyof ServerToClient>(
  client: Client,
  event: E,
): Promise<Parameters<ServerToClient[E]>[0]> {
  return new Promise((resolve) => {
    (client as unknown as { once(event: string, listener: typeof resolve): void }).once(event, resolve);
  });
}

/** Collects all that this socket hears of an event from now on. */
export function listen<E extends keyof ServerToClient>(
  client: Client,
  event: E,
): Parameters<ServerToClient[E]>[0][] {
  const all: Parameters<ServerToClient[E]>[0][] = [];
  (client as unknown as { on(event: string, listener: (value: (typeof all)[number]) => void): void }).on(
    event,
    (value) => void all.push(value),
  );
  return all;
}

export function newNonce(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex');
}

export function bodies(messages: readonly Message[]): string[] {
  return messages.map((message) => message.body);
}
