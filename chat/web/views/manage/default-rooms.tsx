import { useSignal, type Signal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { DEFAULT_ROOM, type ListedRoom } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { explain } from '../../app/explain.ts';
import { t } from '../../words/later.ts';

interface Props {
  app: App;
  /** The short names of those that are chosen; undefined until something was. */
  chosen: Signal<readonly string[] | undefined>;
}

/** Which public rooms newcomers are in. The first one always is. */
export function DefaultRooms({ app, chosen }: Props): VNode {
  const rooms = useSignal<readonly ListedRoom[]>([]);
  const hasMore = useSignal(false);
  const problem = useSignal<string | undefined>(undefined);
  const load = async (): Promise<void> => {
    const after = rooms.value.at(-1)?.slug;
    const answer = await app.ask('rooms', after === undefined ? {} : { after });
    problem.value = answer.ok ? undefined : explain(answer);
    if (!answer.ok) return;
    rooms.value = [...rooms.value, ...answer.rooms];
    hasMore.value = answer.more;
  };
  // All pages: a chosen room on a page that was not read would be dropped when one saves.
  useEffect(() => {
    if (rooms.value.length === 0 || hasMore.value) void load();
  }, [rooms.value]);
  const isChosen = ({ slug, isDefault }: ListedRoom): boolean =>
    slug === DEFAULT_ROOM || (chosen.value?.includes(slug) ?? isDefault);
  const choose = (room: ListedRoom): void => {
    const now = rooms.value.filter((one) => (one === room ? !isChosen(one) : isChosen(one)));
    chosen.value = now.map(({ slug }) => slug).filter((slug) => slug !== DEFAULT_ROOM);
  };
  return (
    <fieldset class="choice">
      <legend>{t('defaultRooms')}</legend>
      <p class="hint">{t('defaultRoomsWhat')}</p>
      <p class="problem" role="alert">
        {problem.value}
      </p>
      <div class="choice-options is-column default-rooms">
        {rooms.value.map((room) => (
          <label key={room.slug} class="choice-option">
            <input
              type="checkbox"
              checked={isChosen(room)}
              disabled={room.slug === DEFAULT_ROOM || hasMore.value}
              onChange={() => choose(room)}
            />
            <bdi>{room.name}</bdi>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
