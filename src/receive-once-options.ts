/** The options of what is received once: how a repeated emit is known, and how long its answer is remembered. */
import type { Socket } from './namespaces/socket.ts';
import { checkFunction, positiveNumber, switchable } from './option-checks.ts';

export interface ReceiveOnceOptions {
  /**
   * The id of an emit, of 1 to 64 characters; without one it is handled each time that it comes. Default: the property
   * `messageId` of its last argument (before the acknowledgement), if that is a plain object.
   */
  id?: (event: string, args: readonly unknown[]) => string | undefined;
  /**
   * Who emits: the same id of somebody else is another. Default: the socket, also when recovery has brought it back. Name the
   * user, so that it holds too for who comes back as somebody new.
   */
  identity?: (socket: Socket) => string | undefined;
  /** Milliseconds that an answer is remembered. Default 600,000. */
  maxAge?: number;
  /** Answers remembered for each namespace; the oldest go first. As many may be on their way. Default 100,000. */
  maxIds?: number;
  /** Bytes of an answer. A longer one is not remembered: such an emit is handled again. Default 4,096. */
  maxAnswerBytes?: number;
}

export interface ResolvedReceiveOnce {
  readonly idOf: (event: string, args: readonly unknown[]) => unknown;
  readonly identityOf: (socket: Socket) => string | undefined;
  readonly maxAgeMs: number;
  readonly maxIds: number;
  readonly maxAnswerBytes: number;
}

/** @param hasHistory whether there is a log, in which answers can be noted */
export function receiveOnceOf(
  given: boolean | ReceiveOnceOptions,
  hasHistory: boolean,
): ResolvedReceiveOnce | undefined {
  const options = switchable<ReceiveOnceOptions>(given, 'receiveOnce');
  if (options === undefined) return undefined;
  if (!hasHistory) {
    throw new TypeError(
      'Option "receiveOnce" needs "history" or "connectionStateRecovery", with our own adapter: answers are kept there',
    );
  }
  const { id, identity, maxAge, maxIds, maxAnswerBytes } = options;
  checkFunction(id, 'receiveOnce.id');
  checkFunction(identity, 'receiveOnce.identity');
  return Object.freeze({
    idOf: id ?? messageIdOf,
    identityOf: identity ?? (() => undefined),
    maxAgeMs: positiveNumber(maxAge, 'receiveOnce.maxAge', 600_000),
    maxIds: positiveNumber(maxIds, 'receiveOnce.maxIds', 100_000),
    maxAnswerBytes: positiveNumber(maxAnswerBytes, 'receiveOnce.maxAnswerBytes', 4_096),
  });
}

function messageIdOf(_event: string, args: readonly unknown[]): unknown {
  const last = args.at(-1);
  if (typeof last !== 'object' || last === null || Object.getPrototypeOf(last) !== Object.prototype)
    return undefined;
  return Object.hasOwn(last, 'messageId') ? (last as { messageId: unknown }).messageId : undefined;
}
