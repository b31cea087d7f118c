/** Streams of client bytes with what RFC 6455 says of them, in the spirit of the Autobahn groups. */
import { closeFrame, frame, Opcode, text } from '../raw-connection.ts';
import { digest, MAX_BYTES } from './play.ts';

export interface Case {
  readonly name: string;
  readonly bytes: Buffer;
  readonly messages: readonly string[];
  readonly closeCode: number | undefined;
}

const { binary, close, continuation, ping, pong } = Opcode;
const all: Case[] = [];

function add(
  name: string,
  frames: readonly Buffer[],
  messages: readonly (string | Buffer)[],
  code?: number,
): void {
  all.push({ name, bytes: Buffer.concat(frames), messages: messages.map(digest), closeCode: code });
}

const part = (opcode: number, payload: Buffer | string, fin = false): Buffer =>
  frame({ opcode, payload, fin });
const hex = (digits: string): Buffer => Buffer.from(digits, 'hex');
const bye = closeFrame(1000);

for (const size of [0, 1, 125, 126, 127, 128, 65_535, 65_536, 1024 * 1024]) {
  const payload = Buffer.alloc(size, 'a');
  add(`§5.2 text of ${size}`, [frame({ opcode: 1, payload }), bye], [payload.toString()], 1000);
  add(`§5.2 binary of ${size}`, [frame({ opcode: binary, payload }), bye], [payload], 1000);
}
for (const size of [0, 1, 125]) {
  const payload = Buffer.alloc(size, 'p');
  add(`§5.5.2 ping of ${size}`, [frame({ opcode: ping, payload }), text('a'), bye], ['a'], 1000);
  add(`§5.5.3 unsolicited pong of ${size}`, [frame({ opcode: pong, payload }), text('a'), bye], ['a'], 1000);
}
for (const opcode of [ping, pong, close]) {
  add(`§5.5 control ${opcode} of 126`, [frame({ opcode, payload: Buffer.alloc(126) }), bye], [], 1002);
  add(`§5.5 control ${opcode} fragmented`, [part(opcode, 'x')], [], 1002);
}
for (let reserved = 1; reserved < 8; reserved += 1) {
  for (const opcode of [1, 2, 8, 9, 10]) {
    add(`§5.2 reserved bits ${reserved} on ${opcode}`, [text('a'), frame({ opcode, reserved })], ['a'], 1002);
  }
}
for (const opcode of [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) {
  add(`§5.2 reserved opcode ${opcode}`, [text('a'), frame({ opcode }), text('b')], ['a'], 1002);
}

add('§5.4 three fragments', [part(1, 'a'), part(0, 'b'), part(0, 'c', true), bye], ['abc'], 1000);
add('§5.4 empty fragments', [part(1, ''), part(0, ''), part(0, '', true), bye], [''], 1000);
add(
  '§5.4 controls between fragments',
  [part(1, 'a'), part(ping, 'p', true), part(pong, '', true), part(0, 'b', true), bye],
  ['ab'],
  1000,
);
add('§5.4 a continuation of nothing', [part(continuation, 'a', true)], [], 1002);
add('§5.4 an unfinished continuation of nothing', [part(continuation, 'a')], [], 1002);
add('§5.4 a continuation behind a whole message', [text('a'), part(0, 'b', true)], ['a'], 1002);
add('§5.4 text inside text', [part(1, 'a'), text('b')], [], 1002);
add('§5.4 binary inside text', [part(1, 'a'), frame({ opcode: binary })], [], 1002);
add('§5.4 text begun inside binary', [part(2, 'a'), part(1, 'b')], [], 1002);
add('§5.5.1 close between fragments', [part(1, 'a'), bye, part(0, 'b', true)], [], 1000);

const valid = ['κόσμε', '😀', '\0', '\u{10ffff}', '\ufffe', '\u{1f468}\u200d\u{1f469}'];
for (const word of valid) {
  const bytes = Buffer.from(word);
  add(`§8.1 "${word}" whole`, [text(word), bye], [word], 1000);
  const pieces = [...bytes].map((_, at) => part(at === 0 ? 1 : 0, bytes.subarray(at, at + 1)));
  add(`§8.1 "${word}" a byte a fragment`, [...pieces, part(0, '', true), bye], [word], 1000);
}
const invalid = 'ff c080 c1bf e08080 f0808080 eda080 edbfbf edb080 f4908080 f5808080 80 c3 e282 f09f98 c328';
for (const digits of invalid.split(' ')) {
  add(`§8.1 ${digits} is not UTF-8`, [part(1, hex(digits), true)], [], 1007);
  add(`§8.1 ${digits} in fragments`, [part(1, 'a'), part(0, hex(digits)), part(0, '', true)], [], 1007);
  add(`§5.5.1 ${digits} as a reason`, [closeFrame(1000, hex(digits))], [], 1007);
}

for (const code of [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999]) {
  add(`§7.4 close ${code}`, [closeFrame(code, 'why')], [], code);
}
for (const code of [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535]) {
  add(`§7.4 close ${code} may not be`, [closeFrame(code)], [], 1002);
}
add('§5.5.1 close without a code', [frame({ opcode: close })], [], 1005);
add('§5.5.1 close of one byte', [frame({ opcode: close, payload: 'x' })], [], 1002);
add('§5.5.1 a reason of 123 bytes', [closeFrame(1000, 'r'.repeat(123))], [], 1000);
add('§5.5.1 a reason of 124 bytes', [closeFrame(1000, 'r'.repeat(124))], [], 1002);
add('§1.4 data after close', [bye, text('late'), frame({ opcode: 3 })], [], 1000);
add('§1.4 ping and close after close', [bye, part(ping, '', true), closeFrame(1001)], [], 1000);
add('§7.1.5 no close', [text('a')], ['a']);
add('§7.1.5 half a frame, then FIN', [text('a'), text('bcd').subarray(0, 5)], ['a']);

add('§5.1 an unmasked frame', [frame({ opcode: 1, payload: 'a', masked: false })], [], 1002);
add('§5.3 a mask of zeros', [hex('818100000000'), hex('61'), bye], ['a'], 1000);
add('§5.2 16 bits for 5', [hex('81fe0005'), hex('000000006161616161')], [], 1002);
add('§5.2 64 bits for 5', [hex('81ff0000000000000005'), hex('000000006161616161')], [], 1002);
add('§5.2 the top bit of a length', [hex('82ff8000000000000001')], [], 1002);
add('§10.4 a length of 2^53', [hex('82ff0020000000000000')], [], 1009);
add('§10.4 a header over the limit', [frame({ opcode: 2, declaredLength: BigInt(MAX_BYTES + 1) })], [], 1009);
const half = Buffer.alloc(MAX_BYTES / 2 + 1);
add('§10.4 fragments over the limit', [part(2, half), part(0, half, true)], [], 1009);
add('§10.4 too many fragments', [part(2, ''), ...Array.from({ length: 1_000 }, () => part(0, ''))], [], 1009);

export const cases: readonly Case[] = all;
