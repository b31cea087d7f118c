/** What the suites of laws share: a place for a store, and short words for what people do. */
import { type TestContext, suite, test } from 'node:test';
import { DEFAULT_ROOM } from '../../../shared/limits.ts';
import type { Message } from '../../../shared/messages.ts';
import type { Me } from '../../../shared/people.ts';
import type { Appended, NewMessage } from '../messages.ts';
import type { Store } from '../store.ts';

/** An empty place for a store, which opens it and, once closed, opens it again. The test removes it. */
export interface StorePlace {
  open: () => Promise<Store>;
  /** A file name that does not exist. */
  backupFile: () => string;
  /** Opens a store from a backup, elsewhere. */
  openBackup: (file: string) => Promise<Store>;
  /** Makes the place of an open store full: what is there can be read, and little more fits. */
  fill: (store: Store) => void;
}
export type MakePlace = (context: TestContext) => StorePlace;

export type Law = (words: string, check: (place: StorePlace) => Promise<void>) => void;

/** A suite whose stores are closed when each test ends. */
export function lawSuite(name: string, makePlace: MakePlace, laws: (law: Law) => void): void {
  void suite(name, () => {
    laws((words, check) => {
      void test(words, async (context) => {
        const opened: Store[] = [];
        const place = makePlace(context);
        const kept = async (opening: Promise<Store>): Promise<Store> => {
          const store = await opening;
          opened.push(store);
          return store;
        };
        try {
          await check({
            ...place,
            open: () => kept(place.open()),
            openBackup: (file) => kept(place.openBackup(file)),
          });
        } finally {
          await Promise.all(opened.map((store) => store.close()));
        }
      });
    });
  });
}

export async function person(store: Store, name: string, at = 1): Promise<Me> {
  const me = await store.people.create({ name, keys: [name.toLowerCase()], role: 'member', at });
  if (me === null) throw new RangeError(`The key of "${name}" is taken`);
  return me;
}

/** What was made, where a key could have been taken and was not. */
export async function made<T>(making: Promise<T | null>): Promise<T> {
  const thing = await making;
  if (thing === null) throw new RangeError('A key is taken');
  return thing;
}

export function append(
  store: Store,
  by: number,
  body: string,
  more: Partial<NewMessage> = {},
): Promise<Appended> {
  return store.messages.append({ room: DEFAULT_ROOM, person: by, nonce: null, body, at: 1, ...more });
}

export async function say(
  store: Store,
  by: number,
  body: string,
  more: Partial<NewMessage> = {},
): Promise<Message> {
  return (await append(store, by, body, more)).message;
}

/** Ada says `number 1`, `number 2`… at 1, 2… */
export async function sayMany(store: Store, count: number): Promise<Me> {
  const ada = await person(store, 'Ada');
  for (let index = 1; index <= count; index += 1) await say(store, ada.id, `number ${index}`, { at: index });
  return ada;
}

export function seqs(messages: readonly Message[]): number[] {
  return messages.map((message) => message.seq);
}

export function bodies(messages: readonly Message[]): string[] {
  return messages.map((message) => message.body);
}

export function hash(byte: number): Uint8Array {
  return new Uint8Array(32).fill(byte);
}

export function nonce(digit: number): string {
  return String(digit).repeat(32);
}
