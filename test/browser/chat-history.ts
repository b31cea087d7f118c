/** A long past for a room, written into the data of a chat that is not running: a hundred thousand sends would take minutes. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface Past {
  room: string;
  /** Who said it all, by name: somebody who was there already. */
  person: string;
  count: number;
  /** When the first message was said, and how long after it the next one. */
  from: number;
  everyMs: number;
  body: (index: number) => string;
}

/** Search does not find these: their words are not indexed. */
export function writePast(dataFolder: string, { room, person, count, from, everyMs, body }: Past): void {
  const database = new DatabaseSync(join(dataFolder, 'chat.db'));
  try {
    database.exec('BEGIN IMMEDIATE');
    const place = database.prepare('SELECT id, last_seq, last_rev FROM room WHERE slug = ?').get(room);
    const speaker = database.prepare('SELECT id FROM person WHERE name = ?').get(person);
    if (!place || !speaker) throw new Error(`Cannot write a past: there is no ${room} or no ${person}`);
    const [seq, rev] = [Number(place['last_seq']), Number(place['last_rev'])];
    const insert = database.prepare(
      'INSERT INTO message (room, seq, rev, person, body, at) VALUES (?, ?, ?, ?, ?, ?)',
    );
    for (let index = 1; index <= count; index++) {
      const at = from + (index - 1) * everyMs;
      insert.run(Number(place['id']), seq + index, rev + index, Number(speaker['id']), body(index), at);
    }
    database
      .prepare('UPDATE room SET last_seq = last_seq + ?, last_rev = last_rev + ? WHERE slug = ?')
      .run(count, count, room);
    database.prepare('UPDATE member SET read_seq = ? WHERE room = ?').run(seq + count, Number(place['id']));
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}
