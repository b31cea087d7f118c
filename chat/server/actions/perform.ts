/** Runs an action, whoever brought it: what goes wrong becomes an answer and one line in the log. */
import { type Answer, type Failure, failure } from '../../shared/failures.ts';
import type { Caller, Conversation } from '../conversation.ts';
import { formatError } from '../log.ts';
import { StoreBusy, StoreFull } from '../store/store.ts';
import { type Action, slowDown } from './action.ts';

const BUSY_MS = 1_000;

export async function perform(
  chat: Conversation,
  caller: Caller,
  name: string,
  action: Action,
  payload: unknown,
): Promise<Answer<object>> {
  const begun = performance.now();
  const answer = await action(chat, caller, payload).catch((error: unknown) => explain(chat, name, error));
  chat.metrics.observe(name, (performance.now() - begun) / 1_000);
  if (!answer.ok) chat.metrics.countFailure(answer.code);
  return answer;
}

export function explain({ log }: Conversation, name: string, error: unknown): Failure {
  if (error instanceof StoreBusy) return slowDown(BUSY_MS);
  if (error instanceof StoreFull) {
    log.error('The disk is full: nothing new can be stored.', { action: name });
    return failure('full', 'The server’s disk is full: nothing new can be stored. Reading goes on.');
  }
  log.error(formatError(`Cannot do "${name}"`, error));
  return failure('failed', 'Something went wrong on the server: try again in a moment.');
}
