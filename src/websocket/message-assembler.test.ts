import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ProtocolError } from '../errors.ts';
import { type Frame, Opcode } from './frame.ts';
import { type Message, MessageAssembler } from './message-assembler.ts';

const { text, binary, continuation } = Opcode;

function frame(opcode: Opcode, payload: string | Buffer, fin = true): Frame {
  return { fin, rsv1: false, opcode, payload: Buffer.from(payload) };
}
const part = (opcode: Opcode, payload: string | Buffer): Frame => frame(opcode, payload, false);

function assemble(frames: readonly Frame[], maxMessageBytes = 1_000_000, maxFragments?: number): Message[] {
  const assembler = new MessageAssembler({ maxMessageBytes, ...(maxFragments && { maxFragments }) });
  return frames.flatMap((frame) => assembler.add(frame) ?? []);
}

function refused(frames: readonly Frame[], maxMessageBytes?: number, maxFragments?: number): number {
  const before = frames.slice(0, -1);
  assert.doesNotThrow(() => assemble(before, maxMessageBytes, maxFragments), 'only the last frame is bad');
  try {
    assemble(frames, maxMessageBytes, maxFragments);
  } catch (error) {
    assert.ok(error instanceof ProtocolError, String(error));
    return error.closeCode;
  }
  return 0;
}

describe('§5.4 fragmentation', () => {
  it('passes a single frame on', () => {
    const frames = [frame(text, 'é'), frame(text, ''), frame(binary, '\u00ff')];
    assert.deepEqual(assemble(frames), [
      { type: 'text', text: 'é' },
      { type: 'text', text: '' },
      { type: 'binary', bytes: Buffer.from('c3bf', 'hex') },
    ]);
  });

  it('joins fragments, one message after another', () => {
    const first = [
      part(text, 'a'),
      part(continuation, ''),
      part(continuation, 'b'),
      frame(continuation, 'c'),
    ];
    const second = [part(binary, ''), frame(continuation, Buffer.from([1, 0xff]))];
    assert.deepEqual(assemble([...first, ...second, frame(text, 'd')]), [
      { type: 'text', text: 'abc' },
      { type: 'binary', bytes: Buffer.from([1, 0xff]) },
      { type: 'text', text: 'd' },
    ]);
  });

  it('copies fragments, so that it does not hold on to their chunks', () => {
    const first = part(binary, 'ab');
    const assembler = new MessageAssembler({ maxMessageBytes: 10 });
    assembler.add(first);
    first.payload.fill(0);
    assert.deepEqual(assembler.add(frame(continuation, 'c')), { type: 'binary', bytes: Buffer.from('abc') });
  });

  it('refuses a continuation of nothing', () => {
    assert.equal(refused([frame(continuation, '')]), 1002);
    assert.equal(refused([part(continuation, '')]), 1002);
    assert.equal(refused([part(text, ''), frame(continuation, ''), frame(continuation, '')]), 1002);
  });

  it('refuses a new message inside another', () => {
    assert.equal(refused([part(text, ''), frame(text, '')]), 1002);
    assert.equal(refused([part(text, ''), part(binary, '')]), 1002);
  });
});

describe('§8.1 UTF-8', () => {
  it('refuses bad text', () => {
    assert.equal(refused([frame(text, Buffer.from('c328', 'hex'))]), 1007);
    assert.equal(refused([frame(text, Buffer.from('e282', 'hex'))]), 1007);
  });

  it('accepts a character cut by fragments', () => {
    const bytes = Buffer.from('κ😀');
    const frames = [...bytes].map((byte, i) => part(i === 0 ? text : continuation, Buffer.from([byte])));
    assert.deepEqual(assemble([...frames, frame(continuation, '')]), [{ type: 'text', text: 'κ😀' }]);
  });

  it('refuses a character that the last fragment leaves open', () => {
    assert.equal(refused([part(text, Buffer.from([0xe2])), frame(continuation, Buffer.from([0x82]))]), 1007);
  });

  it('refuses the fragment that holds the first bad byte', () => {
    assert.equal(refused([part(text, Buffer.from([0xed])), part(continuation, Buffer.from([0xa0]))]), 1007);
  });

  it('does not look into binary', () => {
    assert.equal(
      assemble([part(binary, Buffer.from([0xff])), frame(continuation, Buffer.from([0xff]))]).length,
      1,
    );
  });

  it('forgets the check of one text before the next', () => {
    const assembler = new MessageAssembler({ maxMessageBytes: 100 });
    const bytes = Buffer.from('€uro');
    assembler.inspect({ ...frame(text, bytes), latest: bytes.subarray(0, 2), payloadLength: bytes.length });
    assert.deepEqual(assembler.add(frame(text, bytes)), { type: 'text', text: '€uro' });
    assembler.add(part(text, '€'));
    assert.deepEqual(assembler.add(frame(continuation, '!')), { type: 'text', text: '€!' });
  });
});

describe('inspect', () => {
  const inspect = (frames: readonly Frame[], arriving: Frame, payloadLength = 100): void => {
    const assembler = new MessageAssembler({ maxMessageBytes: 1000 });
    for (const frame of frames) assembler.add(frame);
    assembler.inspect({ ...arriving, latest: arriving.payload, payloadLength });
  };

  it('refuses bad UTF-8 before its frame is complete', () => {
    assert.throws(() => inspect([], frame(text, Buffer.from('61ff', 'hex'))), { closeCode: 1007 });
    const open = part(text, Buffer.from([0xe2]));
    assert.throws(() => inspect([open], frame(continuation, 'a')), { closeCode: 1007 });
    inspect([open], frame(continuation, Buffer.from([0x82])));
    inspect([], frame(binary, Buffer.from([0xff])));
  });

  it('refuses order and size by the header', () => {
    assert.throws(() => inspect([], frame(continuation, '')), { closeCode: 1002 });
    assert.throws(() => inspect([part(text, 'a')], frame(continuation, ''), 1000), { closeCode: 1009 });
  });

  it('leaves what an extension transformed alone', () => {
    inspect([], { ...frame(text, Buffer.from([0xff])), rsv1: true });
  });
});

describe('§10.4 limits', () => {
  it('refuses a message over maxMessageBytes', () => {
    assert.equal(refused([frame(binary, Buffer.alloc(11))], 10), 1009);
    assert.equal(refused([part(binary, Buffer.alloc(6)), part(continuation, Buffer.alloc(5))], 10), 1009);
    assert.equal(
      assemble([part(binary, Buffer.alloc(6)), frame(continuation, Buffer.alloc(4))], 10).length,
      1,
    );
  });

  it('refuses a message over maxFragments', () => {
    const fragments = [part(text, 'a'), part(continuation, ''), frame(continuation, '')];
    assert.equal(assemble(fragments, 10, 3).length, 1);
    assert.equal(refused(fragments, 10, 2), 1009);
  });

  it('accepts 4 MiB in fragments of 64 bytes by default, but not a million empty ones', () => {
    const assembler = new MessageAssembler({ maxMessageBytes: 4 * 1024 * 1024 });
    const payload = 'x'.repeat(64);
    assembler.add(part(text, payload));
    for (let i = 2; i < 65_536; i++) assembler.add(part(continuation, payload));
    const message = assembler.add(frame(continuation, payload));
    assert.ok(message?.type === 'text' && message.text.length === 4 * 1024 * 1024);

    assembler.add(part(text, ''));
    assert.throws(
      () => {
        for (let i = 0; i < 1_000_000; i++) assembler.add(part(continuation, ''));
      },
      { closeCode: 1009 },
    );
  });
});
