import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { LIMITS } from '../../shared/events.ts';
import type { App } from '../app/app.ts';
import { t } from '../words/later.ts';
import { Hit } from './hit.tsx';
import { Icon } from './icon.tsx';
import { PanelFrame } from './panel.tsx';

/** What the room keeps at hand, the last pinned first. */
export function PinsPanel({ app }: { app: App }): VNode {
  const { keeping } = app;
  const slug = app.conversation.value?.slug;
  useEffect(() => {
    if (slug !== undefined) void keeping.showPins(slug);
  }, [keeping, slug]);
  const hasCome = keeping.pinsOf.value === slug;
  const pins = hasCome ? keeping.pins.value : [];
  return (
    <PanelFrame app={app} title={t('pins')}>
      {hasCome && pins.length === 0 && (
        <div class="panel-empty">
          <p>{t('noPins')}</p>
          <p class="hint">{t('noPinsHint')}</p>
        </div>
      )}
      <ol class="hits">
        {pins.map((message) => (
          <li key={message.seq} class="kept">
            <Hit
              app={app}
              message={message}
              isOfRoom
              onGo={() => app.places.toRoom(message.room, message.seq)}
            />
            {keeping.mayPin(message) && (
              <button
                type="button"
                class="icon-button is-small"
                aria-label={`${t('unpin')}: ${message.from.name}`}
                title={t('unpin')}
                onClick={() => void keeping.pin(message)}
              >
                <Icon name="close" />
              </button>
            )}
          </li>
        ))}
      </ol>
      {pins.length >= LIMITS.pinsPerRoom && <p class="hint">{t('pinsFull', { n: LIMITS.pinsPerRoom })}</p>}
    </PanelFrame>
  );
}
