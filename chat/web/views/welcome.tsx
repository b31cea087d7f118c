import type { VNode } from 'preact';
import type { App } from '../app.ts';
import { NameForm } from './name-form.tsx';

/** In the place of the composer until this browser has a name. The conversation above can be read already. */
export function Welcome({ app }: { app: App }): VNode {
  return (
    <section class="welcome" aria-labelledby="welcome-title">
      <h2 id="welcome-title">Join the conversation</h2>
      <NameForm
        app={app}
        label="What should people call you?"
        action="Join"
        initial=""
        hint="No account, no e-mail. You can change your name later."
        onDone={() => undefined}
      />
    </section>
  );
}
