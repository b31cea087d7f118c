/** The work of the codec bench: the same bytes and the same checks for every side. */

export interface Codec {
  /** Decodes the chunks of one pass, in order, and tells each message. The chunks may be changed. */
  decode(chunks: readonly Buffer[], onMessage: (message: string | Buffer) => void): void;
  /** The whole frame, as one or more buffers ready to be written. */
  encode(message: string | Buffer): readonly Buffer[];
  unmask(bytes: Buffer, key: Buffer): void;
}

export interface CodecCase {
  readonly name: string;
  readonly kind: 'decode' | 'encode' | 'unmask';
  readonly payloadBytes: number;
  readonly text: boolean;
  /** Messages of one pass. */
  readonly messages: number;
  readonly chunkBytes: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;
const KEY = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
const SHORT_FRAME = 6 + 72;

export const CASES: readonly CodecCase[] = [
  decode('decode 72 B text, 1 frame a chunk', 72, true, 1024, SHORT_FRAME),
  decode('decode 72 B text, 16 frames a chunk', 72, true, 1024, 16 * SHORT_FRAME),
  decode('decode 72 B text, 64 frames a chunk', 72, true, 1024, 64 * SHORT_FRAME),
  decode('decode 64 KiB binary', 64 * KIB, false, 16, 64 * KIB + 14),
  decode('decode 1 MiB binary, 64 KiB chunks', MIB, false, 2, 64 * KIB),
  encode('encode 72 B text', 72, true, 1024),
  encode('encode 1 KiB binary', KIB, false, 1024),
  encode('encode 64 KiB binary', 64 * KIB, false, 64),
  unmask('unmask 72 B', 72, 1024),
  unmask('unmask 1 KiB', KIB, 1024),
  unmask('unmask 64 KiB', 64 * KIB, 16),
  unmask('unmask 1 MiB', MIB, 2),
];

export interface Pass {
  /** CPU time of the process, user and system, in microseconds. */
  readonly cpuUs: number;
  readonly units: number;
  readonly checksum: number;
}

/** Runs passes for at least `ms` of CPU time. Making the input and checking the output is not counted. */
export async function runCase(codec: Codec, work: CodecCase, ms: number): Promise<Pass> {
  let [cpuUs, units, checksum] = [0, 0, 0];
  const payload = makePayload(work.payloadBytes);
  const text = payload.toString('latin1');
  const frames = work.kind === 'decode' ? maskedStream(work, payload) : payload;
  while (cpuUs < ms * 1000) {
    if (work.kind === 'decode') {
      const chunks = cut(frames, work.chunkBytes);
      const messages: (string | Buffer)[] = [];
      const before = process.cpuUsage();
      codec.decode(chunks, (message) => messages.push(message));
      // A turn of the loop belongs to it: what streams put off until then is part of their price, and is let go of.
      await new Promise((resolve) => setImmediate(resolve));
      cpuUs += spent(before);
      if (messages.length !== work.messages) throw new Error(`${messages.length} messages came`);
      const wanted = work.text ? text : payload;
      for (const message of messages) checksum = check(message, wanted, checksum);
    } else if (work.kind === 'encode') {
      const message = work.text ? text : payload;
      const encoded: (readonly Buffer[])[] = [];
      const before = process.cpuUsage();
      for (let i = 0; i < work.messages; i++) encoded.push(codec.encode(message));
      cpuUs += spent(before);
      for (const frame of encoded) checksum = check(bodyOf(frame, work.payloadBytes), payload, checksum);
    } else {
      const copies = Array.from({ length: work.messages }, () => Buffer.from(payload));
      const before = process.cpuUsage();
      for (const bytes of copies) codec.unmask(bytes, KEY);
      cpuUs += spent(before);
      for (const bytes of copies) checksum = check(masked(bytes), payload, checksum);
    }
    units += work.messages;
  }
  return { cpuUs, units, checksum: checksum / units };
}

function decode(
  name: string,
  payloadBytes: number,
  text: boolean,
  messages: number,
  chunkBytes: number,
): CodecCase {
  return { name, kind: 'decode', payloadBytes, text, messages, chunkBytes };
}

function encode(name: string, payloadBytes: number, text: boolean, messages: number): CodecCase {
  return { name, kind: 'encode', payloadBytes, text, messages, chunkBytes: 0 };
}

function unmask(name: string, payloadBytes: number, messages: number): CodecCase {
  return { name, kind: 'unmask', payloadBytes, text: false, messages, chunkBytes: 0 };
}

function spent(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function makePayload(length: number): Buffer {
  return Buffer.alloc(length, 'the quick brown fox jumps over the lazy dog. ');
}

function maskedStream(work: CodecCase, payload: Buffer): Buffer {
  const frame = maskedFrame(work.text ? 1 : 2, payload);
  return Buffer.concat(Array.from({ length: work.messages }, () => frame));
}

export function maskedFrame(opcode: number, payload: Buffer): Buffer {
  const header = Buffer.concat([headerOf(opcode, payload.length), KEY]);
  header[1] = header.readUInt8(1) | 0x80;
  return Buffer.concat([header, masked(payload)]);
}

/** The header of a whole frame of a server. */
export function headerOf(opcode: number, length: number): Buffer {
  if (length < 126) return Buffer.from([0x80 | opcode, length]);
  const header = Buffer.alloc(length < 65_536 ? 4 : 10);
  header[0] = 0x80 | opcode;
  header[1] = length < 65_536 ? 126 : 127;
  if (length < 65_536) header.writeUInt16BE(length, 2);
  else header.writeUIntBE(length, 4, 6);
  return header;
}

function masked(payload: Buffer): Buffer {
  const bytes = Buffer.from(payload);
  for (let i = 0; i < bytes.length; i++) bytes[i] = bytes.readUInt8(i) ^ KEY.readUInt8(i & 3);
  return bytes;
}

/** Each in memory of its own, as reads from TCP are. */
function cut(bytes: Buffer, size: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(Buffer.from(bytes.subarray(at, at + size)));
  return chunks;
}

/** Skips the header: what is left must be the payload. */
function bodyOf(frame: readonly Buffer[], length: number): Buffer {
  const [first] = frame;
  const whole = frame.length === 1 && first !== undefined ? first : Buffer.concat(frame);
  const header = headerOf(whole.readUInt8(0) & 0x0f, length);
  if (!whole.subarray(0, header.length).equals(header)) throw new Error('A header is wrong');
  return whole.subarray(header.length);
}

function check(got: string | Buffer, wanted: string | Buffer, sum: number): number {
  const same = typeof got === 'string' ? got === wanted : typeof wanted !== 'string' && got.equals(wanted);
  if (!same) throw new Error('A message is not what was due');
  return sum + got.length;
}
