import { useSignal } from '@preact/signals';
import type { RefObject, VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { App } from '../app/app.ts';
import type { Offer, Option } from './completion-list.tsx';
import { lazy } from './lazy.tsx';

const CompletionList = lazy(async () => (await import('./completion-list.tsx')).CompletionList);

export interface Completion {
  options: readonly Option[];
  index: number;
  attributes: Record<string, string | undefined>;
  update: () => void;
  close: () => void;
  choose: (option: Option) => void;
  point: (index: number) => void;
  /** Whether the key was for the list. */
  keyDown: (event: KeyboardEvent) => boolean;
}

/** Without any of these there is nothing to offer, nor to be fetched for it. */
const SIGNS = /[@:/／]/u;

/** Nothing is offered if its code does not come. */
async function offerLater(app: App, text: string, caret: number): Promise<Offer | undefined> {
  try {
    return await (await import('./completion-list.tsx')).offer(app, text, caret);
  } catch {
    return undefined;
  }
}

/** Offers people behind `@`, emoji behind `:`, and commands behind `/`. The focus stays in the text. */
export function useCompletion(app: App, field: RefObject<HTMLTextAreaElement | null>): Completion {
  const from = useSignal(0);
  const options = useSignal<readonly Option[]>([]);
  const at = useSignal(0);
  const index = Math.min(at.value, options.value.length - 1);

  return useMemo(() => {
    let asked = 0;
    const close = (): void => {
      asked += 1;
      from.value = 0;
      options.value = [];
    };
    const update = (): void => {
      const element = field.current;
      const isCaret = element !== null && element.selectionStart === element.selectionEnd;
      if (!isCaret || !SIGNS.test(element.value)) {
        close();
        return;
      }
      const { value, selectionStart } = element;
      const mine = (asked += 1);
      void offerLater(app, value, selectionStart).then((offer) => {
        if (asked !== mine) return;
        if (!offer) {
          close();
          return;
        }
        from.value = offer.from;
        options.value = offer.options;
        at.value = 0;
      });
    };
    const choose = (option: Option): void => {
      const element = field.current;
      if (!element) return;
      element.setRangeText(`${option.insert} `, from.value, element.selectionStart, 'end');
      app.composing.write(element.value);
      element.focus();
      close();
    };
    const keyDown = (event: KeyboardEvent): boolean => {
      const count = options.value.length;
      if (count === 0) return false;
      const current = Math.min(at.value, count - 1);
      const chosen = options.value[current];
      if (event.key === 'ArrowDown') at.value = (current + 1) % count;
      else if (event.key === 'ArrowUp') at.value = (current - 1 + count) % count;
      else if (event.key === 'Escape') close();
      else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && chosen) {
        // A command that is typed to its end and takes nothing is meant to be run.
        if (event.key === 'Enter' && field.current?.value === chosen.insert) return false;
        choose(chosen);
      } else return false;
      event.preventDefault();
      return true;
    };
    return {
      get options() {
        return options.value;
      },
      get index() {
        return Math.min(at.value, options.value.length - 1);
      },
      get attributes(): Completion['attributes'] {
        const isOpen = options.value.length > 0;
        return {
          'aria-autocomplete': isOpen ? 'list' : undefined,
          'aria-controls': isOpen ? 'completions' : undefined,
          'aria-activedescendant': isOpen ? `completion-${this.index}` : undefined,
        };
      },
      update,
      close,
      choose,
      point: (place: number) => (at.value = place),
      keyDown,
    };
    // Read so that whoever uses it is drawn again.
  }, [app, field, index, options.value]);
}

export function Completions({ completion }: { completion: Completion }): VNode | null {
  return completion.options.length === 0 ? null : <CompletionList completion={completion} />;
}
