/** An authenticator in a few lines of node:crypto: makes passkeys and signs with them, also wrongly when a test wants it. */
import assert from 'node:assert/strict';
import { type KeyObject, createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { PasskeyAsk, PasskeySignInAsk } from '../shared/events.ts';

export type Algorithm = 'ES256' | 'EdDSA' | 'RS256';

/** What is said otherwise than a browser would. */
export interface Wrongly {
  origin?: string;
  rpId?: string;
  type?: string;
  challenge?: string;
  crossOrigin?: boolean;
  topOrigin?: string;
  flags?: number;
  counter?: number;
  userHandle?: string | null;
}

interface Keys {
  publicKey: KeyObject;
  privateKey: KeyObject;
}

export interface CreationOptions {
  challenge: string;
  rp: { id: string; name: string };
  user: { id: string; name: string };
  excludeCredentials: { id: string }[];
}

export interface RequestOptions {
  challenge: string;
  rpId: string;
  allowCredentials: unknown[];
}

const PRESENT_AND_VERIFIED = 1 | 4;
const ATTESTED = 64;

export class Authenticator {
  readonly id: Buffer = randomBytes(20);
  readonly publicKey: KeyObject;
  counter = 0;
  userHandle = '';
  readonly #privateKey: KeyObject;

  constructor(algorithm: Algorithm = 'ES256', keys: Keys = makeKeys(algorithm)) {
    this.publicKey = keys.publicKey;
    this.#privateKey = keys.privateKey;
  }

  make(
    { challenge, rp, user }: CreationOptions,
    origin: string,
    wrongly: Wrongly = {},
  ): PasskeyAsk['credential'] {
    this.userHandle = user.id;
    const data = this.#data(rp.id, ATTESTED, wrongly);
    const length = Buffer.from([0, this.id.length]);
    // The key as CBOR comes last, which our server does not read.
    const attested = Buffer.concat([data, Buffer.alloc(16), length, this.id, Buffer.from([0xa0])]);
    return {
      id: this.id.toString('base64url'),
      response: {
        clientDataJSON: clientData('webauthn.create', challenge, origin, wrongly).toString('base64url'),
        authenticatorData: attested.toString('base64url'),
        publicKey: this.publicKey.export({ format: 'der', type: 'spki' }).toString('base64url'),
        transports: ['internal'],
      },
    };
  }

  sign(
    { challenge, rpId }: RequestOptions,
    origin: string,
    wrongly: Wrongly = {},
  ): PasskeySignInAsk['credential'] {
    const said = clientData('webauthn.get', challenge, origin, wrongly);
    const data = this.#data(rpId, 0, wrongly);
    const signed = Buffer.concat([data, createHash('sha256').update(said).digest()]);
    const hash = this.#privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256';
    const handle = wrongly.userHandle === undefined ? this.userHandle : wrongly.userHandle;
    return {
      id: this.id.toString('base64url'),
      response: {
        clientDataJSON: said.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: sign(hash, signed, this.#privateKey).toString('base64url'),
        ...(handle !== null && { userHandle: handle }),
      },
    };
  }

  #data(rpId: string, flags: number, wrongly: Wrongly): Buffer {
    const bytes = Buffer.alloc(37);
    createHash('sha256')
      .update(wrongly.rpId ?? rpId)
      .digest()
      .copy(bytes);
    bytes[32] = (wrongly.flags ?? PRESENT_AND_VERIFIED) | flags;
    bytes.writeUInt32BE(wrongly.counter ?? this.counter, 33);
    return bytes;
  }
}

function clientData(type: string, challenge: string, origin: string, wrongly: Wrongly): Buffer {
  const { crossOrigin = false, topOrigin } = wrongly;
  return Buffer.from(
    JSON.stringify({
      type: wrongly.type ?? type,
      challenge: wrongly.challenge ?? challenge,
      origin: wrongly.origin ?? origin,
      crossOrigin,
      ...(topOrigin !== undefined && { topOrigin }),
    }),
  );
}

function makeKeys(algorithm: Algorithm): Keys {
  if (algorithm === 'EdDSA') return generateKeyPairSync('ed25519');
  if (algorithm === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' });
  assert.equal(algorithm, 'RS256');
  return generateKeyPairSync('rsa', { modulusLength: 2_048 });
}
