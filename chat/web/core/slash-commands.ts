/** What the composer's text asks for, if it begins with a slash. */
import { COMMAND } from './slash.ts';

/** All that there are, in the order of the help. `takes` is what comes behind: `(text)` may be left out. */
export const COMMANDS = [
  { name: 'me', takes: 'text' },
  { name: 'shrug', takes: '(text)' },
  { name: 'nick', takes: 'name' },
  { name: 'topic', takes: 'text' },
  { name: 'invite', takes: '(name)' },
  { name: 'mute', takes: '(time)' },
  { name: 'leave', takes: '' },
  { name: 'help', takes: '' },
] as const;
export type Command = (typeof COMMANDS)[number];
export type CommandName = Command['name'];

export type SlashAction =
  /** Send this. `kind` is what `/me` makes of it. */
  | { do: 'send'; body: string; kind?: 'action' }
  | { do: 'rename'; name: string }
  | { do: 'set topic'; topic: string }
  /** Add this person to the room, or with null make a link that leads here. */
  | { do: 'invite'; name: string | null }
  /** Hear nothing of the room for so long; 0 ends it, null leaves it to be chosen. */
  | { do: 'mute'; ms: number | null }
  | { do: 'leave' }
  | { do: 'help' }
  /** Nothing is sent: something must come behind this command. */
  | { do: 'ask for more'; command: CommandName }
  /** Nothing is sent: there is no such command. `nearest` is one that may have been meant. */
  | { do: 'say unknown'; typed: string; nearest: CommandName | undefined };

const SHRUG = '¯\\_(ツ)_/¯';

/** `//me` sends `/me`. */
export function parseSlash(text: string): SlashAction {
  if (/^(?:\/\/|／／)/u.test(text)) return { do: 'send', body: text.slice(1) };
  const match = COMMAND.exec(text);
  if (match === null) return { do: 'send', body: text };
  const typed = (match[1] ?? '').toLowerCase();
  const rest = text.slice(match[0].length).trim();
  const command = COMMANDS.find(({ name }) => name === typed);
  if (command === undefined) return { do: 'say unknown', typed, nearest: nearestTo(typed) };
  if (rest === '' && /^\w/u.test(command.takes)) return { do: 'ask for more', command: command.name };
  return run(command.name, rest);
}

function run(command: CommandName, rest: string): SlashAction {
  switch (command) {
    case 'me':
      return { do: 'send', body: rest, kind: 'action' };
    case 'shrug':
      return { do: 'send', body: `${rest} ${SHRUG}`.trimStart() };
    case 'nick':
      return { do: 'rename', name: rest };
    case 'topic':
      return { do: 'set topic', topic: rest.replace(/\s+/gu, ' ') };
    case 'invite':
      return { do: 'invite', name: rest === '' ? null : rest.replace(/^@/u, '') };
    case 'mute':
      return { do: 'mute', ms: rest === '' ? Infinity : readTime(rest) };
    case 'leave':
      return { do: 'leave' };
    case 'help':
      return { do: 'help' };
    default:
      return command satisfies never;
  }
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30m`, `2h`, `1d`, `off`. */
function readTime(text: string): number | null {
  if (text.toLowerCase() === 'off') return 0;
  const [, count, unit] = /^(\d{1,3})\s?([mhd])$/iu.exec(text) ?? [];
  const ms = Number(count) * (UNIT_MS[unit?.toLowerCase() ?? ''] ?? 0);
  return ms > 0 ? ms : null;
}

/** The commands to offer while one is being typed; none once it is followed by a space. */
export function completeCommand(text: string): readonly Command[] {
  const [, typed] = /^[/／]([a-z]*)$/iu.exec(text) ?? [];
  return typed === undefined ? [] : COMMANDS.filter(({ name }) => name.startsWith(typed.toLowerCase()));
}

function nearestTo(typed: string): CommandName | undefined {
  const begun = COMMANDS.find(({ name }) => name.startsWith(typed) || typed.startsWith(name));
  return (begun ?? COMMANDS.find(({ name }) => isOneSlipAway(name, typed)))?.name;
}

/** One letter more, less or other, or two neighbours swapped. */
function isOneSlipAway(name: string, typed: string): boolean {
  let from = 0;
  while (from < name.length && name[from] === typed[from]) from += 1;
  const [expected, got] = [name.slice(from), typed.slice(from)];
  return (
    expected === got.slice(1) ||
    expected.slice(1) === got ||
    expected.slice(1) === got.slice(1) ||
    (expected.slice(2) === got.slice(2) && expected[0] === got[1] && expected[1] === got[0])
  );
}
