import { signal, type Signal } from '@preact/signals';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly isTrouble: boolean;
  readonly action?: { readonly label: string; readonly run: () => void };
}

const SHOWN_MS = 6_000;
/** With something to click: longer. */
const OFFERED_MS = 12_000;

/** One line that says what just happened, and perhaps offers to take it back. The newest replaces the one before. */
export class Toasts {
  readonly current: Signal<Toast | null> = signal(null);
  #count = 0;
  /** The last one that may be replaced by its like. */
  #offered = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string, action?: Toast['action']): void {
    this.#show({ id: ++this.#count, text, isTrouble: false, ...(action && { action }) });
  }

  trouble(text: string): void {
    this.#show({ id: ++this.#count, text, isTrouble: true });
  }

  /** Says it unless something stands there that offers more, or is wrong. Returns whether it is shown. */
  offer(text: string, action: NonNullable<Toast['action']>): boolean {
    const before = this.current.value;
    if (before && before.id !== this.#offered && (before.action ?? before.isTrouble)) return false;
    this.say(text, action);
    this.#offered = this.#count;
    return true;
  }

  dismiss(): void {
    clearTimeout(this.#timer);
    this.current.value = null;
  }

  /** Nobody is hurried while reading it or reaching for its button. */
  hold(): void {
    clearTimeout(this.#timer);
  }

  release(): void {
    const toast = this.current.value;
    if (toast) this.#show(toast);
  }

  #show(toast: Toast): void {
    this.current.value = toast;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.dismiss(), toast.action ? OFFERED_MS : SHOWN_MS);
  }
}
