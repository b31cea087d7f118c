import type { Message } from '../../shared/events.ts';
import { excerptOf, shorten } from '../core/bodies.ts';
import { makeNonce } from '../core/nonce.ts';
import { OneTeller, type Rank, type Word } from '../core/one-teller.ts';
import { isQuietAt } from '../core/quiet-hours.ts';
import { worthOf, type Worth } from '../core/worth.ts';
import { nameOf } from '../views/room-name.ts';
import { t } from '../words/later.ts';
import { announce } from './announce.ts';
import type { App } from './app.ts';
import { closeNoticesOfRead, desktopState, showNotice, type Notice } from './desktop.ts';
import { playTone } from './tone.ts';

const CHANNEL = 'told';
const NOTICE_CHARS = 240;

/** Tells who looks elsewhere of the news: by a line on the page, by a sound, by a notice of the system. */
export class Noticing {
  readonly #app: App;
  readonly #teller: OneTeller;

  constructor(app: App) {
    this.#app = app;
    const channel = 'BroadcastChannel' in window ? new BroadcastChannel(CHANNEL) : null;
    this.#teller = new OneTeller({
      page: makeNonce((bytes) => crypto.getRandomValues(bytes)),
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no other origins
      post: (word) => channel?.postMessage(word),
      rankIn: (room) => this.#rankIn(room),
      tell: (messages, rank) => this.#tell(messages, rank),
    });
    closeNoticesOfRead(app);
    window.addEventListener('storage', () => app.settings.readNotices());
    channel?.addEventListener('message', ({ data }: MessageEvent<Word>) => this.#teller.hear(data));
  }

  /** A message that was said just now. What was missed without a connection is not told of: the counts say it. */
  heard(message: Message): void {
    if (this.#worthOf(message) !== null) this.#teller.offer(message);
  }

  #worthOf(message: Message): Worth | null {
    return worthOf(message, this.#app.myRoom(message.room), this.#app.me.value?.id);
  }

  #isQuietNow(): boolean {
    const now = new Date();
    return isQuietAt(this.#app.me.value?.quiet, now.getHours() * 60 + now.getMinutes());
  }

  #rankIn(room: string): Rank {
    if (document.hidden || !document.hasFocus()) return 0;
    return this.#app.conversation.value?.slug === room ? 2 : 1;
  }

  #tell(messages: readonly Message[], rank: Rank): void {
    if (rank === 2) return;
    const { reach, sound, desktop } = this.#app.settings;
    const personal = messages.filter((message) => this.#worthOf(message) === 'personal');
    if (rank === 1) this.#showLine(personal);
    const wanted = { none: [], personal, all: messages.filter((message) => this.#worthOf(message)) }[
      reach.value
    ];
    const notice = rank === 0 && desktop.value ? this.#noticeOf(wanted) : null;
    if (wanted.length === 0 || (!notice && !sound.value) || this.#isQuietNow()) return;
    if (sound.value) void playTone();
    if (notice && desktopState() === 'allowed') showNotice(notice);
  }

  /** The toasts are a live region: what stands there is said aloud, too. */
  #showLine(messages: readonly Message[]): void {
    const notice = this.#noticeOf(messages);
    if (!notice) return;
    const text = `${notice.title}: ${notice.body}`;
    const isShown = this.#app.toasts.offer(text, { label: t('open'), run: notice.onClick });
    if (!isShown) this.#app.announcement.value = text;
  }

  #noticeOf(messages: readonly Message[]): Notice | null {
    const app = this.#app;
    const last = messages.at(-1);
    const room = last && app.myRoom(last.room);
    if (!room) return null;
    const [name, where] = [last.from.name, nameOf(app, room)];
    const title =
      messages.length > 1 ? where : room.kind === 'dm' ? name : t('saidIn', { name, room: where });
    return {
      room: room.slug,
      title,
      body: messages.length > 1 ? announce(messages) : shorten(excerptOf(last.body), NOTICE_CHARS),
      onClick: () => app.places.toRoom(room.slug, last.seq),
    };
  }
}
