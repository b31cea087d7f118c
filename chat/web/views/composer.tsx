import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { LIMITS } from '../../shared/events.ts';
import type { App } from '../app.ts';
import { SendIcon } from './icons.tsx';

const COUNT_FROM = LIMITS.bodyChars * 0.9;

/** Where one writes. Works without a connection: what is sent then waits in the outbox. */
export function Composer({ app }: { app: App }): VNode {
  const field = useRef<HTMLTextAreaElement>(null);
  const text = app.text.value;
  const left = LIMITS.bodyChars - text.trimEnd().length;

  useLayoutEffect(() => {
    if (field.current && !isTouch()) field.current.focus();
  }, []);
  useLayoutEffect(() => fitHeight(field.current), [text]);

  const onKeyDown = (event: KeyboardEvent): void => {
    // 229: Safari reports the Enter that ends a composition after the composition.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape' && text === '') app.newest();
    if (event.key !== 'Enter' || event.shiftKey || event.altKey) return;
    // On a touch keyboard there is no Shift+Enter, so Enter is a line break and the button sends.
    if (isTouch() && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    app.send();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        app.send();
      }}
    >
      <textarea
        ref={field}
        class="composer-field"
        rows={1}
        dir="auto"
        value={text}
        placeholder={`Message ${app.roomName.value}`}
        aria-label={`Message to ${app.roomName.value}`}
        aria-describedby="composer-count"
        aria-invalid={left < 0}
        enterkeyhint={isTouch() ? 'enter' : 'send'}
        autocomplete="off"
        onInput={(event) => app.write(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <button
        type="submit"
        class="send"
        aria-label="Send"
        title="Send"
        aria-disabled={text.trim() === '' || left < 0}
        // The focus stays in the text, so that a phone keeps its keyboard.
        onMouseDown={(event) => event.preventDefault()}
      >
        <SendIcon />
      </button>
      <span id="composer-count" class={left < 0 ? 'count is-over' : 'count'}>
        {text.length >= COUNT_FROM && (left < 0 ? `${-left} characters too long` : `${left} characters left`)}
      </span>
    </form>
  );
}

function isTouch(): boolean {
  return matchMedia('(hover: none) and (pointer: coarse)').matches;
}

/** For browsers without `field-sizing`: the height follows the text, up to the `max-height` of the style. */
function fitHeight(field: HTMLTextAreaElement | null): void {
  if (!field || CSS.supports('field-sizing', 'content')) return;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight}px`;
}
