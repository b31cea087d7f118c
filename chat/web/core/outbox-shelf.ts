import type { Unsent } from './outbox.ts';
import type { Storage } from './storage.ts';

/** Where the outbox keeps its entries, so that they outlive the page. */
export interface OutboxShelf {
  load(): Promise<Unsent[]>;
  put(entry: Unsent): void;
  remove(nonce: string): void;
}

const PREFIX = 'outbox:';
const DATABASE = 'chat';
const STORE = 'outbox';

/** One key for each entry, so that two tabs never overwrite each other's. */
export function storageShelf(storage: Storage): OutboxShelf {
  return {
    load: async () =>
      storage
        .keys()
        .filter((key) => key.startsWith(PREFIX))
        .map((key) => parse(storage.read(key)))
        .filter((entry) => entry !== undefined),
    put: (entry) => storage.write(PREFIX + entry.nonce, JSON.stringify(entry)),
    remove: (nonce) => storage.remove(PREFIX + nonce),
  };
}

/** In IndexedDB; where that is refused (private windows of some browsers), in the fallback. */
export function databaseShelf(open: () => IDBFactory, fallback: OutboxShelf): OutboxShelf {
  const database = openDatabase(open).catch(() => undefined);
  const write = async (change: (store: IDBObjectStore) => void, otherwise: () => void): Promise<void> => {
    const db = await database;
    try {
      if (db === undefined) otherwise();
      else change(db.transaction(STORE, 'readwrite').objectStore(STORE));
    } catch {
      otherwise();
    }
  };
  return {
    async load() {
      const db = await database;
      const kept = await fallback.load();
      if (db === undefined) return kept;
      const stored = await result(db.transaction(STORE).objectStore(STORE).getAll()).catch(() => []);
      return [...kept, ...(stored as unknown[]).filter(isUnsent)];
    },
    put: (entry) =>
      void write(
        (store) => store.put(entry),
        () => fallback.put(entry),
      ),
    remove(nonce) {
      fallback.remove(nonce);
      void write(
        (store) => store.delete(nonce),
        () => undefined,
      );
    },
  };
}

async function openDatabase(open: () => IDBFactory): Promise<IDBDatabase> {
  const request = open().open(DATABASE, 1);
  request.addEventListener('upgradeneeded', () => {
    request.result.createObjectStore(STORE, { keyPath: 'nonce' });
  });
  return result(request);
}

async function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('Cannot read the database')));
  });
}

function parse(text: string | undefined): Unsent | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isUnsent(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isUnsent(value: unknown): value is Unsent {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Partial<Unsent>;
  return (
    typeof entry.nonce === 'string' &&
    typeof entry.by === 'number' &&
    typeof entry.room === 'string' &&
    typeof entry.body === 'string' &&
    typeof entry.at === 'number' &&
    (entry.state?.kind === 'pending' ||
      entry.state?.kind === 'unconfirmed' ||
      (entry.state?.kind === 'refused' && typeof entry.state.reason === 'string'))
  );
}
