import { format } from 'node:util';

/** What users send as one Engine.IO message. */
export type MessageData = string | ArrayBuffer | ArrayBufferView;

export interface SendOptions {
  /** Whether it may be compressed. Default true. */
  readonly compress?: boolean;
}

/** Shares memory with what was given: the bytes must not change until they are sent. */
export function payloadOf(data: MessageData): string | Buffer {
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  // Untyped callers send numbers, too.
  if (!ArrayBuffer.isView(data)) return typeof data === 'string' ? data : format('%s', data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
