import {
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  WebAuthnAbortService,
} from '@simplewebauthn/browser';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Me, PasskeyInfo } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { explain } from '../../app/explain.ts';
import { t } from '../../words/later.ts';
import { addPasskey, isPlaceForPasskeys, signInByPasskey } from './ceremony.ts';
import { PasskeyLine } from './passkey-line.tsx';

/** Below the five minutes for which the server waits for an answer. */
const ASK_AGAIN_MS = 4 * 60_000;

/** My passkeys. The first one makes a guest a member. */
export function Passkeys({ app, me }: { app: App; me: Me }): VNode {
  const passkeys = useSignal<readonly PasskeyInfo[]>([]);
  const problem = useSignal<string | undefined>(undefined);
  const isBusy = useSignal(false);
  useEffect(() => {
    void app.account.ask<{ passkeys: PasskeyInfo[] }>('GET', '/api/passkeys').then((answer) => {
      if (answer.ok) passkeys.value = answer.passkeys;
      else problem.value = explain(answer);
    });
  }, []);
  const add = async (): Promise<void> => {
    if (isBusy.value) return;
    isBusy.value = true;
    problem.value = undefined;
    const added = await addPasskey(app);
    isBusy.value = false;
    if (typeof added === 'string') {
      problem.value = added;
      return;
    }
    passkeys.value = added.passkeys;
    app.becameSomeone(added.me);
    app.toasts.say(t('passkeyAdded'));
  };
  const isLast = !me.hasPassword && passkeys.value.length === 1;
  return (
    <section class="block" aria-labelledby="passkeys-title">
      <h3 id="passkeys-title">{t('passkeys')}</h3>
      <p class="hint">
        {t('passkeysWhat')} {me.role === 'guest' && isPlaceForPasskeys() && t('passkeyKeepsName')}
      </p>
      {passkeys.value.length > 0 && (
        <ul class="lines">
          {passkeys.value.map((passkey) => (
            <PasskeyLine
              key={passkey.id}
              app={app}
              passkey={passkey}
              isLast={isLast}
              onChange={(changed) => {
                passkeys.value = changed.passkeys;
                app.becameSomeone(changed.me);
              }}
            />
          ))}
        </ul>
      )}
      <p class="problem" role="alert">
        {problem.value}
      </p>
      <AddButton isBusy={isBusy.value} add={() => void add()} />
    </section>
  );
}

function AddButton({ isBusy, add }: { isBusy: boolean; add: () => void }): VNode {
  if (!isPlaceForPasskeys()) return <p class="hint">{t('passkeyNeedsHttps')}</p>;
  if (!browserSupportsWebAuthn()) return <p class="hint">{t('passkeyUnknownHere')}</p>;
  return (
    <div class="form-actions">
      <button type="button" class="secondary" aria-disabled={isBusy} onClick={add}>
        {t('addPasskey')}
      </button>
    </div>
  );
}

/** Below the fields for name and password, where the browser also offers passkeys to fill in. */
export function PasskeySignIn({ app }: { app: App }): VNode | null {
  const problem = useSignal<string | undefined>(undefined);
  const isPossible = isPlaceForPasskeys() && browserSupportsWebAuthn();
  const signIn = async (asCompletion: boolean): Promise<void> => {
    problem.value = undefined;
    const result = await signInByPasskey(app, asCompletion);
    if (result === undefined) return;
    if (typeof result !== 'string') {
      app.becameSomeone(result);
      app.places.go('/');
      return;
    }
    problem.value = result;
    void offer();
  };
  const offer = async (): Promise<void> => {
    if (isPossible && (await browserSupportsWebAuthnAutofill())) await signIn(true);
  };
  useEffect(() => {
    void offer();
    const again = setInterval(() => void offer(), ASK_AGAIN_MS);
    return () => {
      clearInterval(again);
      WebAuthnAbortService.cancelCeremony();
    };
  }, []);
  if (!isPossible) return null;
  return (
    <div class="form">
      <button type="button" class="secondary" onClick={() => void signIn(false)}>
        {t('signInByPasskey')}
      </button>
      <p class="problem" role="alert">
        {problem.value}
      </p>
    </div>
  );
}

/** What a link for coming back takes away. */
export function RemovedPasskeys({ labels }: { labels: readonly string[] }): VNode {
  return <p class="hint">{t('passkeysGo', { n: labels.length, labels: labels.join('; ') })}</p>;
}
