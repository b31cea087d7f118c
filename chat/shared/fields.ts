/**
 * Checks what arrives from the other side: wrong types are refused, unknown fields are dropped, and nothing here
 * throws. Fields are read only if they are the object's own, so a `__proto__` in the JSON supplies none.
 */
import { type Failure, failure } from './failures.ts';
import { LIMITS } from './limits.ts';
import { isPlain } from './names.ts';

export type Parsed<T> = { ok: true; value: T } | Failure;
export type Parser<T> = (value: unknown) => Parsed<T>;

/** Parses one field; its name is for the sentence that refuses it. Undefined stands for a field that is not there. */
export type Field<T> = (value: unknown, name: string) => Parsed<T | undefined>;

type Fields<T> = { readonly [K in keyof T]-?: Field<Exclude<T[K], undefined>> };

/** Makes the parser of an object from the parsers of its fields. */
export function fields<T extends object>(shape: Fields<T>): Parser<T> {
  const entries = Object.entries<Field<unknown>>(shape);
  return (value) => {
    const result: Record<string, unknown> = {};
    for (const [name, parse] of entries) {
      const parsed = parse(field(value, name), name);
      if (!parsed.ok) return parsed;
      if (parsed.value !== undefined) result[name] = parsed.value;
    }
    return { ok: true, value: result as T };
  };
}

export function optional<T>(parse: Field<T>): Field<T> {
  return (value, name) => (value === undefined ? { ok: true, value } : parse(value, name));
}

/** A text that is not blank and not too long. Half a surrogate pair cannot be stored as UTF-8 and becomes U+FFFD. */
export function text(maxChars: number): Field<string> {
  return (value, name) => {
    if (typeof value !== 'string' || value.trim() === '') return invalid(`"${name}" must be a text.`);
    if (value.length > maxChars) return tooLong(`"${name}"`, maxChars, value.length);
    return { ok: true, value: wellFormed(value) };
  };
}

/** As `text`, on one line and without blanks around; may be empty. */
export function line(maxChars: number): Field<string> {
  return (value, name) => {
    if (typeof value !== 'string') return invalid(`"${name}" must be a text.`);
    if (value.length > maxChars) return tooLong(`"${name}"`, maxChars, value.length);
    return { ok: true, value: wellFormed(value).replace(/\s+/gu, ' ').trim() };
  };
}

/** What stands on a sign, such as a name or a topic: one line of which everything can be seen; may be empty. */
export function sign(maxChars: number): Field<string> {
  return (value, name) => {
    if (typeof value !== 'string') return invalid(`"${name}" must be a text.`);
    // Before normalising, too: NFKC can make a text 18 times longer.
    if (value.length > maxChars) return tooLong(`"${name}"`, maxChars, value.length);
    const plain = value.normalize('NFKC').replace(/\s+/gu, ' ').trim();
    if (plain.length > maxChars) return tooLong(`"${name}"`, maxChars, plain.length);
    if (!isPlain(plain)) {
      return failure(
        'bad characters',
        `"${name}" has invisible characters, or too many accents on a letter.`,
      );
    }
    return { ok: true, value: plain };
  };
}

/** As `sign`, and something must stand on it. */
export function filledSign(maxChars: number): Field<string> {
  const parse = sign(maxChars);
  return (value, name) => {
    const parsed = parse(value, name);
    return parsed.ok && parsed.value === '' ? invalid(`"${name}" must be a text.`) : parsed;
  };
}

/** A whole number from `least` on. */
export function count(least: number): Field<number> {
  return (value, name) => {
    if (!Number.isSafeInteger(value) || (value as number) < least) {
      return invalid(`"${name}" must be a whole number, ${least} or more.`);
    }
    return { ok: true, value: value as number };
  };
}

/** A whole number from 1 on; more than `most` means `most`. */
export function upTo(most: number): Field<number> {
  return (value, name) => {
    const parsed = count(1)(value, name);
    return parsed.ok ? { ok: true, value: Math.min(parsed.value ?? most, most) } : parsed;
  };
}

export function oneOf<T extends string>(words: readonly T[]): Field<T> {
  return (value, name) => {
    const word = words.find((one) => one === value);
    if (word === undefined) return invalid(`"${name}" must be one of "${words.join('", "')}".`);
    return { ok: true, value: word };
  };
}

export const flag: Field<boolean> = (value, name) =>
  typeof value === 'boolean' ? { ok: true, value } : invalid(`"${name}" must be true or false.`);

/** Up to `most` different whole numbers. */
export function numbers(most: number): Field<number[]> {
  return (value, name) => {
    if (!Array.isArray(value) || !value.every((one) => Number.isSafeInteger(one))) {
      return invalid(`"${name}" must be a list of whole numbers.`);
    }
    if (value.length > most) return failure('too many', `"${name}" can have at most ${most} entries.`);
    return { ok: true, value: [...new Set(value as number[])] };
  };
}

/** The short name of a room, as it stands in addresses. */
export const slug: Field<string> = (value, name) => {
  if (typeof value !== 'string' || value === '' || value.length > LIMITS.slugChars) {
    return invalid(`"${name}" must be the short name of a room.`);
  }
  return { ok: true, value };
};

/** Up to `most` short names of rooms, each once. */
export function slugs(most: number): Field<string[]> {
  return (value, name) => {
    if (!Array.isArray(value) || !value.every((one) => slug(one, name).ok)) {
      return invalid(`"${name}" must be a list of short names of rooms.`);
    }
    if (value.length > most) return failure('too many', `"${name}" can have at most ${most} entries.`);
    return { ok: true, value: [...new Set(value as string[])] };
  };
}

const NONCE = new RegExp(`^[0-9a-fA-F]{${LIMITS.nonceChars}}$`);

export const nonce: Field<string> = (value, name) =>
  typeof value === 'string' && NONCE.test(value)
    ? { ok: true, value }
    : invalid(`"${name}" must be ${LIMITS.nonceChars} hexadecimal digits.`);

/** A message's text. */
export const body: Field<string> = (value) => {
  if (typeof value !== 'string') return invalid('A message must be a text.');
  if (value.length > LIMITS.bodyChars) return tooLong('A message', LIMITS.bodyChars, value.length);
  if (value.trim() === '') return invalid('A message needs some text.');
  return { ok: true, value: wellFormed(value) };
};

/** Reads an own field of whatever this is. */
export function field(from: unknown, name: string): unknown {
  if (typeof from !== 'object' || from === null || !Object.hasOwn(from, name)) return undefined;
  return (from as Record<string, unknown>)[name];
}

export function invalid(sentence: string): Failure {
  return failure('invalid', sentence);
}

function tooLong(what: string, most: number, length: number): Failure {
  return failure('too long', `${what} can have at most ${most} characters; this one has ${length}.`);
}

function wellFormed(value: string): string {
  return value.replace(/\p{Surrogate}/gu, '\uFFFD');
}
