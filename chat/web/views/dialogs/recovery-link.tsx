import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import type { Person } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { explain } from '../../app/explain.ts';
import { t } from '../../words/later.ts';
import { Form } from './form.tsx';
import { LinkToGive } from './link-to-give.tsx';

/** A link for somebody who cannot sign in any more. */
export function RecoveryLink({ app, person }: { app: App; person: Person }): VNode {
  const link = useSignal<string | undefined>(undefined);
  const make = async (): Promise<string | undefined> => {
    const answer = await app.ask('recover', { id: person.id });
    if (!answer.ok) return explain(answer);
    link.value = new URL(`/recover/${answer.code}`, location.href).href;
    return undefined;
  };
  return (
    <details class="block">
      <summary>{t('cannotSignIn', { name: person.name })}</summary>
      {link.value === undefined ? (
        <Form action={t('makeLink')} submit={make}>
          <p class="hint">{t('recoveryWhat', { name: person.name })}</p>
        </Form>
      ) : (
        <LinkToGive app={app} label={t('recoveryLink')} link={link.value}>
          <p>{t('recoveryOnce', { name: person.name })}</p>
        </LinkToGive>
      )}
    </details>
  );
}
