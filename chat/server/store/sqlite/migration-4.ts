/** Searches that look at few rows: longer beginnings of words in the index of words, and indexes of what filters name. */
import type { DatabaseSync } from 'node:sqlite';
import { FTS5_TOKENIZER, toSearchWords } from '../../../shared/search-words.ts';

/** The bits are those of content-bits.ts. `message_by_person` ends with the row's id, as every index does. */
const INDEXES = `
  CREATE INDEX message_with_link ON message (id) WHERE has & 1 <> 0;
  CREATE INDEX message_with_code ON message (id) WHERE has & 2 <> 0;
  CREATE INDEX message_with_image ON message (id) WHERE has & 4 <> 0;
  CREATE INDEX message_with_file ON message (id) WHERE has & 8 <> 0;
  CREATE INDEX message_by_person ON message (person);
`;

/**
 * Without a list of its own, the beginning of a word is looked up by merging the lists of all words that begin so:
 * seconds, if there is one in every message. Beginnings of more than six letters have few such words.
 */
export function indexMore(db: DatabaseSync): void {
  db.exec(INDEXES);
  db.exec(`
    DROP TABLE message_words;
    CREATE VIRTUAL TABLE message_words USING fts5 (words, content = '', contentless_delete = 1, prefix = '1 2 3 4 5 6', tokenize = "${FTS5_TOKENIZER}");
  `);
  const index = db.prepare('INSERT INTO message_words (rowid, words) VALUES (?, ?)');
  for (const { id, body } of db
    .prepare("SELECT id, body FROM message WHERE body <> '' ORDER BY id")
    .iterate()) {
    if (typeof id === 'number' && typeof body === 'string') index.run(id, toSearchWords(body));
  }
}
