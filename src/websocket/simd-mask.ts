/**
 * Masking 16 bytes at a time, in WebAssembly. For all but short payloads it is faster than any loop in JavaScript, although
 * the bytes are copied in and out (docs/decisions/007-large-messages.md).
 *
 * The module, 131 bytes of the binary format (https://webassembly.github.io/spec/core/binary/), has one page of memory, "m",
 * and a function "x" of $at, $end and $key:
 *
 *     $keys = i32x4.splat($key)
 *     loop
 *       for 0, 16, 32, 48: v128.store($at + it, v128.xor(v128.load($at + it), $keys))
 *       $at = $at + 64
 *       br_if $at < $end
 */
const MODULE =
  'AGFzbQEAAAABBwFgA39/fwADAgEABQMBAAEHCQIBbQIAAXgAAApcAVoBAXsgAv0RIQMDQCAAIAD9AAQAIAP9Uf0LBAAgACAA' +
  '/QAEECAD/VH9CwQQIAAgAP0ABCAgA/1R/QsEICAAIAD9AAQwIAP9Uf0LBDAgAEHAAGoiACABSQ0ACws=';
const PAGE_BYTES = 64 * 1024;

interface Exports {
  readonly m: { readonly buffer: ArrayBuffer };
  readonly x: (at: number, end: number, key: number) => void;
}
/** What we use of it; TypeScript knows it from browsers only. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

const exports = instantiate();
const page = new Uint8Array(exports?.m.buffer ?? new ArrayBuffer(0));

/** False where WebAssembly is switched off (`--jitless`), or does not know vectors. */
export const canMaskVectors: boolean = exports !== undefined;

/** Masks the bytes in place. @param key with the first byte of the key in its lowest eight bits */
export function maskVectors(bytes: Uint8Array, key: number): void {
  for (let at = 0; at < bytes.length; at += PAGE_BYTES) {
    const part = bytes.subarray(at, at + PAGE_BYTES);
    page.set(part);
    exports?.x(0, part.length, key);
    part.set(part.length === PAGE_BYTES ? page : page.subarray(0, part.length));
  }
}

function instantiate(): Exports | undefined {
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(MODULE, 'base64'))).exports as Exports;
  } catch {
    return undefined;
  }
}
