import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { App } from '../app.ts';
import { DayRow } from './day-row.tsx';
import { MessageRow } from './message-row.tsx';
import { NewestPill } from './newest-pill.tsx';
import { ScrollKeeper } from './scroll-keeper.ts';

/** Pages are fetched when their end is this near. */
const PREFETCH_MARGIN = '150% 0px';

export function MessageList({ app }: { app: App }): VNode {
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const top = useRef<HTMLDivElement>(null);
  const bottom = useRef<HTMLDivElement>(null);
  const keeper = useRef<ScrollKeeper>(null);
  const rows = app.rows.value;
  const hasOlder = app.hasOlder.value;
  const hasNewer = app.hasNewer.value;

  // The place must be known before the rows change, and rendering is the last moment before that.
  keeper.current?.remember();

  useLayoutEffect(() => {
    const element = box.current;
    const inner = list.current;
    if (!element || !inner) return undefined;
    const keep = new ScrollKeeper(element, inner);
    keeper.current = keep;
    // The keyboard of a phone, a turned screen, a longer composer: the place stays.
    const resize = new ResizeObserver(() => keep.restore(app.isFollowing.peek()));
    resize.observe(element);
    resize.observe(inner);
    return () => resize.disconnect();
  }, [app]);

  useLayoutEffect(() => keeper.current?.restore(app.isFollowing.peek()), [app, rows]);

  // Observed anew after each page: an end that is still near tells so again.
  useEffect(() => {
    const ends = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) {
          if (!isIntersecting) continue;
          if (target === top.current) app.showOlder();
          else if (!app.isFollowing.peek()) app.showNewer();
        }
      },
      { root: box.current, rootMargin: PREFETCH_MARGIN },
    );
    if (hasOlder && top.current) ends.observe(top.current);
    if (hasNewer && bottom.current) ends.observe(bottom.current);
    return () => ends.disconnect();
  }, [app, rows, hasOlder, hasNewer]);

  return (
    <div class="log-frame">
      <div
        class="log"
        role="log"
        aria-live="off"
        aria-label={`Messages in ${app.roomName.value}`}
        tabIndex={0}
        ref={box}
        onScroll={() => {
          const keep = keeper.current;
          if (keep?.isByPerson()) app.scrolled(keep.distanceToEnd);
        }}
        onKeyDown={(event) => {
          if (event.key === 'End') app.newest();
        }}
      >
        <div class="log-start" ref={top}>
          {!hasOlder && <Start app={app} />}
        </div>
        <ol class="rows" ref={list}>
          {rows.map((row) =>
            row.kind === 'day' ? (
              <DayRow key={row.key} app={app} at={row.at} />
            ) : (
              <MessageRow key={row.key} app={app} row={row} />
            ),
          )}
        </ol>
        <div ref={bottom} />
      </div>
      <NewestPill app={app} />
    </div>
  );
}

function Start({ app }: { app: App }): VNode | null {
  if (!app.hasEntered.value) return null;
  const isEmpty = app.rows.value.length === 0;
  return (
    <p class={isEmpty ? 'start is-empty' : 'start'}>
      {isEmpty
        ? `Nothing has been said in ${app.roomName.value} yet. The first word is yours.`
        : `This is where ${app.roomName.value} begins.`}
    </p>
  );
}
