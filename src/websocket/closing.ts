/** How a connection ends (RFC 6455 §7, https://www.rfc-editor.org/rfc/rfc6455#section-7). */
import { isUtf8 } from 'node:buffer';
import { ProtocolError } from '../errors.ts';

/** The registered close codes (§7.4.1 and IANA). `noStatus` and `abnormal` are never on the wire. */
export const CloseCode = {
  normal: 1000,
  goingAway: 1001,
  protocolError: 1002,
  unsupportedData: 1003,
  noStatus: 1005,
  abnormal: 1006,
  invalidPayload: 1007,
  policyViolation: 1008,
  messageTooBig: 1009,
  mandatoryExtension: 1010,
  internalError: 1011,
  serviceRestart: 1012,
  tryAgainLater: 1013,
  badGateway: 1014,
} as const;
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

/** What a control frame leaves behind the two bytes of the code (§5.5). */
const maxReasonBytes = 123;

/** Tells whether a close frame may carry this code (§7.4). */
export function isValidCloseCode(code: number): boolean {
  if (!Number.isInteger(code)) return false;
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

/**
 * Encodes the payload of a close frame; without a code it is empty.
 *
 * @throws {TypeError} when the code is not a number, or a reason comes without a code
 * @throws {RangeError} when the code may not be sent, or the reason is over 123 bytes
 */
export function encodeClosePayload(code?: number, reason = ''): Buffer {
  if (code === undefined) {
    if (reason === '') return Buffer.alloc(0);
    throw new TypeError(`Cannot close with reason "${reason}" and without a code (RFC 6455 §5.5.1)`);
  }
  if (typeof code !== 'number') {
    throw new TypeError(`Cannot close with code "${String(code)}": it must be a number`);
  }
  if (!isValidCloseCode(code)) {
    throw new RangeError(`Cannot close with code "${code}": it may not be sent (RFC 6455 §7.4)`);
  }
  const reasonBytes = Buffer.byteLength(reason);
  if (reasonBytes > maxReasonBytes) {
    throw new RangeError(
      `Cannot close with a reason of "${reasonBytes}" bytes: 123 is the most (RFC 6455 §5.5)`,
    );
  }
  const payload = Buffer.allocUnsafe(2 + reasonBytes);
  payload.writeUInt16BE(code, 0);
  payload.write(reason, 2, 'utf8');
  return payload;
}

/**
 * Parses the payload of a close frame; an empty one means code 1005 (§7.1.5).
 *
 * @throws {ProtocolError} when it is one byte long, or its code or reason is not valid
 */
export function parseClosePayload(payload: Buffer): { code: number; reason: string } {
  if (payload.length === 0) return { code: CloseCode.noStatus, reason: '' };
  if (payload.length === 1) {
    throw new ProtocolError('Cannot accept close: its code has one byte, not two (RFC 6455 §5.5.1)');
  }
  const code = payload.readUInt16BE(0);
  if (!isValidCloseCode(code)) {
    throw new ProtocolError(`Cannot accept close: code "${code}" may not be sent (RFC 6455 §7.4)`);
  }
  const reason = payload.subarray(2);
  if (!isUtf8(reason)) {
    throw new ProtocolError(
      'Cannot accept close: its reason is not UTF-8 (RFC 6455 §8.1)',
      CloseCode.invalidPayload,
    );
  }
  return { code, reason: reason.toString('utf8') };
}

/** Cuts a reason of our own down to what a close frame can carry, between two characters. */
export function fitReason(reason: string): string {
  const bytes = Buffer.from(reason);
  let end = Math.min(bytes.length, maxReasonBytes);
  while (end > 0 && end < bytes.length && (bytes.readUInt8(end) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}

/** How it ended, and who began to close. */
export interface Ending {
  code: number;
  reason: string;
  by: 'us' | 'peer';
}

/** Where a connection is: `closing` waits for the peer's close frame, `ending` only has to be reported. */
export type ClosingState =
  | { readonly name: 'open' }
  | { readonly name: 'closing' }
  | { readonly name: 'ending'; readonly ending: Ending }
  | { readonly name: 'closed' };

/** What moves it. */
export type ClosingStep = 'sendClose' | 'receiveClose' | 'fail' | 'receiveEnd' | 'report';

/** A step that a state does not list changes nothing: that is why closing twice is harmless. */
export const transitions: Readonly<
  Record<ClosingState['name'], Readonly<Partial<Record<ClosingStep, ClosingState['name']>>>>
> = {
  open: { sendClose: 'closing', receiveClose: 'ending', fail: 'ending', receiveEnd: 'ending' },
  closing: { receiveClose: 'ending', fail: 'ending', receiveEnd: 'ending' },
  ending: { report: 'closed' },
  closed: {},
};

/** Returns the state after a step. The code and reason count when the step leads to `ending`. */
export function advance(
  state: ClosingState,
  step: ClosingStep,
  code: number = CloseCode.abnormal,
  reason = '',
): ClosingState {
  const name = transitions[state.name][step];
  if (name === undefined) return state;
  if (name !== 'ending') return { name };
  const by = state.name === 'closing' || step === 'fail' ? 'us' : 'peer';
  return { name, ending: { code, reason, by } };
}
