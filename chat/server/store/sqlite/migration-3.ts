/** Room for moderation, files, notifications, pins, passkeys, webhooks, link previews and recovery; names of rooms. */
import type { DatabaseSync } from 'node:sqlite';
import { nameKeys } from '../../name-skeleton.ts';

/** What belongs to a person goes with them; what others need to read stays, without their name. */
const TABLES = `
  ALTER TABLE room ADD COLUMN slow_s INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE room ADD COLUMN read_only INTEGER NOT NULL DEFAULT 0;
  -- Null: what was said is kept for ever.
  ALTER TABLE room ADD COLUMN retain_days INTEGER;
  ALTER TABLE room ADD COLUMN guest_files INTEGER NOT NULL DEFAULT 1;

  -- What the names of public rooms look like, archived ones too, since they may come back: no two share a key.
  CREATE TABLE room_key (
    key TEXT PRIMARY KEY,
    room INTEGER NOT NULL REFERENCES room (id) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX room_key_by_room ON room_key (room);

  -- Until then they may not write there (moderation), and until then they want to hear nothing (their own wish).
  ALTER TABLE member ADD COLUMN muted_until INTEGER;
  ALTER TABLE member ADD COLUMN quiet_until INTEGER;

  -- Minutes since midnight in the time zone (an IANA name) of the person; null: no quiet hours.
  ALTER TABLE person ADD COLUMN quiet_from INTEGER;
  ALTER TABLE person ADD COLUMN quiet_to INTEGER;
  ALTER TABLE person ADD COLUMN zone TEXT;

  ALTER TABLE attachment ADD COLUMN thumbhash BLOB;
  -- Its place among the files of its message.
  ALTER TABLE attachment ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX attachment_by_message ON attachment (message, position);
  CREATE INDEX attachment_by_content ON attachment (sha256);
  CREATE INDEX attachment_by_uploader ON attachment (uploader, created);
  CREATE INDEX attachment_unsent ON attachment (created) WHERE message IS NULL;

  CREATE INDEX push_subscription_by_person ON push_subscription (person);
  CREATE INDEX ban_by_person ON ban (person) WHERE person IS NOT NULL;
  CREATE INDEX ban_by_address ON ban (address) WHERE address IS NOT NULL;

  -- The one of step 2 was never written to. \`person\` is null for the console.
  DROP TABLE audit;
  CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    person INTEGER REFERENCES person (id) ON DELETE SET NULL,
    what TEXT NOT NULL,
    about INTEGER REFERENCES person (id) ON DELETE SET NULL,
    room INTEGER REFERENCES room (id) ON DELETE SET NULL,
    -- What a reader needs besides, such as a role or the number of a message: never what somebody said.
    detail TEXT NOT NULL DEFAULT ''
  ) STRICT;

  CREATE TABLE report (
    id INTEGER PRIMARY KEY,
    message INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL,
    closed INTEGER,
    closed_by INTEGER REFERENCES person (id) ON DELETE SET NULL,
    UNIQUE (message, person)
  ) STRICT;
  CREATE INDEX report_open ON report (id) WHERE closed IS NULL;
  CREATE INDEX report_by_person ON report (person, at);

  CREATE TABLE pin (
    room INTEGER NOT NULL REFERENCES room (id) ON DELETE CASCADE,
    message INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    made_by INTEGER REFERENCES person (id) ON DELETE SET NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (room, message)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX pin_by_message ON pin (message);

  CREATE TABLE saved (
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    message INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    PRIMARY KEY (person, message)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX saved_by_time ON saved (person, at);
  CREATE INDEX saved_by_message ON saved (message);

  -- Whoever has the token speaks in the room as this bot, whose row says when it was made and by whom.
  CREATE TABLE webhook (
    person INTEGER PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    room INTEGER NOT NULL REFERENCES room (id) ON DELETE CASCADE,
    token_hash BLOB NOT NULL UNIQUE
  ) STRICT;
  CREATE INDEX webhook_by_room ON webhook (room);

  -- Previews of links. A page that could not be read has a row, too: without a title, so that it is not asked again.
  CREATE TABLE unfurl (
    url_hash BLOB PRIMARY KEY,
    url TEXT NOT NULL,
    title TEXT,
    description TEXT,
    site TEXT,
    -- The name of the file with the picture, served by us.
    image TEXT,
    width INTEGER,
    height INTEGER,
    fetched INTEGER NOT NULL,
    expires INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX unfurl_by_expiry ON unfurl (expires);

  -- Passkeys: the id and the key as the authenticator gave them.
  CREATE TABLE credential (
    id BLOB PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    public_key BLOB NOT NULL,
    counter INTEGER NOT NULL,
    transports TEXT NOT NULL,
    label TEXT NOT NULL,
    created INTEGER NOT NULL,
    used INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX credential_by_person ON credential (person);

  -- Links that sign a person in once. \`made_by\` is null for the console. A person has one at most: the newest.
  CREATE TABLE recovery (
    person INTEGER PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    code_hash BLOB NOT NULL UNIQUE,
    made_by INTEGER REFERENCES person (id) ON DELETE SET NULL,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL
  ) STRICT;
`;

export function makeRoomForMore(db: DatabaseSync): void {
  db.exec(TABLES);
  keepRoomNamesApart(db);
}

/** Rooms could share a name until now: the first has it, later ones keep theirs but block nobody. */
function keepRoomNamesApart(db: DatabaseSync): void {
  const insert = db.prepare('INSERT OR IGNORE INTO room_key (key, room) VALUES (?, ?)');
  for (const { id, name } of db
    .prepare("SELECT id, name FROM room WHERE kind = 'public' ORDER BY id")
    .all()) {
    if (typeof id !== 'number' || typeof name !== 'string') continue;
    for (const key of nameKeys(name)) insert.run(key, id);
  }
}
