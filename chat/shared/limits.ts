/** The limits that both sides keep: the page stops before them, the server refuses beyond them. */

/** The room that everybody is in, always. The tutorial's `'chat message'` event speaks here. */
export const DEFAULT_ROOM = 'general';

export const LIMITS = {
  /** UTF-16 code units of a message's body. */
  bodyChars: 4_000,
  /** Grapheme clusters of a person's name. */
  nameGraphemes: 24,
  /** UTF-16 code units of a room's name, and of the chat's. */
  roomNameChars: 60,
  /** UTF-16 code units of a room's short name. */
  slugChars: 64,
  topicChars: 250,
  /** Rooms that everybody who comes in is in, beside the one of the tutorial. */
  defaultRooms: 20,
  passwordChars: 200,
  passwordMinChars: 10,
  /** Messages in one answer when nothing else is asked for. */
  pageSize: 50,
  /** Messages in one answer at most. */
  maxPageSize: 100,
  /** Changes that are caught up one by one; after more than so many the newest page is sent instead. */
  maxChanges: 200,
  /** Characters of a nonce: 16 random bytes in hexadecimal. */
  nonceChars: 32,
  /** UTF-16 code units of one reaction: a family of four with skin tones has 24. */
  emojiChars: 32,
  /** Different emoji on one message. */
  reactionsPerMessage: 20,
  /** Pinned messages of a room, and saved ones of a person. */
  pinsPerRoom: 100,
  savedPerPerson: 1_000,
  /** People that one message can mention. */
  mentionsPerMessage: 50,
  /** How long a deleted message can be brought back. */
  undoMs: 30_000,
  /** Code points of the message that a reply shows. */
  excerptChars: 140,
  /** People in a group, its maker among them. */
  groupPeople: 12,
  /** People who can be added to a room at once. */
  peopleAtOnce: 50,
  /** Members, people or rooms in one answer. */
  maxListSize: 200,
  /** The most that `unread` counts to; the page shows it as "99+". */
  unreadCount: 100,
  /** UTF-16 code units of what is noted beside a deed. */
  deedDetailChars: 100,
  webhooksPerRoom: 10,
  inviteDays: 30,
  inviteUses: 1_000,
  /** A "typing" that is not repeated is over after this. The page repeats it every 3 s. */
  typingMs: 5_000,
} as const;
