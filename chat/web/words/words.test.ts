import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { en } from './en.ts';
import { chooseLanguage, LANGUAGES, type Plural, speak, spoken, t, type Words } from './words.ts';

const english = LANGUAGES[0];
assert.ok(english);
afterEach(() => speak(english));

const forms = (entry: string | Plural): [form: string, text: string][] =>
  typeof entry === 'string' ? [['', entry]] : Object.entries(entry);
const params = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/gu)].map(([, name]) => name ?? '').sort();

/** Said the same in both languages. Everything else that reads like English was forgotten. */
const SAME_IN: Readonly<Record<string, readonly string[]>> = {
  de: ['bots', 'emoji', 'name', 'saidIn', 'webhooks'],
  es: ['bot', 'bots', 'emoji', 'webhooks'],
  fr: ['admin', 'bot', 'bots', 'emoji', 'mentions', 'notices', 'suggestions', 'webhooks'],
};

for (const language of LANGUAGES) {
  test(`${language.name} says everything, with the same parameters`, async () => {
    const words: Words = await language.load();
    assert.deepEqual(Object.keys(words).sort(), Object.keys(en).sort());
    const plurals = new Intl.PluralRules(language.tag).resolvedOptions().pluralCategories;
    for (const [key, entry] of Object.entries(words) as [keyof Words, string | Plural][]) {
      const expected = params(forms(en[key]).at(-1)?.[1] ?? '');
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
    const words = await language.load();
    const same = (Object.keys(en) as (keyof Words)[]).filter(
      (key) => JSON.stringify(words[key]) === JSON.stringify(en[key]),
    );
    assert.deepEqual(same.sort(), SAME_IN[language.tag]);
  });
}

test('the form is chosen by the number, as the language does', async () => {
  assert.equal(t('nDays', { n: 1 }), '1 day');
  assert.equal(t('nDays', { n: 0 }), '0 days');
  const french = LANGUAGES.find(({ tag }) => tag === 'fr');
  assert.ok(french);
  await speak(french);
  assert.equal(spoken(), 'fr');
  assert.equal(t('nDays', { n: 0 }), '0 jour');
  assert.equal(
    t('nDays', { n: 1_000_000 }),
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
  await speak({ tag: 'fr', name: 'Français', load: () => Promise.reject(new Error('no')) });
  assert.equal(t('close'), 'Close');
  assert.equal(spoken(), 'en');
});
