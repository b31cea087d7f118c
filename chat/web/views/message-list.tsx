import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { App } from '../app/app.ts';
import type { Conversation } from '../app/conversation.ts';
import { t } from '../words/words.ts';
import { DayRow, DividerRow } from './day-row.tsx';
import { lazy } from './lazy.tsx';
import { MessageRow } from './message-row.tsx';
import { NewestPill } from './newest-pill.tsx';
import { nameOf } from './room-name.ts';
import { RowTools } from './row-tools.tsx';
import { Rows } from './rows-in-hand.ts';
import { RoomStart } from './room-start.tsx';
import { ScrollKeeper } from './scroll-keeper.ts';
import { SystemRow } from './system-row.tsx';

const RowMenu = lazy(async () => (await import('./row-menu.tsx')).RowMenu);

/** Pages are fetched when their end is this near. */
const PREFETCH_MARGIN = '150% 0px';

interface Props {
  app: App;
  conversation: Conversation;
}

export function MessageList({ app, conversation }: Props): VNode {
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const keeper = useRef<ScrollKeeper>(null);
  const inHand = useMemo(() => new Rows(app, conversation), [app, conversation]);
  const rows = conversation.rows.value;
  const aim = conversation.aim.value;

  // The place must be known before the rows change, and rendering is the last moment before that.
  keeper.current?.remember();

  useLayoutEffect(() => {
    if (!box.current || !list.current) return undefined;
    const keep = new ScrollKeeper(box.current, list.current);
    keeper.current = keep;
    inHand.mount(box.current, list.current);
    // The keyboard of a phone, a turned screen, a longer composer: the place stays.
    const resize = new ResizeObserver(() => keep.restore(conversation.isFollowing.peek()));
    resize.observe(box.current);
    resize.observe(list.current);
    return () => resize.disconnect();
  }, [conversation, inHand]);

  useLayoutEffect(() => {
    const keep = keeper.current;
    if (!keep || !list.current) return;
    if (!takeAim(conversation, keep, list.current)) keep.restore(conversation.isFollowing.peek());
    inHand.rowsChanged();
    look(conversation, keep);
  }, [conversation, inHand, rows, aim]);

  // Whether anybody looks.
  useEffect(() => {
    const again = (): void => {
      if (keeper.current) look(conversation, keeper.current);
    };
    const events = ['focus', 'blur'] as const;
    for (const event of events) window.addEventListener(event, again);
    document.addEventListener('visibilitychange', again);
    return () => {
      for (const event of events) window.removeEventListener(event, again);
      document.removeEventListener('visibilitychange', again);
    };
  }, [conversation]);

  const top = useEnd(box, conversation.hasOlder.value, rows[0]?.key, () => conversation.showOlder());
  const bottom = useEnd(box, conversation.hasNewer.value, rows.at(-1)?.key, () => {
    if (!conversation.isFollowing.peek()) conversation.showNewer();
  });

  return (
    <div class="log-frame">
      <div
        class="log"
        role="log"
        aria-live="off"
        aria-label={t('messagesIn', { room: nameOf(app, conversation.room.value) })}
        data-region="messages"
        tabIndex={-1}
        ref={box}
        onScroll={() => {
          const keep = keeper.current;
          if (!keep) return;
          if (keep.isByPerson()) conversation.scrolled(keep.distanceToEnd);
          look(conversation, keep);
        }}
        onKeyDown={(event) => inHand.keyDown(event)}
        onFocusIn={(event) => inHand.focusIn(event)}
        onFocusOut={() => inHand.focusOut()}
        onPointerOver={(event) => inHand.pointerOver(event)}
        onPointerLeave={() => inHand.pointerLeft()}
        onContextMenu={(event) => inHand.contextMenu(event)}
      >
        <div class="log-start" ref={top} />
        <div class="rows-frame" hidden={rows.length === 0 && !conversation.hasEntered.value}>
          <ol class="rows" ref={list}>
            {/* In the list: above it, it would count as pushing down what stays where it is. */}
            {!conversation.hasOlder.value && <RoomStart app={app} conversation={conversation} />}
            {rows.map((row, index) => {
              if (row.kind === 'day') {
                // Another element when the start comes above it, as if it had never been elsewhere.
                const key = index === 0 && !conversation.hasOlder.value ? 'first day' : row.key;
                return <DayRow key={key} app={app} at={row.at} />;
              }
              if (row.kind === 'divider') return <DividerRow key={row.key} />;
              if (row.kind === 'system') return <SystemRow key={row.key} app={app} row={row} />;
              return <MessageRow key={row.key} app={app} row={row} />;
            })}
          </ol>
          <RowTools app={app} inHand={inHand} />
        </div>
        <div ref={bottom} />
      </div>
      <NewestPill conversation={conversation} />
      <MenuOfRow app={app} inHand={inHand} />
    </div>
  );
}

/** By itself: the rows are not drawn again for it. */
function MenuOfRow({ app, inHand }: { app: App; inHand: Rows }): VNode | null {
  return inHand.menu.value || inHand.picking.value ? <RowMenu app={app} inHand={inHand} /> : null;
}

/** Calls when the end of the list is near. Observed anew after each page: an end that is still near tells so again. */
function useEnd(
  box: { current: HTMLElement | null },
  isOpen: boolean,
  key: string | undefined,
  near: () => void,
): { current: HTMLDivElement | null } {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOpen || !end.current) return undefined;
    const watch = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) near();
      },
      { root: box.current, rootMargin: PREFETCH_MARGIN },
    );
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [isOpen, key]);
  return end;
}

/** Moves the list to where the conversation wants it, once the row is there. Returns whether it did. */
function takeAim(conversation: Conversation, keep: ScrollKeeper, list: HTMLElement): boolean {
  const aim = conversation.aim.peek();
  if (aim === null) return false;
  if (list.childElementCount === 0) return false;
  if (aim.kind === 'end') {
    keep.toEnd();
  } else if (aim.kind === 'divider') {
    const divider = list.querySelector('.divider');
    keep.toEnd();
    // More than one screen is unread: begin at its beginning.
    if (
      divider &&
      divider.getBoundingClientRect().top <
        (list.parentElement?.parentElement?.getBoundingClientRect().top ?? 0)
    ) {
      conversation.stopFollowing();
      keep.stand(divider, 56);
    }
  } else {
    const seq = aim.kind === 'stand' ? aim.at.seq : aim.seq;
    const row = list.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
    if (!row) return false;
    if (aim.kind === 'stand') keep.stand(row, aim.at.top);
    else keep.centre(row);
    if (aim.kind === 'seq' && aim.marks) mark(row);
  }
  conversation.aim.value = null;
  return true;
}

/** Shows which one it is, for a moment. */
function mark(row: HTMLElement): void {
  row.classList.remove('is-marked');
  row.addEventListener('animationend', () => row.classList.remove('is-marked'), { once: true });
  requestAnimationFrame(() => row.classList.add('is-marked'));
  row.focus({ preventScroll: true });
}

function look(conversation: Conversation, keep: ScrollKeeper): void {
  const isLookedAt = document.visibilityState === 'visible' && document.hasFocus();
  conversation.standpoint = keep.standpoint;
  conversation.see(isLookedAt ? keep.lastSeen : null);
}
