import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { failure } from '../../shared/failures.ts';
import { LANGUAGES, speak } from '../words/words.ts';
import { explain, withWords } from './explain.ts';

const language = (tag: string): (typeof LANGUAGES)[number] => {
  const found = LANGUAGES.find((one) => one.tag === tag);
  assert.ok(found);
  return found;
};
after(() => speak(language('en')));

test('why nothing came of it is said by its case in every language, else by its code', async () => {
  const everybody = failure('invalid', 'Everybody is in this room.', 'nobody leaves');
  const plain = failure('invalid', '"room" must be the short name of a room.');
  assert.equal(explain(await withWords(everybody)), 'Everybody is in this room.');
  await speak(language('de'));
  assert.equal(explain(await withWords(everybody)), 'In diesem Raum sind alle.');
  assert.equal(explain(await withWords(plain)), 'Das hat der Server nicht verstanden.');
});
