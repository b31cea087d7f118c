import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { describe, test } from 'node:test';
import { extractAttachments, hasBinary, restoreAttachments } from './attachments.ts';

const BYTES = Buffer.from([1, 2, 3]);

describe('hasBinary', () => {
  const binary: Record<string, unknown> = {
    Buffer: BYTES,
    Uint8Array: new Uint8Array(1),
    Float64Array: new Float64Array(1),
    DataView: new DataView(new ArrayBuffer(1)),
    ArrayBuffer: new ArrayBuffer(1),
    'in an array': [1, [BYTES]],
    'in an object': { a: { b: [BYTES] } },
    'from toJSON': { toJSON: () => ({ a: BYTES }) },
  };
  for (const [name, value] of Object.entries(binary)) {
    test(`finds ${name}`, () => assert.equal(hasBinary(value), true));
  }

  const none: Record<string, unknown> = {
    undefined,
    null: null,
    text: 'a',
    'a date': new Date(0),
    'a function': () => BYTES,
    'an inherited property': Object.create({ a: BYTES }),
    'what toJSON hides': { secret: BYTES, toJSON: () => 'hidden' },
    'the toJSON of a result of toJSON': { toJSON: () => ({ toJSON: () => BYTES }) },
    'an object without prototype': Object.create(null),
  };
  for (const [name, value] of Object.entries(none)) {
    test(`does not find ${name}`, () => assert.equal(hasBinary(value), false));
  }

  test('refuses a cycle with a clear error', () => {
    const cycle: Record<string, unknown> = { name: 'a' };
    cycle['self'] = [cycle];
    const message = 'Cannot send data: it contains a cycle or is nested deeper than 1000 levels';
    assert.throws(() => hasBinary(cycle), { name: 'TypeError', message });
    assert.throws(() => extractAttachments(cycle), { name: 'TypeError', message });
  });

  test('takes the same object twice', () => {
    const shared = { a: 1 };
    assert.equal(hasBinary([shared, shared]), false);
  });
});

describe('extractAttachments', () => {
  test('puts numbered placeholders in the place of binary, and leaves the original as it was', () => {
    const data = ['file', { name: 'a', content: BYTES }, [BYTES]];
    const extracted = extractAttachments(data);
    assert.equal(
      JSON.stringify(extracted.data),
      '["file",{"name":"a","content":{"_placeholder":true,"num":0}},[{"_placeholder":true,"num":1}]]',
    );
    assert.deepEqual(extracted.attachments, [BYTES, BYTES]);
    assert.deepEqual(data, ['file', { name: 'a', content: BYTES }, [BYTES]]);
  });

  test('shares memory with the original, and takes only its part of it', () => {
    const memory = new Uint8Array([0, 1, 2, 3, 4]);
    const { attachments } = extractAttachments([memory.subarray(1, 3), memory.buffer]);
    assert.deepEqual(attachments, [Buffer.from([1, 2]), Buffer.from([0, 1, 2, 3, 4])]);
    memory[1] = 9;
    assert.equal(attachments[0]?.[0], 9);
  });

  test('keeps dates, converts with toJSON', () => {
    const { data } = extractAttachments([new Date(0), { toJSON: () => ({ a: 1 }) }, BYTES]);
    assert.equal(JSON.stringify(data), '["1970-01-01T00:00:00.000Z",{"a":1},{"_placeholder":true,"num":0}]');
  });

  test('advisory: an own "__proto__" stays a property', () => {
    const { data } = extractAttachments(JSON.parse('{"__proto__":{"isAdmin":true}}'));
    assert.equal(Object.getPrototypeOf(data), Object.prototype);
    assert.equal(JSON.stringify(data), '{"__proto__":{"isAdmin":true}}');
  });
});

describe('restoreAttachments', () => {
  test('puts attachments in the place of their placeholders', () => {
    const data = JSON.parse('["a",{"b":{"_placeholder":true,"num":1}},{"num":0,"_placeholder":true}]');
    assert.equal(restoreAttachments(data, [BYTES, Buffer.alloc(1)]), data);
    assert.deepEqual(data, ['a', { b: Buffer.alloc(1) }, BYTES]);
  });

  test('takes a placeholder as the whole', () => {
    assert.equal(restoreAttachments({ _placeholder: true, num: 0 }, [BYTES]), BYTES);
  });

  test('allows an attachment twice or not at all, as Socket.IO does', () => {
    const data = [
      { _placeholder: true, num: 0 },
      { _placeholder: true, num: 0 },
    ];
    assert.deepEqual(restoreAttachments(data, [BYTES, BYTES]), [BYTES, BYTES]);
  });

  test('leaves alone what only looks like a placeholder', () => {
    for (const json of ['[{"_placeholder":"true","num":0}]', '[{"_placeholder":1,"num":9}]', '[{"num":0}]']) {
      assert.deepEqual(restoreAttachments(JSON.parse(json), [BYTES]), JSON.parse(json));
    }
  });

  for (const number of [
    '"length"',
    '"__proto__"',
    '"0"',
    '"splice"',
    '-1',
    '2',
    '0.5',
    '1e9',
    'null',
    '[0]',
    '{}',
    'true',
  ]) {
    test(`CVE-2022-2421: ${number} is no attachment's number`, () => {
      const data: unknown = JSON.parse(`["a",{"_placeholder":true,"num":${number}}]`);
      assert.throws(() => restoreAttachments(data, [BYTES, BYTES]), { name: 'ProtocolError' });
    });
  }

  test('CVE-2022-2421: a missing or inherited number is none', () => {
    assert.throws(() => restoreAttachments([{ _placeholder: true }], [BYTES]), {
      name: 'ProtocolError',
      message: 'Cannot restore attachment: no attachment has the number of type undefined',
    });
    const data: unknown = JSON.parse('[{"_placeholder":true,"__proto__":{"num":0}}]');
    assert.throws(() => restoreAttachments(data, [BYTES]), { name: 'ProtocolError' });
  });

  test('advisory: a placeholder as "__proto__" becomes a property, not a prototype', () => {
    const data = JSON.parse('{"__proto__":{"_placeholder":true,"num":0}}');
    restoreAttachments(data, [BYTES]);
    assert.equal(Object.getPrototypeOf(data), Object.prototype);
    assert.equal(Object.getOwnPropertyDescriptor(data, '__proto__')?.value, BYTES);
  });
});
