/** Rows as the values that travel: the columns to ask for, and how to read them. */
import type { Mention, Message, Preview, Reaction, SystemEvent } from '../../../shared/messages.ts';
import type { Bot, Me, Person } from '../../../shared/people.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { ROLES, type Role } from '../../../shared/roles.ts';
import type { MyRoom, NotifyLevel, Room, RoomKind } from '../../../shared/rooms.ts';
import { type Row, integer, integerOrNull, text, textOrNull } from './database.ts';

/** The columns of a person from the table `alias`, their names beginning with `prefix`. */
export function personColumns(alias: string, prefix: string): string {
  return ['id', 'name', 'role', 'bot_of']
    .map((column) => `${alias}.${column} AS ${prefix}${column}`)
    .join(', ');
}

export function readPerson(row: Row, prefix = ''): Person {
  return {
    id: integer(row, `${prefix}id`),
    name: text(row, `${prefix}name`),
    role: readRole(text(row, `${prefix}role`)),
    ...(row[`${prefix}bot_of`] !== null && { bot: true }),
  };
}

export const ME: string = `SELECT ${personColumns('person', '')}, password IS NOT NULL AS has_password,
    EXISTS (SELECT 1 FROM credential WHERE credential.person = person.id) AS has_passkey,
    quiet_from, quiet_to, zone FROM person`;

export function readMe(row: Row): Me {
  const me = {
    ...readPerson(row),
    hasPassword: integer(row, 'has_password') === 1,
    ...(integer(row, 'has_passkey') === 1 && { hasPasskey: true as const }),
  };
  if (row['quiet_from'] === null) return me;
  const quiet = { from: integer(row, 'quiet_from'), to: integer(row, 'quiet_to'), zone: text(row, 'zone') };
  return { ...me, quiet };
}

export function readBot(row: Row): Bot {
  return {
    bot: readPerson(row),
    by: readPerson(row, 'by_'),
    created: integer(row, 'created'),
    seen: integerOrNull(row, 'seen'),
  };
}

export function readRole(word: string): Role {
  return ROLES.find((role) => role === word) ?? 'guest';
}

/** Public, or one of the person’s own. */
export const CAN_SEE: string = `message.room IN (SELECT id FROM room WHERE kind = 'public' UNION SELECT room FROM member WHERE person = ?)`;

/** A whole message. Lists come as JSON in one column, so that a page is one statement. */
export const MESSAGE: string = `SELECT room.slug AS room, message.id AS message_id, message.seq, message.rev, message.body, message.at,
    message.kind, message.event, message.edited, message.deleted, message.mentions_room,
    ${personColumns('speaker', 'from_')}, ${personColumns('deleter', 'by_')}, ${personColumns('subject', 'about_')},
    quoted.seq AS quoted_seq, ${personColumns('quoted_person', 'quoted_')},
    preview.href AS preview_href, preview.title AS preview_title, preview.description AS preview_description,
    preview.image AS preview_image, preview.width AS preview_width, preview.height AS preview_height,
    pin.at AS pinned, ${personColumns('pinner', 'pinner_')},
    CASE WHEN quoted.deleted IS NULL THEN substr(quoted.body, 1, ${LIMITS.excerptChars}) ELSE '' END AS excerpt,
    (SELECT json_group_array(json_array(person, spoken)) FROM mention
      WHERE mention.message = message.id AND spoken IS NOT NULL) AS mentions,
    (SELECT json_group_array(json_array(emoji, person)) FROM
      (SELECT emoji, person FROM reaction WHERE reaction.message = message.id ORDER BY id)) AS reactions
  FROM message
    JOIN room ON room.id = message.room
    JOIN person AS speaker ON speaker.id = message.person
    LEFT JOIN person AS deleter ON deleter.id = message.deleted_by
    LEFT JOIN person AS subject ON subject.id = message.about
    LEFT JOIN message AS quoted ON quoted.room = message.room AND quoted.seq = message.reply_seq
    LEFT JOIN person AS quoted_person ON quoted_person.id = quoted.person
    LEFT JOIN preview ON preview.message = message.id
    LEFT JOIN pin ON pin.room = message.room AND pin.message = message.id
    LEFT JOIN person AS pinner ON pinner.id = pin.made_by`;

export function readMessage(row: Row): Message {
  const message: Message = {
    room: text(row, 'room'),
    seq: integer(row, 'seq'),
    rev: integer(row, 'rev'),
    from: readPerson(row, 'from_'),
    body: text(row, 'body'),
    at: integer(row, 'at'),
  };
  const kind = textOrNull(row, 'kind');
  if (kind === 'action' || kind === 'system') message.kind = kind;
  const event = textOrNull(row, 'event');
  if (event !== null) message.event = readEvent(event, row);
  const deleted = integerOrNull(row, 'deleted');
  if (deleted !== null) return { ...message, deleted: { at: deleted, by: readPerson(row, 'by_') } };

  const edited = integerOrNull(row, 'edited');
  if (edited !== null) message.edited = edited;
  const quoted = integerOrNull(row, 'quoted_seq');
  if (quoted !== null) {
    message.replyTo = { seq: quoted, from: readPerson(row, 'quoted_'), excerpt: text(row, 'excerpt') };
  }
  const mentions = readMentions(text(row, 'mentions'));
  if (mentions.length > 0) message.mentions = mentions;
  if (integer(row, 'mentions_room') === 1) message.mentionsRoom = true;
  const reactions = readReactions(text(row, 'reactions'));
  if (reactions.length > 0) message.reactions = reactions;
  const preview = readPreview(row);
  if (preview !== null) message.preview = preview;
  const pinned = integerOrNull(row, 'pinned');
  if (pinned !== null) {
    message.pinned = { at: pinned, ...(row['pinner_id'] !== null && { by: readPerson(row, 'pinner_') }) };
  }
  return message;
}

/** Without a title, it was taken away. */
function readPreview(row: Row): Preview | null {
  const title = textOrNull(row, 'preview_title');
  if (title === null) return null;
  const [description, image] = [text(row, 'preview_description'), textOrNull(row, 'preview_image')];
  return {
    href: text(row, 'preview_href'),
    title,
    ...(description !== '' && { description }),
    ...(image !== null && {
      image: { id: image, width: integer(row, 'preview_width'), height: integer(row, 'preview_height') },
    }),
  };
}

function readEvent(json: string, row: Row): SystemEvent {
  const event = JSON.parse(json) as SystemEvent;
  return event.what === 'added' || event.what === 'removed'
    ? { what: event.what, person: readPerson(row, 'about_') }
    : event;
}

function readMentions(json: string): Mention[] {
  return (JSON.parse(json) as [number, string][]).map(([person, as]) => ({ person, as }));
}

function readReactions(json: string): Reaction[] {
  const byEmoji = new Map<string, Reaction>();
  for (const [emoji, person] of JSON.parse(json) as [string, number][]) {
    const reaction = byEmoji.get(emoji) ?? { emoji, people: [] };
    reaction.people.push(person);
    byEmoji.set(emoji, reaction);
  }
  return [...byEmoji.values()];
}

/** A room; who is in it only for direct rooms, which are small. */
const ROOM_COLUMNS = `room.slug, room.name, room.topic, room.kind, room.is_default, room.archived, room.last_seq, room.last_rev,
    CASE WHEN room.people IS NULL THEN NULL ELSE
      (SELECT json_group_array(json_array(person.id, person.name, person.role, person.bot_of))
        FROM member JOIN person ON person.id = member.person WHERE member.room = room.id) END AS room_people`;

export const ROOM: string = `SELECT room.id AS room_id, ${ROOM_COLUMNS} FROM room`;

export function readRoom(row: Row): Room {
  const people = textOrNull(row, 'room_people');
  return {
    slug: text(row, 'slug'),
    name: text(row, 'name'),
    topic: text(row, 'topic'),
    kind: text(row, 'kind') as RoomKind,
    isDefault: integer(row, 'is_default') === 1,
    archived: row['archived'] !== null,
    lastSeq: integer(row, 'last_seq'),
    rev: integer(row, 'last_rev'),
    ...(people !== null && { people: readPeople(people) }),
  };
}

function readPeople(json: string): Person[] {
  const rows = JSON.parse(json) as [number, string, string, number | null][];
  return rows.map(([id, name, role, botOf]) => ({
    id,
    name,
    role: readRole(role),
    ...(botOf !== null && { bot: true }),
  }));
}

/** How far somebody has read. Both counts are bounded: by LIMIT, and by what one can have missed in one room. */
export const READ_COLUMNS: string = `member.read_seq,
    (SELECT count(*) FROM (SELECT 1 FROM message WHERE message.room = member.room AND message.seq > member.read_seq
      AND message.person <> member.person AND message.kind IS NOT 'system' AND message.deleted IS NULL
      LIMIT ${LIMITS.unreadCount})) AS unread,
    (SELECT count(*) FROM mention JOIN message ON message.id = mention.message WHERE mention.person = member.person
      AND mention.room = member.room AND mention.seq > member.read_seq AND message.deleted IS NULL)
    + (SELECT count(*) FROM mention JOIN message ON message.id = mention.message WHERE mention.person = member.person
      AND mention.room = member.room AND late = 1 AND mention.seq <= member.read_seq AND message.deleted IS NULL)
    AS mentions`;

export const MY_ROOM: string = `SELECT ${ROOM_COLUMNS}, member.host, member.level, member.quiet_until, ${READ_COLUMNS},
    coalesce((SELECT at FROM message WHERE message.room = room.id ORDER BY seq DESC LIMIT 1), room.created) AS last_at
  FROM member JOIN room ON room.id = member.room`;

export function readMyRoom(row: Row): MyRoom {
  const quietUntil = integerOrNull(row, 'quiet_until');
  return {
    ...readRoom(row),
    read: integer(row, 'read_seq'),
    unread: integer(row, 'unread'),
    mentions: integer(row, 'mentions'),
    level: text(row, 'level') as NotifyLevel,
    ...(quietUntil !== null && { quietUntil }),
    host: integer(row, 'host') === 1,
    at: integer(row, 'last_at'),
  };
}
