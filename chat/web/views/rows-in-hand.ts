import { signal, type Signal } from '@preact/signals';
import type { App } from '../app/app.ts';
import type { Conversation } from '../app/conversation.ts';
import type { MessageRow } from '../core/rows.ts';
import { onceReleased } from './once-released.ts';

export interface RowInHand {
  readonly row: MessageRow;
  readonly element: HTMLElement;
}

/**
 * The rows of the list by pointer and by keyboard. One row is the tab stop; the arrows move through the others, and keys
 * do what the menu does. Attributes are set on the elements themselves: three hundred rows are not drawn again for that.
 */
export class Rows {
  /** The row under the pointer, which has the tools. */
  readonly hovered: Signal<RowInHand | null> = signal(null);
  /** The row whose menu is open, and where. */
  readonly menu: Signal<(RowInHand & { x: number; y: number }) | null> = signal(null);
  /** The row for which an emoji is being chosen. */
  readonly picking: Signal<RowInHand | null> = signal(null);
  /** Raised when rows may have moved. */
  readonly moved: Signal<number> = signal(0);
  readonly #app: App;
  readonly #conversation: Conversation;
  #box: HTMLElement | undefined;
  #list: HTMLElement | undefined;
  #current: HTMLElement | undefined;
  #hasFocus = false;

  constructor(app: App, conversation: Conversation) {
    this.#app = app;
    this.#conversation = conversation;
  }

  mount(box: HTMLElement, list: HTMLElement): void {
    this.#box = box;
    this.#list = list;
  }

  rowsChanged(): void {
    const hovered = this.hovered.peek();
    if (hovered) {
      this.hovered.value = hovered.element.isConnected ? this.#inHand(hovered.element) : null;
      this.moved.value++;
    }
    if (this.#list?.contains(document.activeElement)) return;
    // Whoever comes to the list comes to its newest row. A row that had the focus may have left the window.
    const hadFocus = this.#hasFocus && document.activeElement === document.body;
    this.#hasFocus = false;
    this.#setCurrent(this.#all().at(-1), false);
    if (hadFocus) this.#current?.focus({ preventScroll: true });
  }

  focusIn(event: FocusEvent): void {
    const element = rowOf(event.target);
    this.#hasFocus = element !== null;
    if (element) this.#setCurrent(element, element !== this.#all().at(-1));
    else if (event.target === this.#box) this.#current?.focus();
  }

  focusOut(): void {
    // Not when the row itself is taken out of the page: then no such event comes.
    this.#hasFocus = false;
  }

  pointerOver(event: PointerEvent): void {
    if (event.pointerType === 'touch') return;
    const element = rowOf(event.target);
    if (!element || element === this.hovered.peek()?.element) return;
    this.hovered.value = this.#inHand(element);
  }

  pointerLeft(): void {
    this.hovered.value = null;
  }

  /** A long press on a phone; elsewhere only where there is nothing of the browser's own to offer. */
  contextMenu(event: MouseEvent): void {
    const element = rowOf(event.target);
    const isText = (getSelection()?.toString() ?? '') !== '';
    if (!element || isText || (event.target as Element).closest('a, button')) return;
    if (!this.#withMenu(element)) return;
    event.preventDefault();
    onceReleased(event, () => this.openMenu(element, event.clientX, event.clientY));
  }

  openMenu(element: HTMLElement, x?: number, y?: number): void {
    const inHand = this.#withMenu(element);
    if (!inHand) return;
    const rect = element.getBoundingClientRect();
    this.menu.value = { ...inHand, x: x ?? rect.left + 56, y: y ?? Math.min(rect.bottom, innerHeight) };
  }

  pick(inHand: RowInHand): void {
    this.picking.value = inHand;
  }

  /** To the message that this one answers: it has the focus then, as this one had. */
  toQuoted({ message }: MessageRow): void {
    const seq = message.replyTo?.seq;
    if (seq === undefined) return;
    void this.#conversation.jumpTo(seq).then(() => {
      requestAnimationFrame(() => this.#focus(this.#all().find((one) => one.dataset['seq'] === String(seq))));
    });
  }

  keyDown(event: KeyboardEvent): void {
    const element = event.target instanceof HTMLElement ? event.target : undefined;
    if (!element || event.ctrlKey || event.metaKey || event.altKey || element.closest('.row-tools')) return;
    const isRow = element.dataset['key'] !== undefined;
    const moves: Record<string, () => void> = {
      ArrowUp: () => this.#move(-1),
      ArrowDown: () => this.#move(1),
      Home: () => this.#focus(this.#all()[0]),
      End: () => {
        this.#conversation.newest();
        this.#focus(this.#all().at(-1));
      },
      Escape: () => this.#app.composing.focusWanted.value++,
    };
    const acts = isRow ? this.#acts(element) : {};
    const act = moves[event.key] ?? acts[event.key];
    if (!act || (!isRow && event.key !== 'Escape')) return;
    event.preventDefault();
    act();
  }

  #acts(element: HTMLElement): Record<string, () => void> {
    const inHand = this.#withMenu(element);
    if (!inHand) return {};
    const { row } = inHand;
    const { message } = row;
    const { messages, composing, keeping } = this.#app;
    const answers = messages.mayAnswer(message);
    return {
      Enter: () => this.openMenu(element),
      ...(answers && { r: () => composing.reply(message), '+': () => this.pick(inHand) }),
      ...(message.replyTo && { q: () => this.toQuoted(row) }),
      ...(keeping.mayPin(message) && { p: () => void keeping.pin(message) }),
      ...(keeping.maySave(message) && { s: () => void keeping.save(message) }),
      ...(messages.mayEdit(message) && { e: () => composing.edit(message) }),
      ...(messages.mayDelete(message) && { Delete: () => void messages.delete(message) }),
    };
  }

  #move(by: number): void {
    const all = this.#all();
    const index = this.#current ? all.indexOf(this.#current) : all.length;
    this.#focus(all[Math.max(0, Math.min(all.length - 1, index + by))]);
  }

  #focus(element: HTMLElement | undefined): void {
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: 'nearest' });
  }

  #setCurrent(element: HTMLElement | undefined, reads: boolean): void {
    if (this.#current !== element) {
      if (this.#current) this.#current.tabIndex = -1;
      this.#current = element;
      if (element) element.tabIndex = 0;
    }
    if (reads) this.#conversation.stopFollowing();
  }

  #all(): HTMLElement[] {
    return [...(this.#list?.querySelectorAll<HTMLElement>('li[data-key]') ?? [])];
  }

  #inHand(element: HTMLElement): RowInHand | null {
    const key = element.dataset['key'];
    const row = this.#conversation.rows.peek().find((one) => one.key === key);
    return row?.kind === 'message' ? { row, element } : null;
  }

  /** Of what was not confirmed, there is nothing to be done but what stands beside it. */
  #withMenu(element: HTMLElement): RowInHand | null {
    const inHand = this.#inHand(element);
    return inHand?.row.unsent ? null : inHand;
  }
}

function rowOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('li[data-key]') : null;
}
