import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useId } from 'preact/hooks';
import type { MyRoom, Person } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { t } from '../../words/later.ts';
import { Avatar } from '../avatar.tsx';
import { RoomSign } from '../room-link.tsx';
import { nameOf } from '../room-name.ts';
import { closeDialog, Modal } from './modal.tsx';

type Target =
  | { readonly kind: 'room'; readonly key: string; readonly room: MyRoom }
  | { readonly kind: 'person'; readonly key: string; readonly person: Person };

const MOST = 8;

/** To any room or person by a few letters. */
export function Switcher({ app }: { app: App }): VNode {
  const id = useId();
  const typed = useSignal('');
  const people = useSignal<readonly Person[]>([]);
  const at = useSignal(0);
  const like = typed.value.trim();
  useEffect(() => {
    if (like === '') {
      people.value = [];
      return;
    }
    void app.ask('people', { like, limit: MOST }).then((answer) => {
      if (answer.ok && typed.peek().trim() === like) people.value = answer.people;
    });
  }, [like]);

  const targets = findTargets(app, like, people.value);
  const index = Math.min(at.value, targets.length - 1);
  const choose = (target: Target | undefined): void => {
    if (!target) return;
    closeDialog(app);
    if (target.kind === 'room') app.places.toRoom(target.room.slug);
    else
      void app.roomActions.direct([target.person.id]).then((problem) => {
        if (problem !== undefined) app.toasts.trouble(problem);
      });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) at.value = (index + step + targets.length) % Math.max(1, targets.length);
    else if (event.key === 'Enter') choose(targets[index]);
    else return;
    event.preventDefault();
  };

  return (
    <Modal app={app} title={t('jumpTo')} hidesTitle>
      <input
        class="switcher-field"
        type="text"
        dir="auto"
        role="combobox"
        aria-label={t('jumpTo')}
        aria-expanded="true"
        aria-controls={`${id}list`}
        aria-activedescendant={targets.length > 0 ? `${id}${index}` : undefined}
        autocomplete="off"
        data-autofocus
        placeholder={t('switcherHint')}
        value={typed.value}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
          at.value = 0;
        }}
        onKeyDown={onKeyDown}
      />
      <ul class="switcher-list" id={`${id}list`} role="listbox" aria-label={t('rooms')}>
        {targets.map((target, place) => (
          <li
            key={target.key}
            id={`${id}${place}`}
            role="option"
            aria-selected={place === index}
            class="switcher-option"
            onMouseMove={() => (at.value = place)}
            onClick={() => choose(target)}
          >
            {target.kind === 'room' ? (
              <>
                <RoomSign app={app} room={target.room} />
                <span dir="auto">{nameOf(app, target.room)}</span>
                {target.room.unread > 0 && <span class="count-badge is-quiet">{target.room.unread}</span>}
              </>
            ) : (
              <>
                <Avatar person={target.person} isOnline={app.online.value.has(target.person.id)} />
                <bdi>{target.person.name}</bdi>
              </>
            )}
          </li>
        ))}
      </ul>
      {targets.length === 0 && <p class="hint switcher-none">{t('nothingLike', { what: like })}</p>}
    </Modal>
  );
}

/** Rooms that have the letters: first where a word begins so, then where they stand at all; unread ones before others. */
function findTargets(app: App, like: string, people: readonly Person[]): Target[] {
  const letters = fold(like);
  const rooms = app.rooms.value
    .map((room) => ({ room, rank: rankOf(fold(nameOf(app, room)), letters) }))
    .filter(({ rank }) => rank < 3)
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        b.room.mentions - a.room.mentions ||
        Number(b.room.unread > 0) - Number(a.room.unread > 0) ||
        b.room.at - a.room.at,
    )
    .map(({ room }): Target => ({ kind: 'room', key: room.slug, room }));
  const talkedTo = new Set(
    app.rooms.value
      .filter(({ kind }) => kind === 'dm')
      .flatMap((room) => room.people?.map(({ id }) => id) ?? []),
  );
  const others = people
    .filter(({ id, bot }) => id !== app.me.value?.id && !talkedTo.has(id) && !bot)
    .map((person): Target => ({ kind: 'person', key: `person:${person.id}`, person }));
  return [...rooms, ...others].slice(0, MOST);
}

function rankOf(name: string, letters: string): number {
  if (letters === '' || name.startsWith(letters)) return 0;
  if (name.includes(` ${letters}`)) return 1;
  return name.includes(letters) ? 2 : 3;
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}
