/** Judges UTF-8 that comes in pieces, a character cut anywhere (RFC 6455 §8.1, RFC 3629 §4). */
import { isUtf8 } from 'node:buffer';

/** Accepts pieces of a text for as long as they can still become valid UTF-8. */
export class Utf8Check {
  /** The continuation bytes that the open character still wants, and the range of the next one. */
  #wanted = 0;
  #lower = 0x80;
  #upper = 0xbf;

  /** Whether the text may end here, with no character open. */
  get isComplete(): boolean {
    return this.#wanted === 0;
  }

  /** Returns false when a byte can not stand where it stands. Only the edges of a piece are stepped through. */
  accept(bytes: Buffer): boolean {
    let start = 0;
    for (; this.#wanted > 0 && start < bytes.length; start++) {
      if (!this.#step(bytes.readUInt8(start))) return false;
    }
    const end = Math.max(start, lastLead(bytes));
    if (!isUtf8(bytes.subarray(start, end))) return false;
    for (const byte of bytes.subarray(end)) if (!this.#step(byte)) return false;
    return true;
  }

  #step(byte: number): boolean {
    if (this.#wanted > 0) {
      if (byte < this.#lower || byte > this.#upper) return false;
      this.#wanted -= 1;
      this.#lower = 0x80;
      this.#upper = 0xbf;
      return true;
    }
    if (byte < 0x80) return true;
    if (byte < 0xc2 || byte > 0xf4) return false;
    this.#wanted = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    // The second byte is where overlong forms, surrogates and code points over U+10FFFF give themselves away.
    if (byte === 0xe0) this.#lower = 0xa0;
    if (byte === 0xed) this.#upper = 0x9f;
    if (byte === 0xf0) this.#lower = 0x90;
    if (byte === 0xf4) this.#upper = 0x8f;
    return true;
  }
}

/** Where the last character begins if the end may have cut it, else the end. */
function lastLead(bytes: Buffer): number {
  const length = bytes.length;
  for (let at = length - 1; at >= 0 && at >= length - 3; at--) {
    const byte = bytes.readUInt8(at);
    if (byte >= 0xc0) return at;
    if (byte < 0x80) break;
  }
  return length;
}
