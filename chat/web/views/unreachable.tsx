import type { VNode } from 'preact';
import type { App } from '../app.ts';

/** Instead of the list when the server did not answer since the page was opened. */
export function Unreachable({ app }: { app: App }): VNode {
  return (
    <div class="notice" role="alert">
      <h2>The chat does not answer</h2>
      <p>Its server may be starting, or this device may be offline. The page keeps trying by itself.</p>
      <button type="button" class="primary" onClick={() => app.retryConnection()}>
        Try now
      </button>
    </div>
  );
}
