/** Who may do what: the one table that the server checks by, for every event, and the page hides its buttons by. */

/** From most to least. Guests have given a name and nothing else. */
export const ROLES = ['owner', 'admin', 'moderator', 'member', 'guest'] as const;
export type Role = (typeof ROLES)[number];

interface Right {
  /** The least role that has it everywhere. */
  from: Role;
  /** The least role that has it in a room whose host they are. */
  asHost?: Role;
}

export type RightName =
  | 'send'
  | 'react'
  | 'join public rooms'
  | 'write to people'
  | 'create rooms'
  | 'create groups'
  | 'set topics'
  | 'add people'
  | 'invite'
  | 'rename rooms'
  | 'archive rooms'
  | 'remove people'
  | 'delete messages of others'
  | 'pin messages'
  /** `@room`: everybody in the room is mentioned. */
  | 'mention rooms'
  | 'make webhooks'
  | 'create bots'
  | 'give roles'
  | 'configure the chat';

/** Rights that concern a room hold in rooms that the person can see. What is one's own may always be changed. */
const RIGHTS: Readonly<Record<RightName, Right>> = {
  send: { from: 'guest' },
  react: { from: 'guest' },
  'join public rooms': { from: 'guest' },
  'write to people': { from: 'guest' },
  'create rooms': { from: 'member' },
  'create groups': { from: 'member' },
  'set topics': { from: 'member' },
  'add people': { from: 'member' },
  invite: { from: 'member' },
  'rename rooms': { from: 'moderator', asHost: 'member' },
  'archive rooms': { from: 'moderator', asHost: 'member' },
  'remove people': { from: 'moderator', asHost: 'member' },
  'delete messages of others': { from: 'moderator', asHost: 'member' },
  'pin messages': { from: 'moderator', asHost: 'member' },
  'mention rooms': { from: 'moderator', asHost: 'member' },
  'make webhooks': { from: 'moderator', asHost: 'member' },
  'create bots': { from: 'admin' },
  'give roles': { from: 'admin' },
  'configure the chat': { from: 'admin' },
};

export function may(role: Role, right: RightName, isHost = false): boolean {
  const { from, asHost } = RIGHTS[right];
  return isAtLeast(role, from) || (isHost && asHost !== undefined && isAtLeast(role, asHost));
}

/** True if `role` is `other` or more. */
export function isAtLeast(role: Role, other: Role): boolean {
  return ROLES.indexOf(role) <= ROLES.indexOf(other);
}

/** The roles that somebody may give to somebody else, from most to least; none if they may not change theirs at all. */
export function rolesToGive(by: Role, to: { readonly role: Role; readonly bot?: true }): Role[] {
  if (!may(by, 'give roles') || !outranks(by, to.role)) return [];
  const most = to.bot === true ? 'member' : by;
  return ROLES.filter((role) => outranks(by, role) && isAtLeast(most, role));
}

/** True if `role` is more than `other`: whoever gives or takes a role must be above both the old and the new one. */
export function outranks(role: Role, other: Role): boolean {
  return ROLES.indexOf(role) < ROLES.indexOf(other);
}
