import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { LIMITS } from '../../shared/events.ts';
import type { App } from '../app/app.ts';
import type { Conversation } from '../app/conversation.ts';
import { excerptOf } from '../core/bodies.ts';
import { t } from '../words/words.ts';
import { Completions, useCompletion } from './completions.tsx';
import { EmojiPopover } from './emoji-popover.tsx';
import { Icon } from './icon.tsx';
import { nameOf } from './room-name.ts';
import { toneOf } from './avatar.tsx';

const COUNT_FROM = LIMITS.bodyChars * 0.9;

interface Props {
  app: App;
  conversation: Conversation;
}

/** Where one writes. Works without a connection: what is sent then waits in the outbox. */
export function Composer({ app, conversation }: Props): VNode {
  const { composing } = app;
  const field = useRef<HTMLTextAreaElement>(null);
  const picking = useSignal<DOMRect | null>(null);
  const completion = useCompletion(app, field);
  const text = composing.text.value;
  const left = composing.left.value;
  const wanted = composing.focusWanted.value;
  const name = nameOf(app, conversation.room.value);

  useLayoutEffect(() => {
    if (field.current) field.current.enterKeyHint = isTouch() ? 'enter' : 'send';
    if (field.current && !isTouch() && app.places.place.peek().page === 'room') focusEnd(field.current);
  }, []);
  useLayoutEffect(() => {
    if (wanted > 0 && field.current) focusEnd(field.current);
  }, [wanted]);
  useLayoutEffect(() => fitHeight(field.current), [text]);

  const send = (): void => {
    app.sending.send();
    completion.close();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // 229: Safari reports the Enter that ends a composition after the composition.
    if (event.isComposing || event.keyCode === 229 || completion.keyDown(event)) return;
    if (event.key === 'Escape') return escape(app, conversation, text, event);
    if (event.key === 'ArrowUp' && !event.altKey && text === '' && composing.mode.value.kind === 'new') {
      event.preventDefault();
      app.sending.editLast();
    }
    if (event.key === 'Enter' && sends(app, event, text)) {
      event.preventDefault();
      send();
    }
  };
  const insert = (emoji: string): void => {
    const element = field.current;
    if (!element) return;
    element.focus();
    element.setRangeText(emoji, element.selectionStart, element.selectionEnd, 'end');
    composing.write(element.value);
  };

  return (
    <form
      class="composer"
      data-region="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Completions completion={completion} />
      <About app={app} />
      <textarea
        ref={field}
        class="composer-field"
        rows={1}
        dir="auto"
        value={text}
        placeholder={t('messageTo', { room: name })}
        aria-label={t('messageTo', { room: name })}
        aria-describedby="composer-count"
        aria-invalid={left < 0}
        {...completion.attributes}
        autocomplete="off"
        onInput={(event) => {
          composing.write(event.currentTarget.value);
          completion.update();
        }}
        onSelect={() => completion.update()}
        onBlur={() => completion.close()}
        onKeyDown={onKeyDown}
      />
      <div class="composer-tools">
        <button
          type="button"
          class="icon-button"
          aria-label={t('chooseEmoji')}
          title={t('chooseEmoji')}
          onClick={(event) => (picking.value = event.currentTarget.getBoundingClientRect())}
        >
          <Icon name="smile" />
        </button>
        <button
          type="submit"
          class="send"
          aria-label={composing.mode.value.kind === 'edit' ? t('save') : t('send')}
          title={composing.mode.value.kind === 'edit' ? t('save') : t('send')}
          aria-disabled={text.trim() === '' || left < 0}
          // The focus stays in the text, so that a phone keeps its keyboard.
          onMouseDown={(event) => event.preventDefault()}
        >
          <Icon name={composing.mode.value.kind === 'edit' ? 'check' : 'send'} />
        </button>
      </div>
      <span id="composer-count" class={left < 0 ? 'count is-over' : 'count'}>
        {text.length >= COUNT_FROM && (left < 0 ? t('tooLongBy', { n: -left }) : t('charsLeft', { n: left }))}
      </span>
      {picking.value && (
        <EmojiPopover
          settings={app.settings}
          anchor={picking.value}
          onChoose={insert}
          onClose={() => (picking.value = null)}
        />
      )}
    </form>
  );
}

/** What is being changed or answered, and the way out of it. */
function About({ app: { composing, people } }: { app: App }): VNode | null {
  const mode = composing.mode.value;
  const quote = composing.replyTo.value;
  if (mode.kind !== 'edit' && !quote) return null;
  const from = quote && people.current(quote.from);
  return (
    <div class="composer-about">
      <Icon name={mode.kind === 'edit' ? 'edit' : 'reply'} />
      <p dir="auto">
        {mode.kind === 'edit' ? t('editing') : t('replyTo')}{' '}
        {from && <bdi class={`name ${toneOf(from)}`}>{from.name}</bdi>}{' '}
        <span class="quote-text">{excerptOf(mode.kind === 'edit' ? mode.body : (quote?.excerpt ?? ''))}</span>
      </p>
      <button
        type="button"
        class="icon-button is-small"
        aria-label={t('cancel')}
        onClick={() => composing.cancel()}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

/** Leaves one thing at a time: an edit or answer, the divider, and at last what is further up. */
function escape(app: App, conversation: Conversation, text: string, event: KeyboardEvent): void {
  if (app.composing.cancel()) event.preventDefault();
  else if (conversation.hasDivider) conversation.dropDivider();
  else if (text === '') conversation.newest();
}

/** On a touch keyboard there is no Shift+Enter, and in open code a line is meant: the button sends then. */
function sends(app: App, event: KeyboardEvent, text: string): boolean {
  if (event.altKey) return false;
  if (event.ctrlKey || event.metaKey) return true;
  if (event.shiftKey || isTouch() || !app.settings.enterSends.value) return false;
  const fences = text.match(/^\s*```/gmu)?.length ?? 0;
  return fences % 2 === 0;
}

export function isTouch(): boolean {
  return matchMedia('(hover: none) and (pointer: coarse)').matches;
}

function focusEnd(field: HTMLTextAreaElement): void {
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

/** For browsers without `field-sizing`: the height follows the text, up to the `max-height` of the style. */
function fitHeight(field: HTMLTextAreaElement | null): void {
  if (!field || CSS.supports('field-sizing', 'content')) return;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight}px`;
}
