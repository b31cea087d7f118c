/** The options of history and recovery: what is kept of what was said, where, and how long. */
import type { HistoryLog, KeepRule } from './history/history-log.ts';
import type { KeepRules } from './history/journal.ts';
import { checkFunction, positiveNumber, switchable, trueOrFalse } from './option-checks.ts';

export interface RecoveryOptions {
  /** Milliseconds that a lost client is remembered. Default 120,000. */
  maxDisconnectionDuration?: number;
  /** Let a client that comes back in without asking the namespace's middleware. Default true. */
  skipMiddlewares?: boolean;
  /** Events, and as many clients, remembered for each namespace; the oldest go first. Default 100,000. */
  maxPackets?: number;
}

export interface ResolvedRecovery {
  readonly maxDisconnectionMs: number;
  readonly skipMiddlewares: boolean;
  readonly maxPackets: number;
}

/** How long events are kept: the oldest go first. `Infinity` means no limit. */
export interface KeepOptions {
  /** Milliseconds. */
  maxAge?: number;
  maxEvents?: number;
  /** Bytes of encoded events. */
  maxBytes?: number;
}

/** What was said, kept: for `history()`, for `join(room, { since })`, for recovery. */
export interface HistoryOptions extends KeepOptions {
  /** Where events are kept. Default: the memory of this process. It is closed with the server. */
  log?: HistoryLog;
  /**
   * Milliseconds that events are kept. Default: as long as recovery may need them, which is `maxDisconnectionDuration` and
   * the time in which a dead connection is noticed.
   */
  maxAge?: number;
  /** Events kept for each namespace. Default: `maxPackets` of recovery, which is 100,000. */
  maxEvents?: number;
  /** Bytes of encoded events kept for each namespace. Default 64 MiB. */
  maxBytes?: number;
  /**
   * Rooms whose events are kept by a rule of their own, or, with false, not at all. It must say the same each time. What is
   * sent to several rooms at once, or to all, is kept by the namespace's rule.
   */
  rooms?: (room: string, namespace: string) => KeepOptions | false | undefined;
  /** Whether an event is kept. Default: all that are not volatile and ask for no answer. */
  keep?: (event: string, namespace: string) => boolean;
  /** Called when something could not be kept, as the disk is full, for instance. Default: a warning of the process. */
  onError?: (error: unknown) => void;
}

export interface ResolvedHistory {
  readonly log: HistoryLog | undefined;
  readonly rulesOf: (namespace: string) => KeepRules;
  readonly keeps: (event: string, namespace: string) => boolean;
  readonly maxDisconnectionMs: number;
  readonly maxSessions: number;
  readonly onKeepError: (error: unknown) => void;
}

const MAX_BYTES = 64 * 1024 * 1024;
/** Rooms' rules that are remembered; more are asked for again. */
const MAX_KNOWN_RULES = 10_000;

export function recoveryOf(given: boolean | RecoveryOptions): ResolvedRecovery | undefined {
  if (given === false) return undefined;
  const { maxDisconnectionDuration, skipMiddlewares, maxPackets } = given === true ? {} : given;
  return Object.freeze({
    maxDisconnectionMs: positiveNumber(maxDisconnectionDuration, 'maxDisconnectionDuration', 120_000),
    skipMiddlewares: trueOrFalse(skipMiddlewares, 'skipMiddlewares', true),
    maxPackets: positiveNumber(maxPackets, 'maxPackets', 100_000),
  });
}

/** @param deadAfterMs how long a connection may be dead without being noticed */
export function historyOf(
  given: boolean | HistoryOptions,
  recovery: ResolvedRecovery | undefined,
  deadAfterMs: number,
): ResolvedHistory | undefined {
  const options = switchable<HistoryOptions>(given, 'history');
  if (options === undefined) {
    if (recovery === undefined) return undefined;
    throw new TypeError(
      'Option "history" cannot be false with "connectionStateRecovery": it needs what was sent',
    );
  }
  const { log, rooms, keep, onError } = options;
  for (const name of ['rooms', 'keep', 'onError'] as const) checkFunction(options[name], `history.${name}`);
  const { maxDisconnectionMs = 120_000, maxPackets = 100_000 } = recovery ?? {};
  const ofNamespace = keepRuleOf(options, {
    maxAgeMs: maxDisconnectionMs + deadAfterMs,
    maxEvents: maxPackets,
    maxBytes: MAX_BYTES,
  });
  const resolved: ResolvedHistory = {
    log,
    rulesOf: (namespace) => ({ ofNamespace, ofRoom: rulesOfRooms(rooms, namespace, ofNamespace) }),
    keeps: keep ?? (() => true),
    maxDisconnectionMs,
    maxSessions: maxPackets,
    onKeepError: onError ?? ((error) => process.emitWarning(error instanceof Error ? error : String(error))),
  };
  return Object.freeze(resolved);
}

/** What a room's rule leaves open is as in the namespace's. */
function rulesOfRooms(
  ask: HistoryOptions['rooms'],
  namespace: string,
  ofNamespace: KeepRule,
): KeepRules['ofRoom'] {
  if (ask === undefined) return () => undefined;
  const known = new Map<string, KeepRule | false | undefined>();
  return (room) => {
    if (known.has(room)) return known.get(room);
    const given = ask(room, namespace);
    const rule = typeof given === 'object' ? keepRuleOf(given, ofNamespace) : given;
    if (known.size >= MAX_KNOWN_RULES) known.clear();
    known.set(room, rule);
    return rule;
  };
}

function keepRuleOf({ maxAge, maxEvents, maxBytes }: KeepOptions, byDefault: KeepRule): KeepRule {
  return Object.freeze({
    maxAgeMs: positiveNumber(maxAge, 'history.maxAge', byDefault.maxAgeMs),
    maxEvents: positiveNumber(maxEvents, 'history.maxEvents', byDefault.maxEvents),
    maxBytes: positiveNumber(maxBytes, 'history.maxBytes', byDefault.maxBytes),
  });
}
