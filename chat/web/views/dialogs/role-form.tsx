import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Person, Role } from '../../../shared/events.ts';
import { rolesToGive } from '../../../shared/roles.ts';
import type { App } from '../../app/app.ts';
import { explain } from '../../app/explain.ts';
import { t, type Key } from '../../words/later.ts';
import { Choice, Form } from './form.tsx';

interface Props {
  app: App;
  person: Person;
  onDone: () => void;
}

const WHAT: Readonly<Record<Role, Key>> = {
  owner: 'ownerWhat',
  admin: 'adminWhat',
  moderator: 'moderatorWhat',
  member: 'memberWhat',
  guest: 'guestWhat',
};

/** Gives somebody another role, or says why I cannot. */
export function RoleForm({ app, person, onDone }: Props): VNode {
  const role = useSignal<Role>(person.role);
  // Somebody else may give them one meanwhile.
  useEffect(() => void (role.value = person.role), [person.role]);
  const me = app.me.value;
  const roles = me ? rolesToGive(me.role, person) : [];
  if (person.id === me?.id) return <p class="hint">{t('roleMine')}</p>;
  if (roles.length === 0) return <p class="hint">{t('roleAbove', { role: t(person.role) })}</p>;
  const give = async (): Promise<string | undefined> => {
    if (role.value === person.role) return undefined;
    const answer = await app.ask('give role', { person: person.id, role: role.value });
    if (!answer.ok) return explain(answer);
    app.people.learn([answer.person]);
    app.toasts.say(t('newRoleOf', { name: answer.person.name, role: t(answer.person.role) }));
    return undefined;
  };
  return (
    <Form action={t('save')} submit={give} onDone={onDone}>
      <Choice<Role>
        label={t('role')}
        name="role"
        isColumn
        value={role.value}
        onChange={(value) => (role.value = value)}
        options={roles.map((value) => ({ value, label: t(value), hint: t(WHAT[value]) }))}
      />
    </Form>
  );
}
