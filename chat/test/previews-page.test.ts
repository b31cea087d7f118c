/** What is read from a page and a picture, whatever they are, and however they arrive. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { cleanText } from '../server/previews/clean-text.ts';
import { decodeEntities } from '../server/previews/entities.ts';
import { type HtmlHead, HtmlHeadReader } from '../server/previews/html-head.ts';
import { readImageHead } from '../server/previews/image-head.ts';
import { readHead } from '../server/previews/page-preview.ts';
import { png } from './hostile-site.ts';

function headOf(html: string): HtmlHead & { isDone: boolean } {
  const reader = new HtmlHeadReader();
  reader.read(html);
  return { ...reader.head, isDone: reader.isDone };
}

const titleOf = (html: string): string => headOf(html).title;
const metaOf = (html: string, name = 'a'): string | undefined => headOf(html).meta.get(name);

test('the title and the metas of a head, as browsers read them', () => {
  const head = headOf(`<!DOCTYPE html><html lang=en><head><meta charset="utf-8"><!-- <title>no</title> -->
    <script>if (a < b) document.write("<title>no</title></head>")</script><style>a::before { content: "<title>no" }</style>
    <TITLE lang='en'>One &amp; <b>two</b></TITLE><meta content='first' PROPERTY="og:Title" /><meta property=og:title content=second>
    <meta name=description content="a > b"><link rel=icon href=/x></head><body><title>no</title>`);
  assert.deepEqual(
    { title: head.title, meta: [...head.meta], isDone: head.isDone },
    {
      title: 'One & <b>two</b>',
      meta: [
        ['og:title', 'first'],
        ['description', 'a > b'],
      ],
      isDone: true,
    },
  );
});

test('odd, broken and hostile markup', () => {
  for (const [html, title] of [
    ['<title>a</title >', 'a'],
    ['<title>a</title/>', 'a'],
    ['<title>a</titles></title>', 'a</titles>'],
    ['<title>a</titl</title>', 'a</titl'],
    ['<title>a<</title>', 'a<'],
    ['<title>a</</title>', 'a</'],
    ['<title></title><title>b</title>', 'b'],
    ['<title>a</title><title>b</title>', 'a'],
    ['<!--><title>a</title>', 'a'],
    ['<!---><title>a</title>', 'a'],
    ['<!-- -- > <title>b</title> --><title>a</title>', 'a'],
    ['<!-x><title>a</title>', 'a'],
    ['<!><title>a</title>', 'a'],
    ['<?xml version="1.0"?><title>a</title>', 'a'],
    ['</><title>a</title>', 'a'],
    ['</ <title>b</title><title>a</title>', 'a'],
    ['</!x><title>a</title>', 'a'],
    ['<<title>a</title>', 'a'],
    ['< title>b</title><title>a</title>', 'a'],
    ['<noscript><title>a</title></noscript>', 'a'],
    ['<a b="<title>b</title>"><title>a</title>', 'a'],
    ["<a b='>' c=\"'\" d=x>y><title>a</title>", 'a'],
    ['<a b = "x" c><title>a</title>', 'a'],
    ['<textarea><title>b</title></textarea><title>a</title>', 'a'],
    ['<script><!-- </script><title>a</title>', 'a'],
    ['<title>never ends', ''],
    ['<a b="never ends <title>b</title>', ''],
    ['<body><title>b</title>', ''],
    ['</head><title>b</title>', ''],
    ['', ''],
  ] as const) {
    assert.equal(titleOf(html), title, html);
  }
  assert.equal(metaOf('<meta name=a content>'), undefined);
  assert.equal(metaOf('<meta name=a content="">'), undefined);
  assert.equal(metaOf('<meta name=a/content=b>'), undefined);
  assert.equal(metaOf('<meta name=a content=b content=c>'), 'b');
  assert.equal(metaOf('<meta name="a" property="b" content="c">', 'b'), 'c');
  assert.equal(metaOf('<meta name="__proto__" content="c"><meta name="a" content="d">', '__proto__'), 'c');
  assert.equal(metaOf('<meta content="x" name="a"'), undefined);
  assert.equal(metaOf('</meta name=a content=b>'), undefined);
});

test('what is collected is bounded', () => {
  const long = 'x'.repeat(100_000);
  assert.ok(titleOf(`<title>${long}</title>`).length <= 4_096);
  assert.ok((metaOf(`<meta name=a content="${long}">`) ?? '').length <= 4_096);
  assert.equal(metaOf(`<meta name=a ${long}=y content=b>`), 'b');
  const { meta } = headOf(
    Array.from({ length: 1_000 }, (_, index) => `<meta name=n${index} content=x>`).join(''),
  );
  assert.equal(meta.size, 100);
});

/** Pieces of which hostile heads are made. */
const piece = fc.oneof(
  fc.constantFrom(
    '<title>',
    '</title',
    '</title>',
    '<meta ',
    'name=',
    'property="og:title"',
    'content=',
    '"',
    "'",
    '>',
    '/>',
    '<!--',
    '-->',
    '--',
    '<script>',
    '</script>',
    '</head',
    '<body',
    '<',
    '</',
    '<!',
    '<?',
    '=',
    ' ',
    '\n',
    'ü',
    '😀',
    '&amp;',
    '&#x1f600;',
    '\u0000',
    'a',
  ),
  fc.string({ maxLength: 5 }),
);
const html = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));

test('the same comes of it whole, byte by byte, and at random cuts', async () => {
  await fc.assert(
    fc.asyncProperty(html, fc.array(fc.nat(400), { maxLength: 8 }), async (text, cuts) => {
      const whole = headOf(text.toWellFormed());
      const bytes = Buffer.from(text);
      const at = [...new Set([0, ...cuts.filter((cut) => cut < bytes.length), bytes.length])].sort(
        (a, b) => a - b,
      );
      const inPieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
      for (const chunks of [[bytes], [...bytes].map((byte) => Buffer.of(byte)), inPieces]) {
        const head = await readHead({ body: stream(chunks), type: 'text/html; charset=utf-8' });
        assert.deepEqual([head.title, [...head.meta]], [whole.title, [...whole.meta]]);
      }
    }),
    { numRuns: 500 },
  );
});

test('a long page is walked through once', () => {
  // If something were looked for again and again in vain, this would take minutes.
  for (const unit of [
    '<',
    '</title',
    '<title>',
    '<!--',
    '<meta ',
    'a="',
    '&',
    '<meta name=a content="&amp;',
    '</',
  ]) {
    const reader = new HtmlHeadReader();
    reader.read(unit.repeat(Math.ceil(500_000 / unit.length)));
    assert.equal(reader.isDone, false, unit);
  }
});

test('letters are read as the page, or its server, says', async () => {
  const page = (label: string): string => `<meta charset="${label}"><title>gr\u00fc\u00df</title>`;
  const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
  const title = async (bytes: Buffer, type = 'text/html'): Promise<string> =>
    (await readHead({ body: stream([bytes]), type })).title;
  assert.equal(await title(Buffer.from(page('utf-8'))), 'grüß');
  assert.equal(await title(latin(page('iso-8859-1'))), 'grüß');
  assert.equal(await title(latin(page('utf-8')), 'text/html; charset="windows-1252"'), 'grüß');
  assert.equal(
    await title(
      latin('<meta http-equiv=Content-Type content="text/html; charset=latin1"><title>gr\xfc\xdf</title>'),
    ),
    'grüß',
  );
  assert.equal(
    await title(Buffer.from('\ufeff<title>grüß</title>', 'utf16le'), 'text/html; charset=utf-8'),
    'grüß',
  );
  assert.equal(
    await title(
      Buffer.from([
        ...latin('<meta charset=shift_jis><title>'),
        0x93,
        0xfa,
        0x96,
        0x7b,
        ...latin('</title>'),
      ]),
    ),
    '日本',
  );
  assert.equal(await title(Buffer.from(page('no-such-one')), 'text/html; charset=nor-this'), 'grüß');
  assert.equal(await title(latin(page('utf-8'))), 'gr\ufffd\ufffd');
});

test('character references', () => {
  for (const [written, read] of [
    ['&amp;lt;', '&lt;'],
    ['&#65;&#x41;&#X41', 'AAA'],
    ['&auml;&Auml;&yuml;&nbsp;&shy;', 'äÄÿ\u00a0\u00ad'],
    ['&#146;&#0;&#xd800;&#x110000;', '’\ufffd\ufffd\ufffd'],
    ['&unknown; &amp AT&T &;', '&unknown; &amp AT&T &;'],
    ['&constructor;&hellip;', '&constructor;…'],
  ] as const) {
    assert.equal(decodeEntities(written), read);
  }
});

test('a text of others is one line of what can be seen', () => {
  for (const [text, clean] of [
    ['  a\n\tb\u2028c\u3000 ', 'a b c'],
    ['a\u0000\u0007\u202eb\u2066c\u200f\u200b\ufeff\u00ad\u{e0041}', 'abc'],
    ['\u202e', ''],
    ['👨‍👩‍👧 می‌خو ❤️', '👨‍👩‍👧 می‌خو ❤️'],
    ['a\ud800b', 'a\ufffdb'],
    ['e\u0301'.repeat(20), `${'e\u0301'.repeat(10)}…`],
    [`a${'\u0301'.repeat(50)}`, 'a\u0301\u0301\u0301'],
    ['0123456789', '0123456789'],
    ['012345678 x', '012345678…'],
    ['👨‍👩‍👧'.repeat(11), `${'👨‍👩‍👧'.repeat(10)}…`],
    [' '.repeat(1_000), ''],
  ] as const) {
    assert.equal(cleanText(text, 10), clean);
  }
});

test('pictures are known by their bytes', () => {
  const gif = Buffer.from('GIF89a\x40\x00\x30\x00\x80', 'latin1');
  const jpeg = Buffer.from(
    'ffd8ffe000104a46494600010100000100010000ffc00011080030004003012200021101031101',
    'hex',
  );
  const webp = (chunk: string, data: string): Buffer =>
    Buffer.concat([
      Buffer.from('RIFF\0\0\0\0WEBP'),
      Buffer.from(chunk),
      Buffer.alloc(4),
      Buffer.from(data, 'hex'),
      Buffer.alloc(8),
    ]);
  const size = { width: 64, height: 48 };
  assert.deepEqual(readImageHead(png(64, 48)), { type: 'image/png', ...size });
  assert.deepEqual(readImageHead(gif), { type: 'image/gif', ...size });
  assert.deepEqual(readImageHead(jpeg), { type: 'image/jpeg', ...size });
  assert.deepEqual(readImageHead(webp('VP8 ', '0000009d012a40003000')), { type: 'image/webp', ...size });
  assert.deepEqual(readImageHead(webp('VP8L', '2f3fc00b00')), { type: 'image/webp', ...size });
  assert.deepEqual(readImageHead(webp('VP8X', '000000003f00002f0000')), { type: 'image/webp', ...size });
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    Buffer.from('<script>'),
    Buffer.from('BM'),
    Buffer.from('%PDF-1.7'),
    png(1, 1),
    png(31, 400),
    header(5_000, 4_000),
    header(20_000, 32),
    header(0xff_ff_ff_ff, 0xff_ff_ff_ff),
    webp('ALPH', '00'),
  ]) {
    assert.equal(readImageHead(bytes), null, bytes.toString('latin1', 0, 30));
  }
});

test('no bytes make the reader of pictures fail', () => {
  const starts = [
    '',
    'ffd8',
    'ffd8ffe0',
    '89504e470d0a1a0a',
    '474946383961',
    '52494646000000005745425056503820',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 300 }), (start, rest) => {
      const head = readImageHead(Buffer.concat([Buffer.from(start, 'hex'), rest]));
      assert.ok(head === null || head.width * head.height <= 16_000_000);
    }),
    { numRuns: 3_000 },
  );
});

/** The beginning of a picture of which there is no more. */
function header(width: number, height: number): Buffer {
  const bytes = png(64, 48);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

async function* stream(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}
