/**
 * Web Authentication, the relying party's part: reads and checks what an authenticator says when it makes a passkey (§7.1)
 * and when it signs (§7.2). No I/O, no clock. The cryptography is Node's; nothing here needs CBOR, since browsers give the
 * authenticator data and the public key in plain forms, too (§5.2.1.1), and since nobody is to vouch for the authenticator:
 * without an attestation statement the key is the browser's word in either form, and who lies about it cannot sign in.
 */
import { type KeyObject, createHash, createPublicKey, verify } from 'node:crypto';

/** What came is not what a browser would send for this challenge, page and key. */
export class WebAuthnFault extends Error {
  override readonly name: string = 'WebAuthnFault';
}

/** COSE: EdDSA, ES256, RS256, in this order of preference. */
export const ALGORITHMS: readonly number[] = [-8, -7, -257];

export interface Expected {
  type: 'webauthn.create' | 'webauthn.get';
  challenge: string;
  origin: string;
  rpId: string;
}

interface AuthenticatorData {
  counter: number;
  /** What follows the counter when a passkey was made (§6.5.1). */
  attested: Uint8Array | null;
}

/** §6.1, with the bits of the flags. */
const RP_ID_HASH_BYTES = 32;
const HEADER_BYTES = 37;
const USER_PRESENT = 1;
const USER_VERIFIED = 4;
const BACKUP_ELIGIBLE = 8;
const BACKED_UP = 16;
const ATTESTED = 64;
/** §6.5.1: the model of the authenticator, then the length of the id. */
const AAGUID_BYTES = 16;
const MAX_ID_BYTES = 1_023;
const RSA_BITS = { least: 2_048, most: 4_096 };
const RSA_EXPONENT = 65_537n;

export interface Made {
  counter: number;
}

/**
 * Checks a new passkey.
 * @throws {WebAuthnFault}
 */
export function verifyMade(
  response: { clientData: Uint8Array; authenticatorData: Uint8Array; publicKey: Uint8Array },
  id: Uint8Array,
  expected: Expected,
): Made {
  checkClientData(response.clientData, expected);
  const { counter, attested } = readAuthenticatorData(response.authenticatorData, expected.rpId);
  if (attested === null) throw new WebAuthnFault('The authenticator data has no credential');
  if (!Buffer.from(readId(attested)).equals(id)) throw new WebAuthnFault('The id is another one');
  readKey(response.publicKey);
  return { counter };
}

/**
 * Checks a signature by a passkey.
 * @throws {WebAuthnFault}
 */
export function verifySigned(
  response: { clientData: Uint8Array; authenticatorData: Uint8Array; signature: Uint8Array },
  publicKey: Uint8Array,
  expected: Expected,
): { counter: number } {
  checkClientData(response.clientData, expected);
  const { counter } = readAuthenticatorData(response.authenticatorData, expected.rpId);
  const key = readKey(publicKey);
  const signed = Buffer.concat([response.authenticatorData, sha256(response.clientData)]);
  // Ed25519 hashes by itself. The others: ECDSA as ASN.1, RSA with PKCS #1 padding, which are Node's defaults (§6.5.5).
  const hash = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  if (!verify(hash, signed, key, response.signature)) throw new WebAuthnFault('The signature is wrong');
  return { counter };
}

/**
 * The challenge that the browser says it answers; nothing else is checked yet.
 * @throws {WebAuthnFault}
 */
export function readChallenge(clientData: Uint8Array): string {
  const { challenge } = readClientData(clientData);
  if (typeof challenge !== 'string') throw new WebAuthnFault('The client data has no challenge');
  return challenge;
}

function checkClientData(bytes: Uint8Array, { type, challenge, origin }: Expected): void {
  const data = readClientData(bytes);
  if (data['type'] !== type) throw new WebAuthnFault(`The client data is no "${type}"`);
  if (data['challenge'] !== challenge) throw new WebAuthnFault('The challenge is another one');
  if (data['origin'] !== origin) throw new WebAuthnFault('The page is of another origin');
  // In a frame on somebody else's page.
  if (data['crossOrigin'] === true || data['topOrigin'] !== undefined) {
    throw new WebAuthnFault('The page was within another page');
  }
}

function readClientData(bytes: Uint8Array): Record<string, unknown> {
  let data: unknown;
  try {
    data = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new WebAuthnFault('The client data is no JSON', { cause: error });
  }
  if (typeof data !== 'object' || data === null) throw new WebAuthnFault('The client data is no object');
  return data as Record<string, unknown>;
}

function readAuthenticatorData(bytes: Uint8Array, rpId: string): AuthenticatorData {
  if (bytes.length < HEADER_BYTES) throw new WebAuthnFault('The authenticator data is too short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!sha256(rpId).equals(bytes.subarray(0, RP_ID_HASH_BYTES))) {
    throw new WebAuthnFault('The passkey is for another site');
  }
  const flags = view.getUint8(RP_ID_HASH_BYTES);
  const has = (bit: number): boolean => (flags & bit) !== 0;
  if (!has(USER_PRESENT)) throw new WebAuthnFault('Nobody was there');
  // A passkey stands for name and password: that the key was at hand is not enough.
  if (!has(USER_VERIFIED)) throw new WebAuthnFault('It was not made sure who was there');
  if (has(BACKED_UP) && !has(BACKUP_ELIGIBLE)) throw new WebAuthnFault('The flags contradict each other');
  return {
    counter: view.getUint32(RP_ID_HASH_BYTES + 1),
    attested: has(ATTESTED) ? bytes.subarray(HEADER_BYTES) : null,
  };
}

function readId(attested: Uint8Array): Uint8Array {
  const start = AAGUID_BYTES + 2;
  if (attested.length < start) throw new WebAuthnFault('The credential is cut off');
  const view = new DataView(attested.buffer, attested.byteOffset, attested.byteLength);
  const length = view.getUint16(AAGUID_BYTES);
  // Behind the id there is the key, as CBOR.
  if (length === 0 || length > MAX_ID_BYTES || attested.length <= start + length) {
    throw new WebAuthnFault('The id of the credential has no such length');
  }
  return attested.subarray(start, start + length);
}

/** A key of one of our algorithms: P-256, Ed25519, or RSA of a size that is neither weak nor slow. */
function readKey(spki: Uint8Array): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch (error) {
    throw new WebAuthnFault('The public key cannot be read', { cause: error });
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = key;
  const bits = details.modulusLength ?? 0;
  const isOurs =
    type === 'ed25519' ||
    (type === 'ec' && details.namedCurve === 'prime256v1') ||
    (type === 'rsa' &&
      bits >= RSA_BITS.least &&
      bits <= RSA_BITS.most &&
      details.publicExponent === RSA_EXPONENT);
  if (!isOurs) throw new WebAuthnFault('The public key is of a kind that was not asked for');
  return key;
}

function sha256(data: Uint8Array | string): Buffer {
  return createHash('sha256').update(data).digest();
}
