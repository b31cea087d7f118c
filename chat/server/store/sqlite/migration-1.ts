/** One room, people with names, sessions, messages. */
export const FIRST_STEP = `
  CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    created INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE session (
    token_hash BLOB PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES person (id),
    created INTEGER NOT NULL,
    seen INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE room (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    last_seq INTEGER NOT NULL DEFAULT 0,
    last_rev INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL
  ) STRICT;

  -- The nonce may be null: the tutorial's clients have none, and SQLite's UNIQUE lets any number of nulls stand.
  CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    room INTEGER NOT NULL REFERENCES room (id),
    seq INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    person INTEGER NOT NULL REFERENCES person (id),
    nonce TEXT,
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (room, seq),
    UNIQUE (person, nonce)
  ) STRICT;

  CREATE INDEX message_by_rev ON message (room, rev);

  INSERT INTO room (slug, name, created)
    VALUES ('general', 'General', CAST(unixepoch('subsec') * 1000 AS INTEGER));
`;
