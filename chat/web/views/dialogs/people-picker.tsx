import { useSignal, type Signal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useId } from 'preact/hooks';
import type { Person } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { t } from '../../words/later.ts';
import { Avatar, Badge } from '../avatar.tsx';
import { Icon } from '../icon.tsx';

interface Props {
  app: App;
  chosen: Signal<readonly Person[]>;
  most: number;
  label?: string;
}

/** People by the beginnings of their names; those who are chosen stand above as chips. */
export function PeoplePicker({ app, chosen, most, label }: Props): VNode {
  const id = useId();
  const like = useSignal('');
  const found = useSignal<readonly Person[]>([]);
  const typed = like.value.trim();
  useEffect(() => {
    let isCurrent = true;
    void app.ask('people', typed === '' ? {} : { like: typed }).then((answer) => {
      if (isCurrent && answer.ok) found.value = answer.people;
    });
    return () => {
      isCurrent = false;
    };
  }, [typed]);
  const me = app.me.value?.id;
  const isChosen = (person: Person): boolean => chosen.value.some((one) => one.id === person.id);
  const toggle = (person: Person): void => {
    if (isChosen(person)) chosen.value = chosen.value.filter((one) => one.id !== person.id);
    else chosen.value = most === 1 ? [person] : [...chosen.value, person].slice(0, most);
  };
  const offered = found.value.filter((person) => person.id !== me && !person.bot);
  return (
    <div class="picker">
      {chosen.value.length > 0 && (
        <ul class="chips" aria-label={t('chosen')}>
          {chosen.value.map((person) => (
            <li key={person.id}>
              <button
                type="button"
                class="chip"
                aria-label={t('removePerson', { name: person.name })}
                onClick={() => toggle(person)}
              >
                <bdi>{person.name}</bdi>
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <label for={id}>{label ?? (most === 1 ? t('whoOne') : t('whoMany'))}</label>
      <input
        id={id}
        class="field"
        type="text"
        dir="auto"
        autocomplete="off"
        data-autofocus
        placeholder={t('typeName')}
        value={like.value}
        onInput={(event) => (like.value = event.currentTarget.value)}
      />
      <ul class="picker-list" aria-label={t('people')}>
        {offered.map((person) => (
          <li key={person.id}>
            <button
              type="button"
              class="picker-person"
              aria-pressed={isChosen(person)}
              onClick={() => toggle(person)}
            >
              <Avatar person={person} isOnline={app.online.value.has(person.id)} />
              <bdi>{person.name}</bdi>
              <Badge person={person} />
              {isChosen(person) && <Icon name="check" />}
            </button>
          </li>
        ))}
        {offered.length === 0 && <li class="hint">{typed === '' ? t('nobodyElse') : t('nobodyLike')}</li>}
      </ul>
    </div>
  );
}
