/** How entries are written into the rows of SQLite. */
import type { LogEntry } from './history-log.ts';

/** A name as a key. SQLite's texts are UTF-8, in which all lone surrogates are the same: such names are kept as bytes. */
export type Key = string | Uint8Array;

export function keyOf(name: string): Key {
  return name.isWellFormed() ? name : Buffer.from(name, 'utf16le');
}

export function nameOf(key: Key): string {
  return typeof key === 'string' ? key : bufferOf(key).toString('utf16le');
}

/** In the place of a room, for entries that name none: no name is such bytes. */
export const EVERYBODY: Key = new Uint8Array(0);

/** A list of names; most lists are empty. */
export function formatNames(names: readonly string[]): string | null {
  return names.length === 0 ? null : JSON.stringify(names);
}

export function parseNames(text: string | null): readonly string[] {
  return text === null ? [] : (JSON.parse(text) as string[]);
}

/** One text as it is, as most events are. Anything else as bytes: of each message its kind, its length and itself. */
export function encodeMessages(messages: LogEntry['messages']): string | Uint8Array {
  const [first] = messages;
  if (messages.length === 1 && typeof first === 'string') return first;
  return Buffer.concat(
    messages.flatMap((message) => {
      const bytes = typeof message === 'string' ? Buffer.from(message) : message;
      const head = Buffer.alloc(HEAD_BYTES);
      head.writeUInt8(typeof message === 'string' ? TEXT : BINARY);
      head.writeUInt32LE(bytes.length, 1);
      return [head, bytes];
    }),
  );
}

export function decodeMessages(written: string | Uint8Array): LogEntry['messages'] {
  if (typeof written === 'string') return [written];
  const bytes = bufferOf(written);
  const messages: (string | Buffer)[] = [];
  for (let at = 0; at < bytes.length;) {
    const start = at + HEAD_BYTES;
    const end = start + bytes.readUInt32LE(at + 1);
    messages.push(bytes[at] === TEXT ? bytes.toString('utf8', start, end) : bytes.subarray(start, end));
    at = end;
  }
  return messages;
}

const HEAD_BYTES = 5;
const TEXT = 0;
const BINARY = 1;

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
