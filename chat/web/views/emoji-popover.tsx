import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Settings } from '../app/settings.ts';
import { t } from '../words/words.ts';
import { lazy } from './lazy.tsx';
import { place } from './place-popover.ts';

const EmojiPicker = lazy(async () => (await import('./emoji-picker.tsx')).EmojiPicker);

interface Props {
  settings: Settings;
  /** What it belongs to: it is placed under it, or above. */
  anchor: DOMRect;
  onChoose: (emoji: string) => void;
  onClose: () => void;
}

/** The picker over the page; its code and its emoji are fetched when it is first opened. */
export function EmojiPopover({ settings, anchor, onChoose, onClose }: Props): VNode {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const popover = box.current;
    if (!popover) return;
    popover.showPopover();
    place(popover, anchor.right - popover.offsetWidth, Math.min(anchor.bottom, innerHeight));
  }, []);
  return (
    <div
      ref={box}
      class="emoji-popover"
      popover="auto"
      role="dialog"
      aria-label={t('chooseEmoji')}
      onToggle={(event) => event.newState === 'closed' && onClose()}
    >
      <EmojiPicker
        settings={settings}
        onChoose={(emoji: string) => {
          onChoose(emoji);
          box.current?.hidePopover();
        }}
      />
    </div>
  );
}
