import { type Database, expectRow, integer } from './database.ts';

/** Stamps a changed message with the room's next rev: whoever was away finds it among the changes. */
export function takeRev(db: Database, room: number, message: number): void {
  const sql = 'UPDATE room SET last_rev = last_rev + 1 WHERE id = ? RETURNING last_rev';
  const rev = integer(expectRow(db.get(sql, room), 'room'), 'last_rev');
  db.run('UPDATE message SET rev = ? WHERE id = ?', rev, message);
}
