/** Small strings that outlive the page. */
export interface Storage {
  read(key: string): string | undefined;
  write(key: string, value: string): void;
  remove(key: string): void;
  keys(): readonly string[];
}

/** Keeps everything for this page only: for tests, and for browsers that refuse storage. */
export function memoryStorage(): Storage {
  const values = new Map<string, string>();
  return {
    read: (key) => values.get(key),
    write: (key, value) => void values.set(key, value),
    remove: (key) => void values.delete(key),
    keys: () => [...values.keys()],
  };
}

/** The slice of the browser's `localStorage` that is used. */
export interface WebStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Wraps `localStorage`; what cannot be stored (blocked, full) is kept in memory instead. */
export function webStorage(open: () => WebStorage): Storage {
  const fallback = memoryStorage();
  let store: WebStorage;
  try {
    store = open();
  } catch {
    return fallback;
  }
  return {
    read: (key) => fallback.read(key) ?? store.getItem(key) ?? undefined,
    write(key, value) {
      try {
        store.setItem(key, value);
        fallback.remove(key);
      } catch {
        fallback.write(key, value);
      }
    },
    remove(key) {
      fallback.remove(key);
      store.removeItem(key);
    },
    keys() {
      const keys = new Set(fallback.keys());
      for (let index = 0; index < store.length; index++) {
        const key = store.key(index);
        if (key !== null) keys.add(key);
      }
      return [...keys];
    },
  };
}
