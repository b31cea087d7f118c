/** Notes what somebody did with more rights than others have: a line in the log, and an entry that stays. */
import type { LogFields } from './log.ts';
import type { Conversation } from './conversation.ts';
import { formatError } from './log.ts';
import type { NewDeed } from './store/deeds.ts';

/**
 * It is done by then, so that a full disk must not turn the answer into a failure: the line in the log is left.
 * The log gets ids and `fields`, never `detail`, which may be a name.
 */
export async function record(
  { store, log, now }: Pick<Conversation, 'store' | 'log' | 'now'>,
  deed: Omit<NewDeed, 'at'>,
  fields: LogFields = {},
): Promise<void> {
  const { what, by, about, room } = deed;
  log.info(what.charAt(0).toUpperCase() + what.slice(1), {
    by,
    ...(about !== undefined && { person: about }),
    ...(room !== undefined && { room }),
    ...fields,
  });
  try {
    await store.deeds.note({ ...deed, at: now() });
  } catch (error) {
    log.error(formatError('Cannot note what was done', error));
  }
}
