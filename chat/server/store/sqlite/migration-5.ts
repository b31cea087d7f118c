/** Previews of links, with their pictures; deeds of one person; mentions that came late. */
export const FIFTH_STEP = `
  -- The one of step 3 was never written to.
  DROP TABLE unfurl;

  -- The bytes come last, so that what is asked of the others need not read them.
  CREATE TABLE preview_image (
    id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    at INTEGER NOT NULL,
    size INTEGER NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT;

  -- What was found at an address lately, so that it is not asked again. Without a title: nothing.
  CREATE TABLE unfurl (
    url_hash BLOB PRIMARY KEY,
    expires INTEGER NOT NULL,
    title TEXT,
    description TEXT,
    image TEXT REFERENCES preview_image (id) ON DELETE SET NULL,
    width INTEGER,
    height INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX unfurl_by_expiry ON unfurl (expires);
  CREATE INDEX unfurl_by_image ON unfurl (image) WHERE image IS NOT NULL;

  -- A message's own copy. Without a title: it was taken away, and does not come back.
  CREATE TABLE preview (
    message INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
    href TEXT NOT NULL,
    title TEXT,
    description TEXT,
    image TEXT REFERENCES preview_image (id) ON DELETE SET NULL,
    width INTEGER,
    height INTEGER
  ) STRICT;
  CREATE INDEX preview_by_image ON preview (image) WHERE image IS NOT NULL;

  CREATE INDEX audit_by_person ON audit (person);
  CREATE INDEX audit_by_about ON audit (about);
  CREATE INDEX audit_by_what ON audit (what);

  -- An edit put the mention into a message that the person had read already, and they have not come back since.
  ALTER TABLE mention ADD COLUMN late INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX mention_late ON mention (person, room) WHERE late = 1;
`;
