/**
 * Draws the first picture of the page on the server, by the components of the page, so that a reader sees it before any
 * script has come. `main.tsx` takes its elements over.
 */
import { renderToString } from 'preact-render-to-string';
import type { DrawnPage, View, WantedPage } from '../shared/view.ts';
import { App, LAST_ROOM } from './app/app.ts';
import { pictureOf } from './app/drawn.ts';
import type { PageWindow } from './app/app-options.ts';
import { CONTRASTS, Settings, THEMES } from './app/settings.ts';
import { countDaysBy } from './core/calendar.ts';
import { storageShelf } from './core/outbox-shelf.ts';
import { memoryStorage } from './core/storage.ts';
import type { Wire } from './core/wire.ts';
import { drawOnlyWhatIsLoaded } from './views/lazy.tsx';
import { Gate, isGate, Shell } from './views/shell.tsx';
import { writeTimesFor } from './views/times.ts';
import { speakLater } from './words/later.ts';
import { chooseLanguage, speak, spoken } from './words/words.ts';

drawOnlyWhatIsLoaded();

/** One after the other: the language, the zone and the manner of writing times are the module's. */
let turn: Promise<unknown> = Promise.resolve();

export async function drawPage(wanted: WantedPage): Promise<DrawnPage> {
  const mine = turn.then(async () => draw(wanted));
  turn = mine.catch(() => undefined);
  return mine;
}

async function draw({ boot, path, view, languages }: WantedPage): Promise<DrawnPage> {
  await speak(chooseLanguage(view.language === '' ? null : view.language, languages));
  await speakLater();
  const zone = zoneOf(view, languages);
  writeTimesFor(zone, zone.formats);
  countDaysBy(zone.offsetAt);
  const storage = memoryStorage();
  if (view.room !== '') storage.write(LAST_ROOM, view.room);
  const settings = new Settings(storage);
  const app = new App({
    window: windowOf(path, view.isNarrow),
    wire: NO_WIRE,
    storage,
    session: memoryStorage(),
    shelf: storageShelf(storage),
    settings,
  });
  app.show(boot);
  if (isGate(app.places.place.value)) await Gate.load();
  return {
    html: renderToString(<Shell app={app} />),
    picture: pictureOf(app),
    title: app.title.value,
    language: spoken(),
    theme: THEMES.find((theme) => theme === view.theme) ?? THEMES[0],
    contrast: CONTRASTS.find((contrast) => contrast === view.contrast) ?? CONTRASTS[0],
    isZoneless: zone.timeZone !== view.zone,
  };
}

/** Never answers: what a page would ask, it asks when it is there. */
const NO_WIRE: Wire = {
  listen: () => undefined,
  connect: () => undefined,
  disconnect: () => undefined,
  ask: () => new Promise(() => undefined),
  tellTyping: () => undefined,
};

function windowOf(path: string, isNarrow: boolean): PageWindow {
  const location = { pathname: path };
  const go = (_state: unknown, _title: string, to: string = location.pathname): void => {
    location.pathname = to;
  };
  return {
    location,
    history: { state: null, pushState: go, replaceState: go, back: () => undefined },
    // The only question that decides what is drawn.
    matchMedia: () => ({ matches: isNarrow, addEventListener: () => undefined }),
    addEventListener: () => undefined,
    requestAnimationFrame: () => undefined,
  };
}

/** A zone, and how times are written in it. Kept: making it takes as long as drawing the page. */
interface Zone {
  readonly locale: string;
  readonly timeZone: string;
  readonly formats: Parameters<typeof writeTimesFor>[1];
  readonly offsetAt: (at: number) => number;
}

const MAX_ZONES = 50;
const zones = new Map<string, Zone>();

/** That of the reader; UTC if there is none like it. */
function zoneOf({ locale, zone }: View, languages: readonly string[]): Zone {
  const tag = [locale, ...languages].find((one) => one.split('-', 1)[0] === spoken()) ?? spoken();
  const key = `${tag} ${zone}`;
  const known = zones.get(key);
  if (known) return known;
  if (zones.size >= MAX_ZONES) zones.clear();
  const made = makeZone(tag, zone) ?? makeZone(tag, 'UTC') ?? makeZone(spoken(), 'UTC');
  if (!made) throw new Error(`Cannot write times in "${spoken()}"`);
  zones.set(key, made);
  return made;
}

/** Undefined when there is no such zone or locale. */
function makeZone(locale: string, timeZone: string): Zone | undefined {
  try {
    Intl.getCanonicalLocales(locale);
    // "2026-01-05 23:30:00", which is nearly what can be parsed.
    const clock = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    const offsetAt = (at: number): number =>
      Date.parse(`${clock.format(at).replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000;
    return { locale, timeZone, formats: new Map(), offsetAt };
  } catch {
    return undefined;
  }
}
