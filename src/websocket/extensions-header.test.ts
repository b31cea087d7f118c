import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { parseExtensions } from './extensions-header.ts';

describe('§9.1 Sec-WebSocket-Extensions', () => {
  it('parses the examples', () => {
    assert.deepEqual(parseExtensions('foo'), [{ name: 'foo', parameters: [] }]);
    assert.deepEqual(parseExtensions('bar; baz=2'), [{ name: 'bar', parameters: [['baz', '2']] }]);
    assert.deepEqual(parseExtensions('deflate-stream, mux; max-channels=4; flow-control, deflate-stream'), [
      { name: 'deflate-stream', parameters: [] },
      {
        name: 'mux',
        parameters: [
          ['max-channels', '4'],
          ['flow-control', undefined],
        ],
      },
      { name: 'deflate-stream', parameters: [] },
    ]);
    assert.deepEqual(parseExtensions('private-extension'), [{ name: 'private-extension', parameters: [] }]);
  });

  it('parses white space, quoted values and what comes twice', () => {
    assert.deepEqual(parseExtensions(' \t, a ;\tb = "c" ;b; d="\\e\\1f" ,, '), [
      {
        name: 'a',
        parameters: [
          ['b', 'c'],
          ['b', undefined],
          ['d', 'e1f'],
        ],
      },
    ]);
    assert.deepEqual(parseExtensions(''), []);
    assert.deepEqual(parseExtensions(' , '), []);
  });

  it('refuses what is malformed', () => {
    const malformed = [
      'a b',
      ';',
      'a;',
      'a;;b',
      'a=b',
      'a; b=',
      'a; b="',
      'a; b=""',
      'a; b="c d"',
      'a; b="c',
      'ä',
    ];
    malformed.push(
      'a; b="c,d"',
      'a; b="c\\"',
      'a; b="\\"',
      'a; b="c"d',
      'a; =c',
      'a\r\nb',
      'a,\nb',
      'a\0',
      '"a"',
      'a; b=c=d',
    );
    for (const header of malformed) {
      assert.equal(parseExtensions(header), undefined, header);
      assert.equal(parseExtensions(`x, ${header}`), undefined, header);
    }
  });

  it('refuses more than 8 KiB', () => {
    assert.equal(parseExtensions('a,'.repeat(4096))?.length, 4096);
    assert.equal(parseExtensions(`${'a,'.repeat(4096)} `), undefined);
  });

  it('knows no names', () => {
    assert.deepEqual(parseExtensions('__proto__; constructor=toString'), [
      { name: '__proto__', parameters: [['constructor', 'toString']] },
    ]);
  });

  it('is linear: near misses at the full length', () => {
    for (const part of [
      ' ',
      '\t ',
      'a',
      'a ',
      ';a',
      ' ; a = "\\a',
      '"\\a',
      ' , ',
      'a;b="c"',
      ';a="b',
      '\\',
    ]) {
      for (const start of ['', 'a', 'a; b="', 'a ;']) {
        parseExtensions(`${start}${part.repeat(8192)}`.slice(0, 8192));
      }
    }
  });

  it('reads back what was written', () => {
    const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,8}$/);
    const value = fc.option(token, { nil: undefined });
    const extension = fc.record({
      name: token,
      parameters: fc.array(fc.tuple(token, value), { maxLength: 4 }),
    });
    const space = fc.constantFrom('', ' ', '\t', '  ');
    fc.assert(
      fc.property(fc.array(extension, { maxLength: 4 }), space, fc.boolean(), (extensions, s, isQuoted) => {
        const quote = (text: string): string =>
          isQuoted ? `"${text.replaceAll(/(.)(.)/g, String.raw`$1\$2`)}"` : text;
        const header = extensions.map(({ name, parameters }) =>
          [
            name,
            ...parameters.map(([key, text]) => key + (text === undefined ? '' : `${s}=${s}${quote(text)}`)),
          ].join(`${s};${s}`),
        );
        assert.deepEqual(
          parseExtensions(header.join(`${s},${s}`)),
          extensions.map(({ name, parameters }) => ({
            name,
            parameters: parameters.map((pair) => [...pair]),
          })),
        );
      }),
    );
  });
});
