import type { SQLOutputValue } from 'node:sqlite';
import type { Message } from '../../../shared/messages.ts';
import type { Attach, Found, Previews, Remember } from '../previews.ts';
import { type Database, type Row, expectRow, integer, text, textOrNull } from './database.ts';
import { MESSAGE, readMessage } from './rows.ts';
import { takeRev } from './take-rev.ts';

export class SqlitePreviews implements Previews {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async known(urlHash: Uint8Array, at: number): Promise<Found | null | undefined> {
    const row = this.#db.get(
      'SELECT title, description, image, width, height FROM unfurl WHERE url_hash = ? AND expires > ?',
      urlHash,
      at,
    );
    return row && readFound(row);
  }

  async remember({ urlHash, found, image, at, expires, mostImageBytes }: Remember): Promise<void> {
    this.#db.write(() => {
      if (image !== null) {
        this.#makeRoom(mostImageBytes - image.bytes.length);
        this.#db.run(
          'INSERT INTO preview_image (id, type, at, size, bytes) VALUES (?, ?, ?, ?, ?)',
          image.id,
          image.type,
          at,
          image.bytes.length,
          image.bytes,
        );
      }
      this.#db.run(
        'INSERT OR REPLACE INTO unfurl (url_hash, expires, title, description, image, width, height) VALUES (?, ?, ?, ?, ?, ?, ?)',
        urlHash,
        expires,
        ...columnsOf(found),
      );
    });
  }

  async attach({ room, seq, body, href, found }: Attach): Promise<Message | null> {
    return this.#db.write(() => {
      const message = this.#db.get(
        `SELECT id, room FROM message WHERE room = (SELECT id FROM room WHERE slug = ?) AND seq = ? AND body = ?
          AND deleted IS NULL`,
        room,
        seq,
        body,
      );
      if (message === undefined) return null;
      const id = integer(message, 'id');
      // A picture may have been pushed out since.
      const image = found.image !== null && this.#hasImage(found.image.id) ? found.image : null;
      const attached = this.#db.run(
        'INSERT OR IGNORE INTO preview (message, href, title, description, image, width, height) VALUES (?, ?, ?, ?, ?, ?, ?)',
        id,
        href,
        ...columnsOf({ ...found, image }),
      );
      if (attached === 0) return null;
      takeRev(this.#db, integer(message, 'room'), id);
      return this.#read(id);
    });
  }

  async takeAway(room: string, seq: number): Promise<Message> {
    return this.#db.write(() => {
      const sql =
        'SELECT id, room FROM message WHERE room = (SELECT id FROM room WHERE slug = ?) AND seq = ?';
      const message = expectRow(this.#db.get(sql, room, seq), 'message');
      const id = integer(message, 'id');
      const taken = this.#db.run(
        'UPDATE preview SET title = NULL, description = NULL, image = NULL WHERE message = ? AND title IS NOT NULL',
        id,
      );
      if (taken > 0) takeRev(this.#db, integer(message, 'room'), id);
      return this.#read(id);
    });
  }

  async image(id: string): Promise<{ type: string; bytes: Uint8Array } | null> {
    const row = this.#db.get('SELECT type, bytes FROM preview_image WHERE id = ?', id);
    return row === undefined ? null : { type: text(row, 'type'), bytes: bytesOf(row['bytes']) };
  }

  async sweep(at: number): Promise<void> {
    this.#db.write(() => {
      if (this.#db.run('DELETE FROM unfurl WHERE expires <= ?', at) === 0) return;
      this.#db.run(
        `DELETE FROM preview_image WHERE NOT EXISTS (SELECT 1 FROM unfurl WHERE unfurl.image = preview_image.id)
          AND NOT EXISTS (SELECT 1 FROM preview WHERE preview.image = preview_image.id)`,
      );
    });
  }

  /** The oldest go, until all have so many bytes at most. */
  #makeRoom(most: number): void {
    let bytes = integer(
      expectRow(this.#db.get('SELECT coalesce(sum(size), 0) AS bytes FROM preview_image'), 'sum'),
      'bytes',
    );
    while (bytes > most) {
      const gone = this.#db.get(
        'DELETE FROM preview_image WHERE id = (SELECT id FROM preview_image ORDER BY rowid LIMIT 1) RETURNING size',
      );
      if (gone === undefined) return;
      bytes -= integer(gone, 'size');
    }
  }

  #hasImage(id: string): boolean {
    return this.#db.get('SELECT 1 FROM preview_image WHERE id = ?', id) !== undefined;
  }

  #read(id: number): Message {
    return readMessage(expectRow(this.#db.get(`${MESSAGE} WHERE message.id = ?`, id), 'message'));
  }
}

type Columns = [
  title: string | null,
  description: string | null,
  image: string | null,
  width: number | null,
  height: number | null,
];

function columnsOf(found: Found | null): Columns {
  if (found === null) return [null, null, null, null, null];
  const { title, description, image } = found;
  return [title, description, image?.id ?? null, image?.width ?? null, image?.height ?? null];
}

function readFound(row: Row): Found | null {
  const title = textOrNull(row, 'title');
  const image = textOrNull(row, 'image');
  return title === null
    ? null
    : {
        title,
        description: text(row, 'description'),
        image:
          image === null ? null : { id: image, width: integer(row, 'width'), height: integer(row, 'height') },
      };
}

function bytesOf(value: SQLOutputValue | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError('Column "bytes" is no blob');
  return value;
}
