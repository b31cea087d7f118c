/**
 * Passkeys: what the browser says of one that was made or used, as `PublicKeyCredential.toJSON()` writes it. Only what
 * is looked at is read. All bytes are base64url.
 */
import { type Field, type Parser, fields, filledSign, invalid, optional, text } from './fields.ts';
import type { Me } from './people.ts';

/** A phone, a laptop, a security key and the ones that were forgotten. */
export const PASSKEYS_PER_PERSON = 20;
export const PASSKEY_LABEL_CHARS = 60;

export interface PasskeyInfo {
  id: string;
  /** What its person calls it. */
  label: string;
  created: number;
  /** Null if it was never used. */
  used: number | null;
}

/** One's own, after they have changed. */
export interface Passkeys {
  me: Me;
  passkeys: PasskeyInfo[];
}

/** An authenticator has made a passkey. */
export interface PasskeyAsk {
  label: string;
  credential: {
    id: string;
    response: {
      clientDataJSON: string;
      authenticatorData: string;
      /** As SubjectPublicKeyInfo. */
      publicKey: string;
      transports?: string[];
    };
  };
}

export interface LabelAsk {
  label: string;
}

/** An authenticator has signed. */
export interface PasskeySignInAsk {
  credential: {
    id: string;
    response: {
      clientDataJSON: string;
      authenticatorData: string;
      signature: string;
      userHandle?: string;
    };
  };
}

/** WebAuthn §6.1: at most 1023 bytes. */
const ID_CHARS = 1_364;
const CLIENT_DATA_CHARS = 4_096;
const AUTHENTICATOR_DATA_CHARS = 4_096;
/** RSA with 4096 bits has 734. */
const KEY_CHARS = 1_024;
const MAX_TRANSPORTS = 8;

function base64url(maxChars: number): Field<string> {
  const parse = text(maxChars);
  return (value, name) => {
    const parsed = parse(value, name);
    if (!parsed.ok || /^[\w-]+$/.test(parsed.value ?? '')) return parsed;
    return invalid(`"${name}" must be base64url.`);
  };
}

function nested<T extends object>(parse: Parser<T>): Field<T> {
  return (value, name) => {
    if (typeof value !== 'object' || value === null) return invalid(`"${name}" must be an object.`);
    return parse(value);
  };
}

/** Hints: those that no browser would write are left out. */
const transports: Field<string[]> = (value, name) => {
  if (!Array.isArray(value)) return invalid(`"${name}" must be a list.`);
  const words = value.slice(0, MAX_TRANSPORTS) as unknown[];
  const isHint = (word: unknown): word is string => typeof word === 'string' && /^[a-z-]{1,20}$/.test(word);
  return { ok: true, value: words.filter(isHint) };
};

/** Missing, or null as some authenticators have it. */
const userHandle: Field<string> = (value, name) =>
  value === null ? { ok: true, value: undefined } : base64url(128)(value, name);

const id = base64url(ID_CHARS);
const clientDataJSON = base64url(CLIENT_DATA_CHARS);
const authenticatorData = base64url(AUTHENTICATOR_DATA_CHARS);
const label = filledSign(PASSKEY_LABEL_CHARS);

export const parsePasskey: Parser<PasskeyAsk> = fields<PasskeyAsk>({
  label,
  credential: nested(
    fields<PasskeyAsk['credential']>({
      id,
      response: nested(
        fields<PasskeyAsk['credential']['response']>({
          clientDataJSON,
          authenticatorData,
          publicKey: base64url(KEY_CHARS),
          transports: optional(transports),
        }),
      ),
    }),
  ),
});

export const parseLabel: Parser<LabelAsk> = fields({ label });

export const parsePasskeySignIn: Parser<PasskeySignInAsk> = fields<PasskeySignInAsk>({
  credential: nested(
    fields<PasskeySignInAsk['credential']>({
      id,
      response: nested(
        fields<PasskeySignInAsk['credential']['response']>({
          clientDataJSON,
          authenticatorData,
          signature: base64url(KEY_CHARS),
          userHandle: optional(userHandle),
        }),
      ),
    }),
  ),
});
