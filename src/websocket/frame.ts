/** The words of the base framing protocol (RFC 6455 §5.2, https://www.rfc-editor.org/rfc/rfc6455#section-5.2). */

/** What a frame carries (§11.8). From `close` up they are control frames (§5.5). */
export const Opcode = {
  continuation: 0x0,
  text: 0x1,
  binary: 0x2,
  close: 0x8,
  ping: 0x9,
  pong: 0xa,
} as const;
export type Opcode = (typeof Opcode)[keyof typeof Opcode];

/** Which end we are: a client masks what it sends, a server must not (§5.1). */
export type Role = 'server' | 'client';

/** One frame, unmasked. The payload may share memory with the chunk it came in: copy what you keep. */
export interface Frame {
  fin: boolean;
  rsv1: boolean;
  opcode: Opcode;
  payload: Buffer;
}

/** A frame whose header is known and whose payload, `payloadLength` bytes in the end, is still arriving. */
export interface ArrivingFrame extends Omit<Frame, 'payload'> {
  /** The bytes of the payload that have come since one last looked. */
  latest: Buffer;
  payloadLength: number;
}

/** The most a control frame may carry (§5.5). */
export const maxControlPayloadBytes = 125;

/** Tells a defined opcode from a reserved one, among four bits: in both halves only 0, 1 and 2 are defined. */
export function isOpcode(bits: number): bits is Opcode {
  return (bits & 0x7) <= 2;
}

/** Tells control frames, which may come between the fragments of a message, from data frames. */
export function isControl(opcode: Opcode): boolean {
  return opcode >= Opcode.close;
}
