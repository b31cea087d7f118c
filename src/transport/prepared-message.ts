/** A bare WebSocket message, framed once for all who get it: plain, and once more for each window it is compressed for. */
import { encodeFrame } from '../websocket/frame-encoder.ts';
import { Opcode } from '../websocket/frame.ts';
import { encodeCompressedFrame, type DeflateTuning } from '../websocket/message-deflater.ts';
import type { Outgoing } from './outbox.ts';

/** Frames that are ready, for one outbox or for many. */
export class ReadyFrames implements Outgoing {
  readonly frames: Buffer;
  readonly hasBinary = false;

  constructor(frames: Buffer) {
    this.frames = frames;
  }

  get size(): number {
    return this.frames.length;
  }

  /** The form was chosen when they were made. */
  framesIn(): Buffer {
    return this.frames;
  }

  /** A bare WebSocket has no polling. */
  payloadIn(): Buffer {
    return Buffer.alloc(0);
  }
}

export class PreparedMessage {
  readonly #opcode: typeof Opcode.text | typeof Opcode.binary;
  readonly #data: string | Uint8Array;
  readonly #tuning: DeflateTuning;
  #plain: ReadyFrames | undefined;
  /** By window bits. Connections mostly agree on the same. */
  #compressed: Map<number, ReadyFrames> | undefined;

  constructor(data: string | Uint8Array, tuning: DeflateTuning) {
    this.#opcode = typeof data === 'string' ? Opcode.text : Opcode.binary;
    this.#data = data;
    this.#tuning = tuning;
  }

  /** @param windowBits of compressed frames that the receiver can read; undefined: it cannot read any */
  framesFor(windowBits: number | undefined): ReadyFrames {
    if (windowBits === undefined || this.#data.length < (this.#tuning.threshold ?? 1024)) return this.plain;
    this.#compressed ??= new Map();
    const known = this.#compressed.get(windowBits);
    if (known !== undefined) return known;
    const frame = encodeCompressedFrame(this.#opcode, this.#data, { ...this.#tuning, windowBits });
    const made = frame === undefined ? this.plain : new ReadyFrames(frame);
    this.#compressed.set(windowBits, made);
    return made;
  }

  get plain(): ReadyFrames {
    return (this.#plain ??= new ReadyFrames(encodeFrame(this.#opcode, this.#data)));
  }
}
