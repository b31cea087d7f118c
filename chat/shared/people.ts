/** People, and what a browser asks over HTTP to be one of them. Paths and methods stand in routes.ts. */
import {
  type Field,
  type Parser,
  count,
  field,
  fields,
  invalid,
  line,
  oneOf,
  optional,
  sign,
  slug,
  slugs,
  text,
} from './fields.ts';
import { ACCENTS, type Accent } from './accents.ts';
import { LIMITS } from './limits.ts';
import { parseName } from './names.ts';
import { ROLES, type Role } from './roles.ts';

export interface Person {
  id: number;
  /** Unique among all people, also by looks. */
  name: string;
  /** Guests carry a badge. */
  role: Role;
  /** Present and true for programs. */
  bot?: true;
}

/** Who this browser is. */
export interface Me extends Person {
  hasPassword: boolean;
  /** Present and true for who can sign in with a passkey. */
  hasPasskey?: true;
  /** When no device of theirs shall make a sound or show a notification. Missing: whenever. */
  quiet?: QuietHours;
}

/** Minutes since midnight in an IANA time zone: from `from` on until `to`, which may be on the next day. */
export interface QuietHours {
  from: number;
  to: number;
  zone: string;
}

export interface ChatInfo {
  /** What the owner called this chat. */
  name: string;
  accent: Accent;
  /** `open`: anybody may give a name and talk. `invite`: only with an invite; others read nothing. */
  entry: 'open' | 'invite';
  /** Of links. Missing: off. `never`: whoever runs the server wants none. */
  previews?: 'on' | 'off' | 'never';
  /** Whether browsers keep the page, and what was read, for when the server is away. Missing: they do. */
  offline?: 'never';
  /** True if there is no owner yet and this visitor may become it without the link from the console. */
  claimable: boolean;
}

/** A browser, or a bot's token, in which a person is signed in. */
export interface SessionInfo {
  id: number;
  /** The browser, as it describes itself; at most 200 characters. Untrusted text. */
  agent: string;
  /** The address that it last came from. */
  address: string;
  created: number;
  seen: number;
  /** True for the one that asks. */
  current: boolean;
}

/** Made by who is signed in here, for another device of theirs. */
export interface DeviceLinkInfo {
  code: string;
  lastsMs: number;
  /** Where other devices find the chat, if not at the address of the page that asked. */
  origin?: string;
}

export interface Invite {
  id: number;
  /** Where it leads after joining; null for the default rooms alone. */
  room: string | null;
  /** What a new person becomes. */
  role: Role;
  by: Person;
  created: number;
  expires: number;
  usesLeft: number;
}

export interface Bot {
  bot: Person;
  by: Person;
  created: number;
  /** When its token was last used; null if never. */
  seen: number | null;
}

/** A name for what posts into a room from outside. */
export interface WebhookAsk {
  room: string;
  name: string;
}

export interface RevokeWebhookAsk {
  room: string;
  id: number;
}

/** Gives this browser a name: a new guest, or another name for who it is already. Names are checked by `parseName`. */
export interface NameAsk {
  name: string;
}

export interface SignInAsk {
  name: string;
  password: string;
}

/** A guest becomes a member; an owner who claimed without a password sets one. */
export interface AccountAsk {
  password: string;
  name?: string;
}

export interface PasswordAsk {
  old: string;
  password: string;
}

/** Takes over a chat that has no owner. */
export interface ClaimAsk {
  /** From the link on the console. Not needed by a visitor on the server's own machine. */
  code?: string;
  /** The owner's name; not needed by who has one. */
  name?: string;
  password?: string;
  /** What to call the chat. */
  chat?: string;
}

export interface AcceptAsk {
  /** For who has no name here yet. */
  name?: string;
}

/** Comes back by the link that an admin or the console made. */
export interface RecoverAsk {
  password: string;
}

export interface InviteAsk {
  room?: string;
  /** `member` or `guest`, never more than the inviter; by default `guest`. */
  role?: Role;
  /** By default 7. */
  days?: number;
  /** By default 25. */
  uses?: number;
}

export interface RoleAsk {
  person: number;
  role: Role;
  /** One's own, again, to give `owner`: of who has one. */
  password?: string;
}

export interface PeopleAsk {
  /** The beginning of a name, or of one of its words; all people without it. */
  like?: string;
  /** Only members of this room. */
  room?: string;
  limit?: number;
}

export interface ConfigureAsk {
  name?: string;
  entry?: ChatInfo['entry'];
  previews?: 'on' | 'off';
  accent?: Accent;
  /** The short names of the public rooms that newcomers are in, beside the one that everybody is in. */
  rooms?: string[];
}

export interface QuietHoursAsk {
  /** Null: none. */
  quiet: QuietHours | null;
}

/** A name to be called by, from now on. */
const newName: Field<string> = (value) => {
  const parsed = parseName(value);
  return parsed.ok ? { ok: true, value: parsed.name } : invalid(parsed.text);
};
const password = text(LIMITS.passwordChars);
const code = text(64);
const DAY_MINUTES = 24 * 60;
const parseHours: Parser<QuietHours> = fields({ from: count(0), to: count(0), zone: text(64) });

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

export const parseNameAsk: Parser<NameAsk> = fields({ name: newName });
export const parseWebhook: Parser<WebhookAsk> = fields({ room: slug, name: newName });
export const parseRevokeWebhook: Parser<RevokeWebhookAsk> = fields({ room: slug, id: count(1) });
export const parseSignIn: Parser<SignInAsk> = fields({ name: text(4 * 120), password });
export const parseAccount: Parser<AccountAsk> = fields<AccountAsk>({ password, name: optional(newName) });
export const parsePassword: Parser<PasswordAsk> = fields({ old: password, password });
export const parseClaim: Parser<ClaimAsk> = fields<ClaimAsk>({
  code: optional(code),
  name: optional(newName),
  password: optional(password),
  chat: optional(sign(LIMITS.roomNameChars)),
});
export const parseAccept: Parser<AcceptAsk> = fields<AcceptAsk>({ name: optional(newName) });
export const parseRecover: Parser<RecoverAsk> = fields({ password });
export const parseInvite: Parser<InviteAsk> = fields<InviteAsk>({
  room: optional(slug),
  role: optional(oneOf(ROLES)),
  days: optional(count(1)),
  uses: optional(count(1)),
});
export const parseRole: Parser<RoleAsk> = fields<RoleAsk>({
  person: count(1),
  role: oneOf(ROLES),
  password: optional(password),
});
export const parsePeople: Parser<PeopleAsk> = fields<PeopleAsk>({
  like: optional(line(120)),
  room: optional(slug),
  limit: optional(count(1)),
});
export const parseConfigure: Parser<ConfigureAsk> = fields<ConfigureAsk>({
  name: optional(sign(LIMITS.roomNameChars)),
  entry: optional(oneOf(['open', 'invite'])),
  previews: optional(oneOf(['on', 'off'])),
  accent: optional(oneOf(ACCENTS)),
  rooms: optional(slugs(LIMITS.defaultRooms)),
});
export const parseQuietHours: Parser<QuietHoursAsk> = (ask) => {
  const quiet = field(ask, 'quiet');
  if (quiet === null) return { ok: true, value: { quiet } };
  const parsed = parseHours(quiet);
  if (!parsed.ok) return parsed;
  const { from, to, zone } = parsed.value;
  if (from === to || Math.max(from, to) >= DAY_MINUTES)
    return invalid('"from" and "to" must be two times of a day, in minutes.');
  return isZone(zone)
    ? { ok: true, value: { quiet: parsed.value } }
    : invalid('"zone" must be an IANA time zone.');
};
export const parseId: Parser<{ id: number }> = fields({ id: count(1) });
