/** What kind of picture these bytes are, and how large: by the bytes alone, whatever their server calls them. */

export interface ImageHead {
  type: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';
  width: number;
  height: number;
}

/** Smaller ones are no pictures but marks by which readers are counted. */
const MIN_SIDE = 32;
/** A reader's browser unpacks 4 bytes for each: a few kilobytes can be a picture of gigabytes. */
const MAX_PIXELS = 16_000_000;
const MAX_SIDE = 16_384;

/** Null for anything else, damaged ones, and those of no sensible size. */
export function readImageHead(bytes: Buffer): ImageHead | null {
  const head = readPng(bytes) ?? readGif(bytes) ?? readWebp(bytes) ?? readJpeg(bytes);
  if (head === null) return null;
  const { width, height } = head;
  const isSensible = Math.min(width, height) >= MIN_SIDE && Math.max(width, height) <= MAX_SIDE;
  return isSensible && width * height <= MAX_PIXELS ? head : null;
}

/** https://www.w3.org/TR/png/#11IHDR: it comes first. */
function readPng(bytes: Buffer): ImageHead | null {
  if (bytes.length < 24 || bytes.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') return null;
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return null;
  return { type: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

function readGif(bytes: Buffer): ImageHead | null {
  if (bytes.length < 10 || !/^GIF8[79]a$/u.test(bytes.toString('latin1', 0, 6))) return null;
  return { type: 'image/gif', width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
}

/** RFC 9649: lossy, lossless, and the extended one, which has the size of its canvas. */
function readWebp(bytes: Buffer): ImageHead | null {
  if (bytes.length < 30 || bytes.toString('latin1', 0, 4) !== 'RIFF') return null;
  if (bytes.toString('latin1', 8, 12) !== 'WEBP') return null;
  const type = 'image/webp';
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8 ':
      if (bytes.readUIntBE(23, 3) !== 0x9d_01_2a) return null;
      return { type, width: bytes.readUInt16LE(26) & 0x3f_ff, height: bytes.readUInt16LE(28) & 0x3f_ff };
    case 'VP8L': {
      if (bytes[20] !== 0x2f) return null;
      const bits = bytes.readUInt32LE(21);
      return { type, width: (bits & 0x3f_ff) + 1, height: ((bits >>> 14) & 0x3f_ff) + 1 };
    }
    case 'VP8X':
      return { type, width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    default:
      return null;
  }
}

/** ITU T.81, B.1: segments up to the frame header. Each is longer than nothing, so that this ends. */
function readJpeg(bytes: Buffer): ImageHead | null {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xff_d8) return null;
  let at = 2;
  while (at + 9 <= bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame)
      return { type: 'image/jpeg', width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    // A scan or the end before any frame, or a marker without a length.
    if (marker === 0xda || marker === 0x00 || (marker >= 0xd0 && marker <= 0xd9)) return null;
    at += 2 + Math.max(2, bytes.readUInt16BE(at + 2));
  }
  return null;
}
