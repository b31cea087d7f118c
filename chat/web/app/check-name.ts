import { LIMITS } from '../../shared/events.ts';
import { parseName, type NameFault } from '../../shared/names.ts';
import { t, type Key } from '../words/later.ts';

const KEYS: Readonly<Record<NameFault, Key>> = {
  'not a text': 'failInvalid',
  empty: 'nameEmpty',
  'too long': 'nameTooLong',
  invisible: 'nameInvisible',
  'no letter': 'nameNoLetter',
  accents: 'nameAccents',
  signs: 'nameSigns',
  scripts: 'nameScripts',
  reserved: 'nameReserved',
  taken: 'failTaken',
};

export type CheckedName = { ok: true; name: string } | { ok: false; problem: string };

/** Reads a name by the server's rules, or says why it cannot be one. */
export function checkName(typed: string): CheckedName {
  const parsed = parseName(typed);
  return parsed.ok ? parsed : { ok: false, problem: t(KEYS[parsed.fault], { n: LIMITS.nameGraphemes }) };
}
