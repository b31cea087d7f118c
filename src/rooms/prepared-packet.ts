/**
 * One packet, encoded once, framed once for each kind of transport, shared by all who receive it.
 *
 * The only place where the layers' encoders meet. The bytes never change after they were made.
 */
import { formatPayloadPart, PAYLOAD_SEPARATOR } from '../engineio/payload.ts';
import { formatPacket, type EnginePacket } from '../engineio/packet.ts';
import { encodePacket } from '../socketio/packet-encoder.ts';
import type { Packet } from '../socketio/packet.ts';
import { encodeFrame } from '../websocket/frame-encoder.ts';
import { Opcode } from '../websocket/frame.ts';

export class PreparedPacket {
  /** The text first, then its attachments. */
  readonly packets: readonly EnginePacket[];
  /** Bytes to count against limits: exact for ASCII text. */
  readonly size: number;
  #frames: Buffer | undefined;
  #payload: string | undefined;

  constructor(packets: readonly EnginePacket[]) {
    this.packets = packets;
    this.size = packets.reduce((sum, packet) => sum + ('data' in packet ? packet.data.length : 0) + 8, 0);
  }

  /** Encodes a Socket.IO packet. @throws {TypeError} when the data cannot be serialised (a cycle, a BigInt) */
  static of(packet: Packet): PreparedPacket {
    const { text, attachments } = encodePacket(packet);
    const head: EnginePacket = { type: 'message', data: text };
    if (attachments.length === 0) return new PreparedPacket([head]);
    return new PreparedPacket([
      head,
      ...attachments.map((data): EnginePacket => ({ type: 'message', data })),
    ]);
  }

  /** WebSocket frames: one for each Engine.IO packet, since clients read one packet a message. */
  get frames(): Buffer {
    return (this.#frames ??= this.#encodeFrames());
  }

  /** Its part of a polling payload. */
  get payload(): string {
    return (this.#payload ??= this.packets.map(formatPayloadPart).join(PAYLOAD_SEPARATOR));
  }

  #encodeFrames(): Buffer {
    const frames = this.packets.map((packet) => {
      const data = formatPacket(packet);
      return encodeFrame(typeof data === 'string' ? Opcode.text : Opcode.binary, data);
    });
    const [first] = frames;
    return frames.length === 1 && first !== undefined ? first : Buffer.concat(frames);
  }
}
