/** What the browser asks its authenticators for, and what is said when nothing came of it. */
import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  WebAuthnError,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser';
import type { Answer, Failure, Me, PasskeyAsk, Passkeys, PasskeySignInAsk } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { explain } from '../../app/explain.ts';
import { t } from '../../words/later.ts';
import { describeAgent } from '../describe-agent.ts';

/** Whether browsers have passkeys for an address like this: never for a number. */
export function isPlaceForPasskeys(): boolean {
  return isSecureContext && !/^[\d.]+$|^\[/u.test(location.hostname);
}

/** Adds a passkey of this device or of one nearby. A text says why not. */
export async function addPasskey(app: App): Promise<Passkeys | string> {
  const options = await app.account.ask<PublicKeyCredentialCreationOptionsJSON>(
    'POST',
    '/api/passkeys/options',
    {},
  );
  if (!options.ok) return explainPasskey(options);
  const made = await caught(() => startRegistration({ optionsJSON: options }));
  if (typeof made === 'string') return made;
  const { clientDataJSON, authenticatorData, publicKey, transports } = made.response;
  // Some extensions that stand in for the browser leave them out.
  if (authenticatorData === undefined || publicKey === undefined) return t('browserFailed');
  const ask: PasskeyAsk = {
    label: describeAgent(navigator.userAgent),
    credential: {
      id: made.id,
      response: { clientDataJSON, authenticatorData, publicKey, ...(transports && { transports }) },
    },
  };
  const answer = await app.account.ask<Passkeys>('POST', '/api/passkeys', ask);
  return answer.ok ? answer : explainPasskey(answer);
}

/**
 * Signs in by a passkey that is chosen in the browser's own dialog or, `asCompletion`, among what it offers to fill in. A
 * text says why not; undefined: nothing was asked for, or another question took its place.
 */
export async function signInByPasskey(app: App, asCompletion: boolean): Promise<Me | string | undefined> {
  const path = '/api/sign-in/passkey';
  const options = await app.account.ask<PublicKeyCredentialRequestOptionsJSON>('POST', `${path}/options`, {});
  if (!options.ok) return asCompletion ? undefined : explainPasskey(options);
  const signed = await caught(() =>
    startAuthentication({ optionsJSON: options, useBrowserAutofill: asCompletion }),
  );
  if (typeof signed === 'string' || signed === undefined) return asCompletion ? undefined : signed;
  const { clientDataJSON, authenticatorData, signature, userHandle } = signed.response;
  const ask: PasskeySignInAsk = {
    credential: {
      id: signed.id,
      response: {
        clientDataJSON,
        authenticatorData,
        signature,
        ...(userHandle !== undefined && { userHandle }),
      },
    },
  };
  const answer: Answer<{ me: Me }> = await app.account.ask('POST', path, ask);
  return answer.ok ? answer.me : explainPasskey(answer);
}

/** The result, or what to say. */
async function caught<T>(ceremony: () => Promise<T>): Promise<T | string> {
  try {
    return await ceremony();
  } catch (error) {
    const name = error instanceof WebAuthnError ? error.name : '';
    if (name === 'InvalidStateError') return t('hasOneHere');
    return name === 'NotAllowedError' || name === 'AbortError' ? t('notChosen') : t('browserFailed');
  }
}

export function explainPasskey(failure: Failure): string {
  if (failure.code === 'gone') return t('tookTooLong');
  return failure.code === 'wrong password' ? t('opensNothing') : explain(failure);
}
