/** From this size on a piece is kept where it is; copying it would be most of what a large message costs. */
const KEPT_FROM = 16 * 1024;

/**
 * Joins bytes that come in pieces. Small pieces are copied into a buffer that grows fourfold, and not kept themselves; large
 * ones are kept as they are, and copied once, when all are there. So what is held follows what arrived, not what a header
 * promised.
 */
export class ByteCollector {
  readonly #limit: number;
  /** Whole pieces, before what is in the buffer. */
  #pieces: Buffer[] = [];
  #buffer: Buffer;
  /** Of the buffer. */
  #used = 0;
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

  /** All bytes so far, in one buffer: joined now, if they are not yet. */
  get bytes(): Buffer {
    if (this.#pieces.length === 0) return this.#inBuffer;
    this.#endBuffer();
    const [first] = this.#pieces;
    const joined = this.#pieces.length === 1 ? first! : Buffer.concat(this.#pieces, this.#length);
    this.#pieces = [joined];
    return joined;
  }

  /** Takes the bytes, which now belong to the collector, and returns the place where they are until `bytes` joins them. */
  append(bytes: Buffer): Buffer {
    this.#length += bytes.length;
    // A small part of a large chunk would hold on to all of it; but nothing comes behind the last one.
    const isLarge = bytes.length >= KEPT_FROM && bytes.length * 2 >= bytes.buffer.byteLength;
    if (isLarge || (this.#length === this.#limit && this.#pieces.length > 0)) {
      this.#endBuffer();
      this.#pieces.push(bytes);
      return bytes;
    }
    const start = this.#used;
    const end = start + bytes.length;
    if (end > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(this.#limit - this.#length + end, end * 4));
      grown.set(this.#inBuffer);
      this.#buffer = grown;
    }
    this.#buffer.set(bytes, start);
    this.#used = end;
    return this.#buffer.subarray(start, end);
  }

  get #inBuffer(): Buffer {
    return this.#used === this.#buffer.length ? this.#buffer : this.#buffer.subarray(0, this.#used);
  }

  #endBuffer(): void {
    if (this.#used > 0) this.#pieces.push(this.#inBuffer);
    this.#buffer = this.#buffer.subarray(0, 0);
    this.#used = 0;
  }
}
