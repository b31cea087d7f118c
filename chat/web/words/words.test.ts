import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { enLater } from './en-later.ts';
import { en } from './en.ts';
import { type Key, type LaterWords, speakLater, t as sayLater } from './later.ts';
import {
  chooseLanguage,
  type Language,
  LANGUAGES,
  type Plural,
  speak,
  spoken,
  t,
  type Words,
} from './words.ts';

const english = LANGUAGES[0];
assert.ok(english);
afterEach(async () => {
  await speak(english);
  await speakLater();
});

const ENGLISH: Words & LaterWords = { ...en, ...enLater };
const allOf = async (language: Language): Promise<Words & LaterWords> => ({
  ...(await language.load()),
  ...(await language.loadLater()),
});

const forms = (entry: string | Plural): [form: string, text: string][] =>
  typeof entry === 'string' ? [['', entry]] : Object.entries(entry);
const params = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/gu)].map(([, name]) => name ?? '').sort();

/** Said the same in both languages. Everything else that reads like English was forgotten. */
const SAME_IN: Readonly<Record<string, readonly string[]>> = {
  de: ['bots', 'emoji', 'name', 'passkeys', 'saidIn', 'webhooks'],
  es: ['bot', 'bots', 'emoji', 'webhooks'],
  fr: ['admin', 'bot', 'bots', 'emoji', 'mentions', 'notices', 'suggestions', 'webhooks'],
};

for (const language of LANGUAGES) {
  test(`${language.name} says everything, with the same parameters`, async () => {
    assert.deepEqual(Object.keys(await language.load()).sort(), Object.keys(en).sort());
    assert.deepEqual(Object.keys(await language.loadLater()).sort(), Object.keys(enLater).sort());
    const words = await allOf(language);
    const plurals = new Intl.PluralRules(language.tag).resolvedOptions().pluralCategories;
    for (const [key, entry] of Object.entries(words) as [Key, string | Plural][]) {
      const expected = params(forms(ENGLISH[key]).at(-1)?.[1] ?? '');
      for (const [form, text] of forms(entry)) {
        assert.deepEqual(params(text), expected, `${key} ${form}`);
        assert.equal(text, text.trim(), key);
        assert.notEqual(text, '', key);
        if (form !== '') assert.ok(plurals.includes(form as Intl.LDMLPluralRule), `${key} ${form}`);
      }
    }
  });

  test(`${language.name} is not English by oversight`, async () => {
    if (language.tag === 'en') return;
    const words = await allOf(language);
    const same = (Object.keys(ENGLISH) as Key[]).filter(
      (key) => JSON.stringify(words[key]) === JSON.stringify(ENGLISH[key]),
    );
    assert.deepEqual(same.sort(), SAME_IN[language.tag]);
  });
}

test('nothing is said twice, at first and later', () => {
  assert.deepEqual(
    Object.keys(en).filter((key) => Object.hasOwn(enLater, key)),
    [],
  );
});

test('the form is chosen by the number, as the language does', async () => {
  assert.equal(sayLater('nDays', { n: 1 }), '1 day');
  assert.equal(sayLater('nDays', { n: 0 }), '0 days');
  const french = LANGUAGES.find(({ tag }) => tag === 'fr');
  assert.ok(french);
  await speak(french);
  await speakLater();
  assert.equal(spoken(), 'fr');
  assert.equal(sayLater('close'), 'Fermer', 'what is said at first can be said later, too');
  assert.equal(sayLater('nDays', { n: 0 }), '0 jour');
  assert.equal(
    sayLater('nDays', { n: 1_000_000 }),
    '1000000 jours',
    'French has a form for millions; "other" stands in',
  );
});

test('what is put in is not read again', () => {
  assert.equal(t('typingTwo', { name: '{other} $&', other: 'Bob' }), '{other} $& and Bob are writing…');
  assert.equal(t('typingOne'), '{name} is writing…');
});

test('the language is what was set, else the first known that the browser wants', () => {
  assert.equal(chooseLanguage(null, ['it', 'de-AT', 'fr']).tag, 'de');
  assert.equal(chooseLanguage('es', ['de']).tag, 'es');
  assert.equal(chooseLanguage('xx', ['FR-ca']).tag, 'fr');
  assert.equal(chooseLanguage(null, []).tag, 'en');
});

test('a language that does not load is English', async () => {
  const load = (): Promise<never> => Promise.reject(new Error('no'));
  await speak({ tag: 'fr', name: 'Français', load, loadLater: load });
  assert.equal(t('close'), 'Close');
  assert.equal(spoken(), 'en');
});
