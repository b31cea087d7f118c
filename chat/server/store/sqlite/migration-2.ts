/** Rooms of several kinds with members and read pointers, roles, edits, reactions, mentions, invites, search. */
import type { DatabaseSync } from 'node:sqlite';
import { FTS5_TOKENIZER, toSearchWords } from '../../../shared/search-words.ts';
import { nameKeys } from '../../name-skeleton.ts';
import { contentBits } from './content-bits.ts';

const TABLES = `
  ALTER TABLE person ADD COLUMN role TEXT NOT NULL DEFAULT 'guest';
  ALTER TABLE person ADD COLUMN bot_of INTEGER REFERENCES person (id);
  ALTER TABLE person ADD COLUMN revoked INTEGER;
  ALTER TABLE person ADD COLUMN password TEXT;
  -- What names look like; \`rank\` 0 is what one is looked up by. A revoked bot's are freed with its name.
  CREATE TABLE name_key (
    key TEXT PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES person (id),
    rank INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX name_key_by_person ON name_key (person);
  CREATE INDEX person_by_name ON person (name COLLATE NOCASE, id);
  CREATE UNIQUE INDEX one_owner ON person (role) WHERE role = 'owner';

  ALTER TABLE session RENAME TO old_session;
  CREATE TABLE session (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash BLOB NOT NULL UNIQUE,
    person INTEGER NOT NULL REFERENCES person (id),
    is_bot INTEGER NOT NULL DEFAULT 0,
    agent TEXT NOT NULL,
    address TEXT NOT NULL,
    created INTEGER NOT NULL,
    seen INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX session_by_person ON session (person);
  INSERT INTO session (token_hash, person, agent, address, created, seen)
    SELECT token_hash, person, '', '', created, seen FROM old_session;
  DROP TABLE old_session;

  ALTER TABLE room ADD COLUMN kind TEXT NOT NULL DEFAULT 'public';
  ALTER TABLE room ADD COLUMN topic TEXT NOT NULL DEFAULT '';
  ALTER TABLE room ADD COLUMN is_default INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE room ADD COLUMN archived INTEGER;
  ALTER TABLE room ADD COLUMN made_by INTEGER REFERENCES person (id);
  -- The ids of the people of a direct room, rising: the same people have one room.
  ALTER TABLE room ADD COLUMN people TEXT;
  CREATE UNIQUE INDEX room_by_people ON room (people) WHERE people IS NOT NULL;
  UPDATE room SET is_default = 1 WHERE slug = 'general';

  CREATE TABLE member (
    room INTEGER NOT NULL REFERENCES room (id),
    person INTEGER NOT NULL REFERENCES person (id),
    host INTEGER NOT NULL DEFAULT 0,
    read_seq INTEGER NOT NULL,
    level TEXT NOT NULL DEFAULT 'all',
    joined INTEGER NOT NULL,
    PRIMARY KEY (room, person)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX member_by_person ON member (person, room);
  INSERT INTO member (room, person, read_seq, joined)
    SELECT room.id, person.id, room.last_seq, person.created FROM room, person;

  ALTER TABLE message ADD COLUMN kind TEXT;
  ALTER TABLE message ADD COLUMN event TEXT;
  ALTER TABLE message ADD COLUMN about INTEGER REFERENCES person (id);
  ALTER TABLE message ADD COLUMN reply_seq INTEGER;
  ALTER TABLE message ADD COLUMN root_seq INTEGER;
  ALTER TABLE message ADD COLUMN edited INTEGER;
  ALTER TABLE message ADD COLUMN deleted INTEGER;
  ALTER TABLE message ADD COLUMN deleted_by INTEGER REFERENCES person (id);
  ALTER TABLE message ADD COLUMN mentions_room INTEGER NOT NULL DEFAULT 0;
  -- What the body has in it, one bit for each: see content-bits.ts.
  ALTER TABLE message ADD COLUMN has INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX message_by_time ON message (room, at);

  -- What a message said before an edit.
  CREATE TABLE revision (
    id INTEGER PRIMARY KEY,
    message INTEGER NOT NULL REFERENCES message (id),
    body TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX revision_by_message ON revision (message, id);

  -- The body of a deleted message, for as long as it can be brought back.
  CREATE TABLE undo (
    message INTEGER PRIMARY KEY REFERENCES message (id),
    body TEXT NOT NULL,
    until INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE reaction (
    id INTEGER PRIMARY KEY,
    message INTEGER NOT NULL REFERENCES message (id),
    emoji TEXT NOT NULL,
    person INTEGER NOT NULL REFERENCES person (id),
    at INTEGER NOT NULL,
    UNIQUE (message, emoji, person)
  ) STRICT;

  -- \`spoken\` is what stands behind the @ in the body; null for who was mentioned with the whole room.
  CREATE TABLE mention (
    message INTEGER NOT NULL REFERENCES message (id),
    person INTEGER NOT NULL REFERENCES person (id),
    room INTEGER NOT NULL REFERENCES room (id),
    seq INTEGER NOT NULL,
    spoken TEXT,
    PRIMARY KEY (message, person)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX mention_inbox ON mention (person, message);
  CREATE INDEX mention_by_room ON mention (person, room, seq);

  CREATE TABLE invite (
    id INTEGER PRIMARY KEY,
    code_hash BLOB NOT NULL UNIQUE,
    room INTEGER REFERENCES room (id),
    role TEXT NOT NULL,
    made_by INTEGER NOT NULL REFERENCES person (id),
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    uses_left INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO setting (name, value) VALUES ('name', 'Chat'), ('entry', 'open');

  -- Not used yet: files, notifications and moderation will live here.
  CREATE TABLE attachment (
    id TEXT PRIMARY KEY,
    message INTEGER REFERENCES message (id),
    uploader INTEGER NOT NULL REFERENCES person (id),
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    width INTEGER,
    height INTEGER,
    sha256 BLOB NOT NULL,
    created INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE push_subscription (
    endpoint TEXT PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES person (id),
    keys TEXT NOT NULL,
    created INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE ban (
    id INTEGER PRIMARY KEY,
    person INTEGER REFERENCES person (id),
    address TEXT,
    made_by INTEGER NOT NULL REFERENCES person (id),
    reason TEXT NOT NULL,
    created INTEGER NOT NULL,
    until INTEGER
  ) STRICT;
  CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    person INTEGER NOT NULL REFERENCES person (id),
    what TEXT NOT NULL,
    about TEXT NOT NULL
  ) STRICT;
`;

export function rememberMore(db: DatabaseSync): void {
  db.exec(TABLES);
  // The beginnings of words have lists of their own, since a word being typed may begin half of all words.
  // The index has no copy of the texts: they stand in `message`, and a row's id is its message's.
  db.exec(
    `CREATE VIRTUAL TABLE message_words USING fts5 (words, content = '', contentless_delete = 1, prefix = '1 2 3', tokenize = "${FTS5_TOKENIZER}")`,
  );
  indexMessages(db);
  keepNamesApart(db);
}

function indexMessages(db: DatabaseSync): void {
  const index = db.prepare('INSERT INTO message_words (rowid, words) VALUES (?, ?)');
  const mark = db.prepare('UPDATE message SET has = ? WHERE id = ?');
  for (const { id, body } of db.prepare('SELECT id, body FROM message').iterate()) {
    if (typeof id !== 'number' || typeof body !== 'string') continue;
    index.run(id, toSearchWords(body));
    if (contentBits(body) > 0) mark.run(contentBits(body), id);
  }
}

/** Names could be given twice until now: the first keeps it for itself, later ones share it but block nobody. */
function keepNamesApart(db: DatabaseSync): void {
  const insert = db.prepare('INSERT OR IGNORE INTO name_key (key, person, rank) VALUES (?, ?, ?)');
  for (const { id, name } of db.prepare('SELECT id, name FROM person ORDER BY id').all()) {
    if (typeof id !== 'number' || typeof name !== 'string') continue;
    for (const [rank, key] of nameKeys(name).entries()) insert.run(key, id, rank);
  }
}
