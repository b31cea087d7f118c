/**
 * Joins bytes that come in pieces into one buffer that grows fourfold: each byte is copied once or twice, the pieces
 * are not kept, and what is allocated follows what arrived, not what a header promised.
 */
export class ByteCollector {
  readonly #limit: number;
  #buffer: Buffer;
  #length = 0;

  /**
   * @param limit never allocate more; the caller never appends more
   * @param capacity the first allocation
   */
  constructor(limit: number, capacity: number) {
    this.#limit = limit;
    // Never from Node's pool, whose slabs would live as long as the slowest of our peers.
    this.#buffer = Buffer.allocUnsafeSlow(Math.min(limit, capacity));
  }

  get length(): number {
    return this.#length;
  }

  /** All bytes so far, not a copy. */
  get bytes(): Buffer {
    return this.#length === this.#buffer.length ? this.#buffer : this.#buffer.subarray(0, this.#length);
  }

  /** Copies the bytes in and returns the place where they now are. */
  append(bytes: Buffer): Buffer {
    const start = this.#length;
    const end = start + bytes.length;
    if (end > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(this.#limit, end * 4));
      grown.set(this.bytes);
      this.#buffer = grown;
    }
    this.#buffer.set(bytes, start);
    this.#length = end;
    return this.#buffer.subarray(start, end);
  }
}
