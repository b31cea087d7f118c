import type { VNode } from 'preact';
import type { App } from '../app.ts';
import type { Unsent } from '../core/outbox.ts';
import { AlertIcon, ClockIcon } from './icons.tsx';

/** Under a row that the server has not confirmed: why, and what can be done. */
export function UnsentNote({ app, unsent }: { app: App; unsent: Unsent }): VNode {
  const { nonce, state } = unsent;
  if (state.kind === 'pending') {
    return (
      <span class="note-clock" title="Sending">
        <ClockIcon />
        <span class="unseen-text">Sending</span>
      </span>
    );
  }
  const isHopeless = state.kind === 'refused' && (state.code === 'too long' || state.code === 'invalid');
  return (
    <div class="note">
      <span class="note-reason">
        <AlertIcon />
        {state.kind === 'refused' ? `Not sent. ${state.reason}` : 'Not confirmed'}
      </span>
      <span class="note-actions">
        {isHopeless ? (
          <button type="button" class="plain" onClick={() => app.rewrite(nonce)}>
            Edit
          </button>
        ) : (
          <button type="button" class="plain" onClick={() => app.retry(nonce)}>
            Retry
          </button>
        )}
        <button type="button" class="plain" onClick={() => app.discard(nonce)}>
          Delete
        </button>
      </span>
    </div>
  );
}
