const noBytes: Buffer = Buffer.alloc(0);

/**
 * What one direction's compressed messages ended with, uncompressed: the LZ77 sliding window that the next message may
 * refer to (RFC 7692 §7.2.1). Holds nothing before the first message, then as much as there was, up to the window.
 */
export class SlidingWindow {
  readonly #size: number;
  #buffer = noBytes;
  #length = 0;

  constructor(windowBits: number) {
    this.#size = 2 ** windowBits;
  }

  /** Not a copy: good until the next append(). */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Copies the bytes in; the oldest fall out. */
  append(bytes: Uint8Array): void {
    const added = bytes.length > this.#size ? bytes.subarray(bytes.length - this.#size) : bytes;
    const kept = this.bytes.subarray(Math.max(0, this.#length + added.length - this.#size));
    const length = kept.length + added.length;
    if (length > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(this.#size, length * 2));
      grown.set(kept);
      this.#buffer = grown;
    } else if (kept.length < this.#length) {
      this.#buffer.set(kept);
    }
    this.#buffer.set(added, kept.length);
    this.#length = length;
  }
}
