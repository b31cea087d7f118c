/**
 * Previews of links, made behind the back of everybody: a message is delivered long before anything is fetched for it, and
 * its preview comes as a change, or never. Whatever goes wrong is counted and otherwise silent.
 */
import { createHash } from 'node:crypto';
import type { Message } from '../../shared/messages.ts';
import { isAtLeast } from '../../shared/roles.ts';
import type { NamedCaller } from '../actions/action.ts';
import { type Conversation, deliverChange } from '../conversation.ts';
import { formatError } from '../log.ts';
import type { Found, NewImage } from '../store/previews.ts';
import { newCode } from '../tokens.ts';
import { FetchFault, Refused } from './faults.ts';
import type { Guard } from './guard.ts';
import type { PagePreview } from './page-preview.ts';
import { previewedLink } from './previewed-link.ts';

export interface PreviewLimits {
  /** Pages that are fetched at once, and those that wait for it. Beyond, a message stays without a preview. */
  atOnce: number;
  waiting: number;
  /** Messages with one link while its page is fetched. */
  sharing: number;
  /** For a page and its picture, with all that leads there. */
  timeoutMs: number;
  pageBytes: number;
  imageBytes: number;
  /** Of all pictures that are kept. */
  allImageBytes: number;
  /** How long it is known what a page says, or that it says nothing. */
  knownMs: number;
}

export const PREVIEW_LIMITS: Readonly<PreviewLimits> = {
  atOnce: 4,
  waiting: 50,
  sharing: 20,
  timeoutMs: 5_000,
  pageBytes: 512 * 1_024,
  imageBytes: 1_024 * 1_024,
  allImageBytes: 100 * 1_024 * 1_024,
  knownMs: 24 * 60 * 60 * 1_000,
};

export interface PreviewsOptions {
  guard: Guard;
  /** False: whoever runs the server wants none, whatever the owner sets. */
  isAllowed: boolean;
  limits?: Partial<PreviewLimits>;
  /** By default the system's clock. */
  after?: (ms: number) => AbortSignal;
}

interface Job {
  chat: Conversation;
  url: URL;
  /** Which messages have this link. */
  wanted: Wanted[];
}

interface Wanted {
  room: string;
  seq: number;
  href: string;
}

export class Previews {
  readonly isAllowed: boolean;
  readonly #guard: Guard;
  readonly #limits: PreviewLimits;
  readonly #after: (ms: number) => AbortSignal;
  /** All that are fetched or wait for it, by address. */
  readonly #jobs = new Map<string, Job>();
  readonly #waiting: Job[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor({ guard, isAllowed, limits, after = (ms) => AbortSignal.timeout(ms) }: PreviewsOptions) {
    this.#guard = guard;
    this.isAllowed = isAllowed;
    this.#limits = { ...PREVIEW_LIMITS, ...limits };
    this.#after = after;
  }

  /** After a message was said, or has another link. Guests and programs get none. */
  want(chat: Conversation, { person, request }: NamedCaller, { room, seq, body }: Message): void {
    if (!this.isAllowed || person.bot === true || !isAtLeast(person.role, 'member')) return;
    const href = previewedLink(body);
    // The chat's own pages say nothing to who is not signed in.
    if (href === null || new URL(href).host === request.headers.host) return;
    // The sender's answer goes out first: their page knows its own message by it.
    setImmediate(() => {
      if (!this.#closing.signal.aborted) this.#track(chat, this.#take(chat, person.id, { room, seq, href }));
    });
  }

  /** Lets everything be as it is. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#waiting.length = 0;
    await Promise.all(this.#running);
  }

  async #take(chat: Conversation, person: number, wanted: Wanted): Promise<void> {
    if (!(await isOn(chat))) return;
    const url = new URL(wanted.href);
    // Servers never see it.
    url.hash = '';
    if (!this.#mayBe(url)) {
      chat.metrics.countPreview('refused');
      return;
    }
    const known = await chat.store.previews.known(hashOf(url), chat.now());
    if (known !== undefined) {
      if (known !== null) await attach(chat, wanted, known);
      return;
    }
    const job = this.#jobs.get(url.href);
    const hasRoom =
      job === undefined
        ? this.#waiting.length < this.#limits.waiting && chat.gates.pass('previewing', person)
        : job.wanted.length < this.#limits.sharing;
    if (!hasRoom || this.#closing.signal.aborted) {
      chat.metrics.countPreview('dropped');
    } else if (job !== undefined) {
      job.wanted.push(wanted);
    } else {
      const made = { chat, url, wanted: [wanted] };
      this.#jobs.set(url.href, made);
      this.#waiting.push(made);
      this.#next();
    }
  }

  #mayBe(url: URL): boolean {
    try {
      this.#guard.check(url);
      return true;
    } catch (error) {
      if (error instanceof Refused) return false;
      throw error;
    }
  }

  #next(): void {
    while (this.#jobs.size - this.#waiting.length < this.#limits.atOnce) {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      const done = this.#run(job).finally(() => {
        this.#jobs.delete(job.url.href);
        this.#next();
      });
      this.#track(job.chat, done);
    }
  }

  async #run({ chat, url, wanted }: Job): Promise<void> {
    // It may have been turned off while this waited.
    if (!(await isOn(chat))) return;
    const page = await this.#fetch(chat, url);
    if (this.#closing.signal.aborted) return;
    const { found, image } = split(page);
    const at = chat.now();
    const { knownMs, allImageBytes } = this.#limits;
    await chat.store.previews.remember({
      urlHash: hashOf(url),
      found,
      image,
      at,
      expires: at + knownMs,
      mostImageBytes: allImageBytes,
    });
    if (found !== null) for (const one of wanted) await attach(chat, one, found);
  }

  async #fetch({ metrics, log }: Conversation, url: URL): Promise<PagePreview | null> {
    const { timeoutMs, pageBytes, imageBytes } = this.#limits;
    const signal = AbortSignal.any([this.#closing.signal, this.#after(timeoutMs)]);
    const options = { guard: this.#guard, signal, maxPageBytes: pageBytes, maxImageBytes: imageBytes };
    try {
      // TLS and all that reads pages are loaded when the first is fetched, 3 MB: most chats never do.
      const { fetchPreview } = await import('./page-preview.ts');
      const page = await fetchPreview(url, options);
      metrics.countPreview(page === null ? 'failed' : 'fetched');
      return page;
    } catch (error) {
      metrics.countPreview(error instanceof Refused ? 'refused' : 'failed');
      if (!(error instanceof Refused || error instanceof FetchFault))
        log.error(formatError('Cannot make a preview', error));
      return null;
    }
  }

  /** Nobody waits for it but the end. */
  #track({ log }: Conversation, work: Promise<void>): void {
    const done = work.catch((error: unknown) => log.error(formatError('Cannot keep a preview', error)));
    this.#running.add(done);
    void done.finally(() => this.#running.delete(done));
  }
}

async function isOn({ store }: Conversation): Promise<boolean> {
  return (await store.people.chat()).previews === 'on';
}

/** If the message still has this link, as its first. */
async function attach(chat: Conversation, { room, seq, href }: Wanted, found: Found): Promise<void> {
  const { messages, previews } = chat.store;
  const message = await messages.get(room, seq);
  if (message === null || previewedLink(message.body) !== href) return;
  const changed = await previews.attach({ room, seq, body: message.body, href, found });
  if (changed !== null) deliverChange(chat, changed);
}

function split(page: PagePreview | null): { found: Found | null; image: NewImage | null } {
  if (page === null) return { found: null, image: null };
  const { title, description, image } = page;
  if (image === null) return { found: { title, description, image }, image };
  // Nobody can guess where it is, or learn from it what else was shown here.
  const id = newCode();
  const { type, width, height, bytes } = image;
  return { found: { title, description, image: { id, width, height } }, image: { id, type, bytes } };
}

function hashOf(url: URL): Buffer {
  return createHash('sha256').update(url.href).digest();
}
