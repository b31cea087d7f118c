/**
 * One packet, encoded once, framed once for each kind of receiver, shared by all of them.
 *
 * The only place where the layers' encoders meet. The bytes never change after they were made.
 */
import type { PayloadForm } from '../engineio/dialect.ts';
import { formatPacket, type EnginePacket } from '../engineio/packet.ts';
import { encodeMessages, type EngineMessages } from '../socketio/codec.ts';
import type { Packet } from '../socketio/packet.ts';
import { encodeFrame } from '../websocket/frame-encoder.ts';
import { Opcode } from '../websocket/frame.ts';
import { encodeCompressedFrame, type DeflateTuning } from '../websocket/message-deflater.ts';

/** Compression that many connections agreed on. One object for each, as what was compressed is found by it. */
export interface SharedDeflate extends DeflateTuning {
  readonly windowBits: number;
  readonly threshold: number;
}

/** How packets become WebSocket frames where that is not simply `frames`. One object for each, as caches find by it. */
export interface FrameForm {
  /** As the dialect's. */
  readonly formatPacket: (packet: EnginePacket) => string | Buffer;
  readonly deflate: SharedDeflate | undefined;
}

export class PreparedPacket {
  /** The text first, then its attachments. */
  readonly packets: readonly EnginePacket[];
  /** Whether it may be compressed. */
  readonly compress: boolean;
  /** Bytes to count against limits: exact for ASCII text. */
  readonly size: number;
  /** Text has the same frames in both revisions of Engine.IO. */
  readonly hasBinary: boolean;
  /** Where it stands in the history of its namespace, if it is kept there. */
  readonly offset: number | undefined;
  #frames: Buffer | undefined;
  /** The other forms that were asked for, by their objects. */
  #variants: Map<object, Buffer> | undefined;

  /** @param compress whether it may be compressed */
  constructor(packets: readonly EnginePacket[], compress = true, offset?: number) {
    this.packets = packets;
    this.compress = compress;
    this.offset = offset;
    this.size = packets.reduce((sum, packet) => sum + ('data' in packet ? packet.data.length : 0) + 8, 0);
    this.hasBinary = packets.some((packet) => packet.type === 'message' && typeof packet.data !== 'string');
  }

  /** Encodes a Socket.IO packet. @throws {TypeError} when the data cannot be serialised (a cycle, a BigInt) */
  static of(packet: Packet): PreparedPacket {
    return PreparedPacket.ofMessages(encodeMessages(packet));
  }

  /** Of the engine messages that a packet was encoded as. */
  static ofMessages(messages: EngineMessages, compress = true, offset?: number): PreparedPacket {
    return new PreparedPacket(
      messages.map((data): EnginePacket => ({ type: 'message', data })),
      compress,
      offset,
    );
  }

  /** WebSocket frames of revision 4, not compressed: one for each Engine.IO packet, since clients read one a message. */
  get frames(): Buffer {
    return (this.#frames ??= joined(
      this.packets.map((packet) => {
        const data = formatPacket(packet);
        return encodeFrame(typeof data === 'string' ? Opcode.text : Opcode.binary, data);
      }),
    ));
  }

  /** WebSocket frames in another form. */
  framesIn(form: FrameForm): Buffer {
    const deflate = this.#deflateIn(form);
    const key = this.hasBinary && form.formatPacket !== formatPacket ? form : deflate;
    if (key === undefined) return this.frames;
    return this.#variant(key, () =>
      joined(this.packets.map((packet) => encodeMessage(form.formatPacket(packet), deflate))),
    );
  }

  /** Its part of a polling payload. */
  payloadIn(form: PayloadForm): Buffer {
    return this.#variant(form, () => form.join(this.packets.map((packet) => form.formatPart(packet))));
  }

  #deflateIn({ deflate }: FrameForm): SharedDeflate | undefined {
    // `size` counts UTF-16 units, of three bytes at most.
    return this.compress && deflate !== undefined && this.size * 3 >= deflate.threshold ? deflate : undefined;
  }

  #variant(form: object, make: () => Buffer): Buffer {
    this.#variants ??= new Map();
    let bytes = this.#variants.get(form);
    if (bytes === undefined) this.#variants.set(form, (bytes = make()));
    return bytes;
  }
}

function encodeMessage(data: string | Buffer, deflate: SharedDeflate | undefined): Buffer {
  const opcode = typeof data === 'string' ? Opcode.text : Opcode.binary;
  if (deflate === undefined || Buffer.byteLength(data) < deflate.threshold) return encodeFrame(opcode, data);
  return encodeCompressedFrame(opcode, data, deflate) ?? encodeFrame(opcode, data);
}

function joined(buffers: readonly Buffer[]): Buffer {
  const [first] = buffers;
  return buffers.length === 1 && first !== undefined ? first : Buffer.concat(buffers);
}
