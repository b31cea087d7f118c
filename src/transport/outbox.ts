/**
 * What waits to leave: an immutable chain of packets, shared by all sockets with the same recent past.
 *
 * A socket holds only the tail of its chain. Appending packet P to tail T gives the same node to every socket at T, so k
 * broadcasts to N sockets cost k nodes, N·k pointer steps, one concatenation and N writes.
 */
import type { PayloadForm } from '../engineio/dialect.ts';
import type { FrameForm } from '../rooms/prepared-packet.ts';

/** Something to send, in the forms that transports need. Its bytes never change. */
export interface Outgoing {
  /** One or more whole WebSocket frames, for most receivers. */
  readonly frames: Buffer;
  /** Bytes, near enough for limits. */
  readonly size: number;
  /** Whether some of it is binary. */
  readonly hasBinary: boolean;
  /** Whether it may be compressed. */
  readonly compress?: boolean;
  /** Its frames for receivers who need another form. */
  framesIn(form: FrameForm): Buffer;
  /** Its part of a polling payload; never asked for where there is no polling. */
  payloadIn(form: PayloadForm): Buffer;
}

/** Whose joined bytes are kept for the other sockets of this turn. A slow reader keeps its chain much longer than that. */
const joinedInThisTurn: Outbox[] = [];

export class Outbox {
  /** What the node before this one holds, and this one's own packet; neither for the empty chain. */
  readonly #before: Outbox | undefined;
  readonly #packet: Outgoing | undefined;
  /** Bytes in the chain up to here, near enough for limits. */
  readonly bytes: number;
  /** Whether some of the chain is binary. */
  readonly hasBinary: boolean;
  /** The node that the last append made. A broadcast appends one packet to many equal tails in a row. */
  #latest: Outbox | undefined;
  #frames: Buffer | undefined;
  /** The other forms that were asked for, by their objects. */
  #variants: Map<object, Buffer> | undefined;

  private constructor(bytes: number, before?: Outbox, packet?: Outgoing) {
    this.bytes = bytes;
    this.hasBinary = packet?.hasBinary === true || before?.hasBinary === true;
    this.#before = before;
    this.#packet = packet;
  }

  /** A chain with nothing in it. All sockets that are empty in one turn start from the same one. */
  static empty(): Outbox {
    return new Outbox(0);
  }

  append(packet: Outgoing): Outbox {
    const latest = this.#latest;
    if (latest !== undefined && latest.#packet === packet) return latest;
    return (this.#latest = new Outbox(this.bytes + packet.size, this, packet));
  }

  /** Whether some of the chain may be compressed. */
  get compress(): boolean {
    return this.#packets().some((packet) => packet.compress === true);
  }

  /** The packets as WebSocket frames, in order, in one buffer. Never changed afterwards. */
  get frames(): Buffer {
    const before = this.#before;
    // One packet's are handed out as they are.
    if (this.#packet !== undefined && before !== undefined && before.#before === undefined)
      return this.#packet.frames;
    if (this.#frames === undefined) {
      this.#frames = joined(this.#packets().map((packet) => packet.frames));
      joinedInThisTurn.push(this);
    }
    return this.#frames;
  }

  /** Lets go of what was joined: called when all sockets of the turn have been written. */
  static endTurn(): void {
    for (const node of joinedInThisTurn) node.#frames = node.#variants = undefined;
    joinedInThisTurn.length = 0;
  }

  /** The packets as frames in another form. Never changed afterwards. */
  framesIn(form: FrameForm): Buffer {
    // Text has the same frames in all dialects.
    const key = this.hasBinary ? form : form.deflate;
    if (key === undefined) return this.frames;
    return this.#variant(key, () => joined(this.#packets().map((packet) => packet.framesIn(form))));
  }

  /** The packets as one polling payload. Never changed afterwards. */
  payloadIn(form: PayloadForm): Buffer {
    return this.#variant(form, () => form.join(this.#packets().map((packet) => packet.payloadIn(form))));
  }

  /** Oldest first. A loop, not a recursion: a chain may be a million packets long. */
  #packets(): Outgoing[] {
    const packets: Outgoing[] = [];
    let [packet, before] = [this.#packet, this.#before];
    while (packet !== undefined && before !== undefined) {
      packets.push(packet);
      [packet, before] = [before.#packet, before.#before];
    }
    return packets.toReversed();
  }

  #variant(form: object, make: () => Buffer): Buffer {
    if (this.#variants === undefined) {
      this.#variants = new Map();
      joinedInThisTurn.push(this);
    }
    let bytes = this.#variants.get(form);
    if (bytes === undefined) this.#variants.set(form, (bytes = make()));
    return bytes;
  }
}

function joined(buffers: readonly Buffer[]): Buffer {
  const [first] = buffers;
  return buffers.length === 1 && first !== undefined ? first : Buffer.concat(buffers);
}
