/** Visitors who ask over HTTP, and what they become by it. */
import assert from 'node:assert/strict';
import type { Me } from '../shared/events.ts';
import { type Client, type RunningChat, readCookie } from './running-chat.ts';

export const PASSWORD = 'a long enough one';

export interface Called<T> {
  status: number;
  value: T;
  cookie: string;
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what comes back
export async function call<T = unknown>(
  chat: RunningChat,
  method: string,
  path: string,
  body: unknown,
  cookie = '',
): Promise<Called<T>> {
  const response = await fetch(chat.url + path, {
    method,
    headers: { cookie, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, value: (await response.json()) as T, cookie: readCookie(response) };
}

/** The first owner, from this machine. */
export async function claim(chat: RunningChat, name = 'Olga'): Promise<{ me: Me; cookie: string }> {
  const { status, value, cookie } = await call<{ me: Me }>(chat, 'POST', '/api/owner', { name });
  assert.equal(status, 200);
  return { me: value.me, cookie };
}

export async function member(chat: RunningChat, name: string): Promise<{ me: Me; cookie: string }> {
  const { cookie } = await chat.signIn(name);
  const made = await call<{ me: Me }>(chat, 'POST', '/api/account', { password: PASSWORD }, cookie);
  assert.equal(made.status, 200);
  return { me: made.value.me, cookie: made.cookie };
}

/** Resolves when the socket is closed. */
export const ended = (client: Client): Promise<void> =>
  new Promise((resolve) => client.once('disconnect', () => resolve()));
