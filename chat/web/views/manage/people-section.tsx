import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { LIMITS, type Person } from '../../../shared/events.ts';
import { ROLES } from '../../../shared/roles.ts';
import type { App } from '../../app/app.ts';
import { explain } from '../../app/explain.ts';
import { t } from '../../words/later.ts';
import { Avatar } from '../avatar.tsx';
import { RoleForm } from '../dialogs/role-form.tsx';

/** Everybody, those with the most power first; under a name what that person is. */
export function PeopleSection({ app }: { app: App }): VNode {
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const like = useSignal('');
  const found = useSignal<readonly Person[]>([]);
  const problem = useSignal<string | undefined>(undefined);
  const open = useSignal<number | undefined>(undefined);
  const typed = like.value.trim();
  useEffect(() => {
    let isCurrent = true;
    void app.ask('people', typed === '' ? {} : { like: typed }).then((answer) => {
      if (!isCurrent) return;
      problem.value = answer.ok ? undefined : explain(answer);
      if (!answer.ok) return;
      app.people.learn(answer.people);
      found.value = answer.people;
    });
    return () => {
      isCurrent = false;
    };
  }, [typed]);
  useEffect(() => {
    list.current?.querySelector('[aria-expanded=true]')?.parentElement?.scrollIntoView({ block: 'nearest' });
  }, [open.value]);
  // Read so that a new name or role is drawn.
  void app.rooms.value;
  const people = found.value.map((person) => app.people.current(person)).sort(byPower);
  return (
    <div class="people">
      <label class="unseen-text" for={id}>
        {t('typeName')}
      </label>
      <input
        id={id}
        class="field"
        type="text"
        dir="auto"
        autocomplete="off"
        placeholder={t('typeName')}
        value={like.value}
        onInput={(event) => (like.value = event.currentTarget.value)}
      />
      <p class="problem" role="alert">
        {problem.value}
      </p>
      <ul class="lines" aria-label={t('people')} ref={list}>
        {people.map((person) => (
          <li key={person.id} class="person-line">
            <button
              type="button"
              class="person-button"
              aria-expanded={open.value === person.id}
              onClick={() => (open.value = open.value === person.id ? undefined : person.id)}
            >
              <Avatar person={person} isOnline={app.online.value.has(person.id)} />
              <bdi>{person.name}</bdi>
              <span class="hint">
                {person.bot && `${t('bot')}, `}
                {t(person.role)}
              </span>
            </button>
            {open.value === person.id && (
              <RoleForm app={app} person={person} onDone={() => (open.value = undefined)} />
            )}
          </li>
        ))}
      </ul>
      {people.length === 0 && typed !== '' && <p class="hint">{t('nobodyLike')}</p>}
      {people.length === LIMITS.maxListSize && <p class="hint">{t('firstOnly', { n: people.length })}</p>}
    </div>
  );
}

function byPower(a: Person, b: Person): number {
  return ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || a.name.localeCompare(b.name);
}
