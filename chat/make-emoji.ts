/**
 * Writes chat/web/emoji/ from emojibase-data, trimmed to what the page uses. The result is kept in git, since the data
 * is 50 MB and changes once a year:
 *
 *     npm install --no-save emojibase-data@17.0.0 && node chat/make-emoji.ts && npx prettier --write chat/web/emoji
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Emoji {
  emoji: string;
  hexcode: string;
  label: string;
  tags?: string[];
  group?: number;
  order?: number;
  version: number;
  skins?: { emoji: string; tone: number | number[] }[];
}

/** What systems of this year's spring can draw. */
const MAX_VERSION = 16;
/** By emojibase's numbers; 2 holds parts of emoji. */
const GROUPS = new Map([
  [0, 'smileys'],
  [1, 'people'],
  [3, 'animals'],
  [4, 'food'],
  [5, 'travel'],
  [6, 'activities'],
  [7, 'objects'],
  [8, 'symbols'],
  [9, 'flags'],
]);
const LANGUAGES = ['en', 'de', 'es', 'fr'];
const TONES = ['\u{1F3FB}', '\u{1F3FC}', '\u{1F3FD}', '\u{1F3FE}', '\u{1F3FF}'];

const source = dirname(fileURLToPath(import.meta.resolve('emojibase-data/package.json')));
const target = fileURLToPath(new URL('web/emoji', import.meta.url));
const notice = readFileSync(join(source, 'LICENSE'), 'utf8').match(/Copyright.*/u)?.[0] ?? '';
const head = (what: string): string =>
  `/** ${what} Made by chat/make-emoji.ts from emojibase-data (MIT, ${notice}). */\n`;

function read(path: string): unknown {
  return JSON.parse(readFileSync(join(source, path), 'utf8'));
}

/** Emojibase writes a variation selector behind many emoji that are pictures without it. */
function asPicture(emoji: string): string {
  const plain = emoji.replaceAll('\uFE0F', '');
  return new RegExp('^\\p{RGI_Emoji}$', 'v').test(plain) ? plain : emoji;
}

function readShortcodes(path: string): Map<string, string[]> {
  const entries = Object.entries(read(path) as Record<string, string | string[]>);
  return new Map(entries.map(([hexcode, codes]) => [hexcode, [codes].flat()]));
}

/** True if tones are what `withTone` in emoji.ts makes of the plain emoji. */
function takesTones({ emoji, skins = [] }: Emoji): boolean {
  return TONES.every((tone, index) => {
    const toned = emoji.replace(/(\p{Emoji_Modifier_Base})\uFE0F?/gu, `$1${tone}`);
    return skins.some((skin) => skin.emoji === toned && [skin.tone].flat().every((one) => one === index + 1));
  });
}

const all = (read('en/data.json') as Emoji[])
  .filter(({ group, version }) => group !== undefined && GROUPS.has(group) && version <= MAX_VERSION)
  .sort((one, other) => (one.order ?? 0) - (other.order ?? 0));
const github = readShortcodes('en/shortcodes/github.json');
const others = readShortcodes('en/shortcodes/emojibase.json');

const lines = [...GROUPS].map(([group, name]) => {
  const records = all
    .filter((emoji) => emoji.group === group)
    .map((emoji) => {
      const codes = github.get(emoji.hexcode) ?? others.get(emoji.hexcode) ?? [];
      return `${takesTones(emoji) ? '~' : ''}${asPicture(emoji.emoji)} ${codes.join(' ')}`.trimEnd();
    });
  return `  ['${name}', '${records.join('|')}'],\n`;
});
writeFileSync(
  join(target, 'list.ts'),
  `${head('Emoji with their shortcodes, by group; `~` takes skin tones.')}export const GROUPS: readonly (readonly [name: string, records: string])[] = [\n${lines.join('')}];\n`,
);

for (const language of LANGUAGES) {
  const byHexcode = new Map(
    (read(`${language}/data.json`) as Emoji[]).map((emoji) => [emoji.hexcode, emoji]),
  );
  const words = [...GROUPS.keys()].map((group) =>
    all
      .filter((emoji) => emoji.group === group)
      .map(({ hexcode }) => {
        const { label = '', tags = [] } = byHexcode.get(hexcode) ?? {};
        const known = new Set(label.toLowerCase().split(/\s+/u));
        const more = new Set(
          tags.flatMap((tag) => tag.toLowerCase().split(/\s+/u)).filter((tag) => !known.has(tag)),
        );
        return [label, ...(more.size > 0 ? [[...more].join(' ')] : [])].join('=').replace(/['|\\]/gu, '’');
      })
      .join('|'),
  );
  const text = words.map((line) => `  '${line}',\n`).join('');
  writeFileSync(
    join(target, `words-${language}.ts`),
    `${head(`Names and words for the emoji of list.ts, in its order.`)}export const WORDS: readonly string[] = [\n${text}];\n`,
  );
}
