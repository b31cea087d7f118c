/** Stops the process in good order when it is asked to, and at once when it is asked again. */
import type { EventEmitter } from 'node:events';
import { type Log, formatError } from './log.ts';

/** Supervisors commonly kill after 10 s, and people expect less. */
const STOP_LIMIT_MS = 4_500;
/** On Ctrl-C the terminal signals npm and us, and npm passes it on to us: that is one wish, not two. */
const SAME_WISH_MS = 500;

export interface StopOnSignals {
  /** The process, or in tests something that emits the same events. */
  signals: EventEmitter;
  close: () => Promise<void>;
  exit: (code: number) => void;
  log: Log;
  now?: () => number;
}

export function stopOnSignals({ signals, close, exit, log, now = Date.now }: StopOnSignals): void {
  let askedAt: number | undefined;

  const stop = async (): Promise<void> => {
    const limit = setTimeout(() => {
      log.error(`Chat did not stop within ${STOP_LIMIT_MS / 1_000} seconds and was ended.`);
      exit(1);
    }, STOP_LIMIT_MS);
    limit.unref();
    try {
      await close();
      log.info('Chat stopped.');
      exit(0);
    } catch (error) {
      log.error(formatError('Chat could not stop in good order', error));
      exit(1);
    } finally {
      clearTimeout(limit);
    }
  };

  const onSignal = (): void => {
    if (askedAt === undefined) {
      askedAt = now();
      void stop();
    } else if (now() - askedAt > SAME_WISH_MS) {
      exit(1);
    }
  };
  signals.on('SIGINT', onSignal);
  signals.on('SIGTERM', onSignal);
}
