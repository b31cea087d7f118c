/** Where things are kept under keys, over the end of the page. */
export interface Records {
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown): void;
  delete(key: string): void;
  clear(): void;
}

export interface RecordShelf {
  /**
   * Does some work alone: no other page's comes in between, and either all of it is kept or nothing.
   * It may wait for what it gets from the records, and for nothing else.
   * @throws {Error} when the browser refuses, for want of space, say
   */
  use<T>(work: (records: Records) => Promise<T>): Promise<T>;
}

const STORE = 'records';

/** In IndexedDB. Opened when it is first used. */
export function databaseRecords(factory: () => IDBFactory, name: string): RecordShelf {
  let opened: Promise<IDBDatabase> | undefined;
  return {
    async use(work) {
      opened ??= openDatabase(factory(), name);
      const database = await opened.catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      const transaction = database.transaction(STORE, 'readwrite');
      const store = transaction.objectStore(STORE);
      const done = new Promise<void>((resolve, reject) => {
        transaction.addEventListener('complete', () => resolve());
        for (const event of ['abort', 'error'])
          transaction.addEventListener(event, () => reject(refusal(transaction.error)));
      });
      const value = await Promise.all([
        work({
          get: async (key) => result(store.get(key)),
          put: (key, value) => void store.put(value, key),
          delete: (key) => void store.delete(key),
          clear: () => void store.clear(),
        }),
        done,
      ]);
      return value[0];
    },
  };
}

async function openDatabase(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  const request = factory.open(name, 1);
  request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE));
  const database = await result(request);
  // A later version of the page may want another form of it: it shall not have to wait for this one.
  database.addEventListener('versionchange', () => database.close());
  return database;
}

async function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(refusal(request.error)));
  });
}

function refusal(cause: DOMException | null): Error {
  return new Error('Cannot use the database', { cause });
}
