import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { App } from '../app/app.ts';
import { t } from '../words/later.ts';
import { mayRemovePreview, removePreview } from '../app/link-previews.ts';
import { EmojiPopover } from './emoji-popover.tsx';
import { Icon, type IconName } from './icon.tsx';
import { place } from './place-popover.ts';
import { whoReacted } from './reactions.tsx';
import type { RowInHand, Rows } from './rows-in-hand.ts';
import { stepInLine } from './step-in-line.ts';

/** Everything that can be done to a message, and the emoji to put on it. */
export function RowMenu({ app, inHand }: { app: App; inHand: Rows }): VNode {
  const menu = inHand.menu.value;
  const picking = inHand.picking.value;
  return (
    <>
      {menu && <Menu key={menu.row.key} app={app} inHand={inHand} {...menu} />}
      {picking && (
        <EmojiPopover
          settings={app.settings}
          anchor={picking.element.getBoundingClientRect()}
          onChoose={(emoji) => void app.messages.react(picking.row.message, emoji)}
          onClose={() => {
            inHand.picking.value = null;
            if (document.activeElement === document.body) picking.element.focus({ preventScroll: true });
          }}
        />
      )}
    </>
  );
}

interface Item {
  label: string;
  icon: IconName;
  keys?: string;
  isDanger?: boolean;
  run: () => void;
}

interface MenuProps extends RowInHand {
  app: App;
  inHand: Rows;
  x: number;
  y: number;
}

const QUICK = ['👍', '❤️', '😂', '🎉', '👀'];

function Menu({ app, inHand, row, element, x, y }: MenuProps): VNode {
  const box = useRef<HTMLDivElement>(null);
  const { message } = row;
  useLayoutEffect(() => {
    const menu = box.current;
    if (!menu) return;
    menu.showPopover();
    place(menu, x, y);
    menu.querySelector<HTMLElement>('.menu-item')?.focus();
    if (app.me.peek()) void app.keeping.showSavedIn(message.room);
  }, []);

  const close = (): void => {
    inHand.menu.value = null;
    if (!document.activeElement || document.activeElement === document.body)
      element.focus({ preventScroll: true });
  };
  const run = (act: () => void): void => {
    box.current?.hidePopover();
    inHand.menu.value = null;
    element.focus({ preventScroll: true });
    act();
  };
  const mayAnswer = app.messages.mayAnswer(message);
  const me = app.me.value?.id;

  return (
    <div
      ref={box}
      class="menu"
      popover="auto"
      role="menu"
      aria-label={t('messageActions')}
      onToggle={(event) => event.newState === 'closed' && close()}
      onKeyDown={(event) => moveInMenu(event, box.current)}
    >
      {mayAnswer && (
        <div class="menu-quick" role="group" aria-label={t('react')}>
          {QUICK.map((emoji) => (
            <button
              key={emoji}
              type="button"
              role="menuitem"
              class="menu-emoji"
              tabIndex={-1}
              onClick={() => run(() => void app.messages.react(message, emoji))}
            >
              {emoji}
            </button>
          ))}
        </div>
      )}
      {itemsFor(app, inHand, row, element, mayAnswer).map(({ label, icon, keys, isDanger, run: act }) => (
        <button
          key={label}
          type="button"
          role="menuitem"
          class={isDanger ? 'menu-item is-danger' : 'menu-item'}
          tabIndex={-1}
          onClick={() => run(act)}
        >
          <Icon name={icon} />
          <span>{label}</span>
          {keys && <kbd aria-hidden="true">{keys}</kbd>}
        </button>
      ))}
      {message.reactions?.map((reaction) => (
        <button
          key={reaction.emoji}
          type="button"
          role="menuitemcheckbox"
          class="menu-item"
          tabIndex={-1}
          aria-checked={me !== undefined && reaction.people.includes(me)}
          aria-disabled={!mayAnswer}
          onClick={() => run(() => void app.messages.react(message, reaction.emoji))}
        >
          <span class="menu-sign">{reaction.emoji}</span>
          <span>{whoReacted(app, reaction)}</span>
        </button>
      ))}
    </div>
  );
}

function itemsFor(
  app: App,
  inHand: Rows,
  row: RowInHand['row'],
  element: HTMLElement,
  mayAnswer: boolean,
): Item[] {
  const { message } = row;
  const { messages, composing, keeping } = app;
  const items: (Item | false)[] = [
    mayAnswer && { label: t('reply'), icon: 'reply', keys: 'R', run: () => composing.reply(message) },
    mayAnswer && { label: t('react'), icon: 'smile', keys: '+', run: () => inHand.pick({ row, element }) },
    message.replyTo !== undefined && {
      label: t('toQuoted'),
      icon: 'up',
      keys: 'Q',
      run: () => inHand.toQuoted(row),
    },
    messages.mayEdit(message) && {
      label: t('edit'),
      icon: 'edit',
      keys: 'E',
      run: () => composing.edit(message),
    },
    !message.deleted && {
      label: t('copyText'),
      icon: 'copy',
      run: () => void messages.copy(message.body, t('textCopied')),
    },
    { label: t('copyLink'), icon: 'link', run: () => void messages.copyLink(message) },
    message.edited !== undefined &&
      !message.deleted && {
        label: t('showEdits'),
        icon: 'clock',
        run: () => (app.dialog.value = { kind: 'revisions', room: message.room, seq: message.seq }),
      },
    keeping.mayPin(message) && {
      label: t(message.pinned ? 'unpin' : 'pin'),
      icon: 'pin',
      keys: 'P',
      run: () => void keeping.pin(message),
    },
    keeping.maySave(message) && {
      label: t(keeping.isSaved(message) ? 'unsave' : 'saveForMe'),
      icon: 'bookmark',
      keys: 'S',
      run: () => void keeping.save(message),
    },
    app.myRoom(message.room) !== undefined && {
      label: t('markUnread'),
      icon: 'unread',
      run: () => void messages.markUnread(message),
    },
    app.me.value !== null && {
      label: t('aboutPerson', { name: row.from.name }),
      icon: 'people',
      run: () => (app.dialog.value = { kind: 'person', person: row.from }),
    },
    mayRemovePreview(app, message) && {
      label: t('removePreview'),
      icon: 'close',
      run: () => void removePreview(app, message),
    },
    messages.mayDelete(message) && {
      label: t('delete'),
      icon: 'trash',
      isDanger: true,
      run: () => void messages.delete(message),
    },
  ];
  return items.filter((item) => item !== false);
}

/** Arrows, Home, End move; Tab leaves and closes. */
function moveInMenu(event: KeyboardEvent, menu: HTMLElement | null): void {
  const items = [...(menu?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])];
  const index = items.indexOf(document.activeElement as HTMLElement);
  const last = items.length - 1;
  const step = stepInLine(event) ?? { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const end = { Home: 0, End: last }[event.key];
  if (event.key === 'Tab') menu?.hidePopover();
  const from = index === -1 && step === -1 ? 0 : index;
  const next = step === undefined ? end : (from + step + items.length) % items.length;
  if (next === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  items[next]?.focus();
}
