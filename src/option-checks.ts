/** Checks of single options. What cannot be is named in what they throw. */
import { format } from 'node:util';

/** For a limit or a time: greater than 0, `Infinity` for none. @throws {TypeError | RangeError} naming the option */
export function positiveNumber(given: unknown, name: string, byDefault: number): number {
  const value = given ?? byDefault;
  if (typeof value !== 'number')
    throw new TypeError(`Option "${name}" must be a number, got ${typeof value}`);
  if (!(value > 0)) throw new RangeError(`Option "${name}" must be greater than 0, got ${value}`);
  return value;
}

/** For a count: whole, from 0 on. @throws {RangeError} naming the option */
export function wholeNumber(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`Option "${name}" must be a whole number from 0 on, got "${format('%s', value)}"`);
  }
  return value;
}

/** @throws {TypeError} naming the option */
export function trueOrFalse(given: unknown, name: string, byDefault: boolean): boolean {
  const value = given ?? byDefault;
  if (typeof value !== 'boolean')
    throw new TypeError(`Option "${name}" must be true or false, got "${format('%s', value)}"`);
  return value;
}

/** @throws {TypeError} when there is something else than a function */
export function checkFunction(given: unknown, name: string): void {
  if (given !== undefined && typeof given !== 'function') {
    throw new TypeError(`Option "${name}" must be a function, got ${typeof given}`);
  }
}

/** For what `false` switches off and `true` on, with defaults. @returns undefined when it is off */
export function switchable<T extends object>(given: unknown, name: string): Partial<T> | undefined {
  if (given === false) return undefined;
  if (given === true) return {};
  if (typeof given === 'object' && given !== null) return given;
  throw new TypeError(`Option "${name}" must be true, false or an object, got ${typeof given}`);
}

/** With a leading slash and without a trailing one: the form that all comparisons use. */
export function pathOf(path: unknown): string {
  if (typeof path !== 'string') throw new TypeError(`Option "path" must be a string, got ${typeof path}`);
  return `/${path.replace(/^\/+/, '').replace(/\/+$/, '')}`;
}

/** @throws {TypeError} naming the option */
export function listOf<T>(given: unknown, name: string, known: readonly T[]): readonly T[] {
  if (!Array.isArray(given) || given.length === 0) {
    throw new TypeError(`Option "${name}" must list at least one of ${known.join(', ')}`);
  }
  return Object.freeze(
    given.map((each: unknown) => {
      const found = known.find((one) => one === each);
      if (found === undefined)
        throw new TypeError(`Option "${name}" names an unknown one: "${String(each)}"`);
      return found;
    }),
  );
}

/** @returns what was given, or the first of those that are known. @throws {TypeError} naming the option */
export function oneOf<T extends string>(given: unknown, name: string, known: readonly [T, ...T[]]): T {
  const found = given === undefined ? known[0] : known.find((one) => one === given);
  if (found === undefined) {
    throw new TypeError(`Option "${name}" must be one of ${known.join(', ')}, got "${format('%s', given)}"`);
  }
  return found;
}
