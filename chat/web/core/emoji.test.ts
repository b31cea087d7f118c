import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadEmoji, TONES, withTone } from './emoji.ts';
import { emojiOf, findEmoji, replaceShortcodes } from './shortcodes.ts';

/** As one font glyph, if the font has it. */
const PICTURE = new RegExp('^\\p{RGI_Emoji}$', 'v');

test('the usual shortcodes are those of the list', async () => {
  const usual = ['+1', 'heart', 'tada', 'Smile', 'point_up', '8ball', 'zzz', 'frowning_face'];
  for (const shortcode of usual) assert.notEqual(emojiOf(shortcode), undefined, shortcode);
  assert.equal(emojiOf('sloth'), undefined);
  assert.equal(replaceShortcodes(':sloth:'), ':sloth:');
  const before = new Map<string, string | undefined>();
  const set = await loadEmoji();
  const codes = set.all.flatMap(({ shortcodes }) => shortcodes);
  for (const code of codes) before.set(code, emojiOf(code));
  const known = [...before].filter(([, emoji]) => emoji !== undefined);
  assert.ok(known.length > 200, `${known.length} are known`);
  for (const [code, emoji] of known) assert.equal(emoji, set.byShortcode(code), code);
});

test('every emoji is one picture with a name, and no shortcode is given twice', async () => {
  for (const language of ['en', 'de', 'es', 'fr']) {
    const { all } = await loadEmoji(language);
    assert.ok(all.length > 1_800);
    const codes = all.flatMap(({ shortcodes }) => shortcodes);
    assert.equal(new Set(codes).size, codes.length);
    for (const { emoji, name, shortcodes } of all) {
      assert.match(emoji, PICTURE, name);
      assert.notEqual(name, '', emoji);
      for (const code of shortcodes) assert.match(code, /^[a-z0-9_+-]{1,40}$/, emoji);
    }
  }
});

test('what takes a skin tone is one picture with each', async () => {
  const toned = (await loadEmoji()).all.filter(({ takesTones }) => takesTones);
  assert.ok(toned.length > 300);
  for (const { emoji } of toned) {
    for (const tone of TONES) assert.match(withTone(emoji, tone), PICTURE, emoji);
  }
  assert.equal(withTone('☝️', '\u{1F3FF}'), '☝🏿');
});

test('an emoji comes in the tone that somebody chose, if it takes one', async () => {
  const [wave] = await findEmoji('wave', 1, 'en', 5);
  assert.deepEqual(wave, { emoji: '👋🏿', shortcode: 'wave' });
  assert.equal((await findEmoji('wave', 1, 'en', 0))[0]?.emoji, '👋');
  assert.equal((await findEmoji('tada', 1, 'en', 5))[0]?.emoji, '🎉');
});

const first = async (like: string, language?: string): Promise<string | undefined> =>
  (await loadEmoji(language)).find(like, 1)[0]?.emoji;

test('what is typed begins words; a shortcode goes before a name, a name before other words', async () => {
  assert.equal(await first('tada'), '🎉');
  assert.equal(await first(':+1:'), '👍');
  assert.equal(await first('heart'), '❤️');
  assert.equal(await first('thumbs up'), '👍');
  assert.equal(await first('cat joy'), '😹');
  assert.equal(await first('octo'), '🐙');
  assert.equal(await first('germany'), '🇩🇪');
  assert.equal(await first('Party'), '🥳');
  assert.equal(await first('xyzzy'), undefined);
  assert.deepEqual((await loadEmoji()).find(' '), []);
  assert.equal((await loadEmoji()).find('face', 7).length, 7);
});

test('other languages have words of their own, with and without accents', async () => {
  assert.equal(await first('rakete', 'de'), '🚀');
  assert.equal(await first('corazon rojo', 'es'), '❤️');
  assert.equal(await first('cœur rouge', 'fr'), '❤️');
  assert.equal(await first('Fusée', 'fr'), '🚀');
  assert.equal(await first('rocket', 'de'), '🚀');
  assert.equal(await first('rocket', 'xx'), '🚀');
});

test('completing gives the shortcode that was begun, and from then on all are known', async () => {
  assert.deepEqual(await findEmoji('thumbsu', 1), [{ emoji: '👍', shortcode: 'thumbsup' }]);
  assert.equal((await findEmoji('slot', 5, 'de'))[0]?.shortcode, 'sloth');
  assert.equal(emojiOf('sloth'), emojiOf('SLOTH'));
  assert.notEqual(emojiOf('sloth'), undefined);
});

test('shortcodes are sent as emoji, but not those in code', () => {
  assert.equal(
    replaceShortcodes('hi :tada::+1: 10:30:45 :nothing_like_it:'),
    'hi 🎉👍 10:30:45 :nothing_like_it:',
  );
  assert.equal(replaceShortcodes('`:tada:` ```\n:tada:\n``` :tada:'), '`:tada:` ```\n:tada:\n``` 🎉');
});
