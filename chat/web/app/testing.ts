/** For the tests beside: the page without a browser, in the room that its address names. */
import { mock, type TestContext } from 'node:test';
import type { Boot } from '../../shared/boot.ts';
import { storageShelf } from '../core/outbox-shelf.ts';
import { memoryStorage, type Storage } from '../core/storage.ts';
import { hello, settle, TestWire } from '../core/testing.ts';
import { App } from './app.ts';
import { Settings } from './settings.ts';

interface HistoryEntry {
  path: string;
  state: unknown;
}

/** The history of a window, and the address that it shows. */
export class TestHistory {
  readonly entries: HistoryEntry[];
  at = 0;

  constructor(path: string) {
    this.entries = [{ path, state: null }];
  }

  get state(): unknown {
    return this.entries[this.at]?.state ?? null;
  }
  get path(): string {
    return this.entries[this.at]?.path ?? '/';
  }
  pushState(state: unknown, _title: string, path: string): void {
    this.entries.splice(++this.at, Infinity, { path, state });
  }
  replaceState(state: unknown, _title: string, path: string = this.path): void {
    this.entries[this.at] = { path, state };
  }
  back(): void {
    this.go(-1);
  }
  forward(): void {
    this.go(1);
  }
  go(by: number): void {
    this.at += by;
    window.dispatchEvent(new Event('popstate'));
  }
}

export interface Bench {
  app: App;
  wire: TestWire;
  storage: Storage;
  history: TestHistory;
  /** Lets promises settle and draws a frame, until nothing more happens. */
  readonly drawn: () => Promise<void>;
}

/** Opens the page. Its timers are turned by hand (`mock.timers`). */
export function openApp(
  context: TestContext,
  options: { path?: string; storage?: Storage; history?: TestHistory; session?: Storage; boot?: Boot } = {},
): Bench {
  const { path = '/', storage = memoryStorage(), history = new TestHistory(path) } = options;
  const { session = memoryStorage() } = options;
  const frames: (() => void)[] = [];
  const fakeWindow = Object.assign(new EventTarget(), {
    location: {
      get pathname() {
        return history.path;
      },
    },
    history,
    matchMedia: () => Object.assign(new EventTarget(), { matches: false }),
    requestAnimationFrame: (draw: () => void) => frames.push(draw),
  });
  const fakes = {
    window: fakeWindow,
    document: Object.assign(new EventTarget(), { hidden: false }),
  };
  for (const [name, value] of Object.entries(fakes))
    Object.defineProperty(globalThis, name, { value, configurable: true });
  context.after(() => mock.timers.reset());
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const wire = new TestWire();
  const app = new App({
    window: fakeWindow,
    wire,
    storage,
    session,
    shelf: storageShelf(storage),
    settings: new Settings(storage),
  });
  app.open(options.boot);
  const drawn = async (): Promise<void> => {
    await settle();
    for (let draw = frames.shift(); draw; draw = frames.shift()) {
      draw();
      await settle();
    }
  };
  return { app, wire, storage, history, drawn };
}

/** Answers the newest `hello`, and what follows it. */
export async function greet({ wire, drawn }: Bench, more: Parameters<typeof hello>[0] = {}): Promise<void> {
  wire.listeners?.opened();
  wire.asked('hello').at(-1)?.answer(hello(more));
  await drawn();
}
