import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { PasskeyInfo, Passkeys } from '../../../shared/events.ts';
import { PASSKEY_LABEL_CHARS } from '../../../shared/passkeys.ts';
import type { App } from '../../app/app.ts';
import { explain } from '../../app/explain.ts';
import { t } from '../../words/later.ts';
import { Field, Form } from '../dialogs/form.tsx';
import { formatAgo } from '../times.ts';

interface Props {
  app: App;
  passkey: PasskeyInfo;
  /** The only way back: it cannot be removed. */
  isLast: boolean;
  onChange: (changed: Passkeys) => void;
}

/** One passkey, its name, and its end, which is asked twice. */
export function PasskeyLine({ app, passkey, isLast, onChange }: Props): VNode {
  const { id, label, created, used } = passkey;
  const doing = useSignal<'rename' | 'remove' | 'nothing' | undefined>(undefined);
  const name = useSignal(label);
  const wayOut = useRef<HTMLButtonElement>(null);
  const field = useRef<HTMLDivElement>(null);
  const path = `/api/passkeys/${id}`;
  useEffect(() => {
    if (doing.value === 'rename') field.current?.querySelector('input')?.select();
    else if (doing.value !== undefined) wayOut.current?.focus();
  }, [doing.value]);
  const rename = async (): Promise<string | undefined> => {
    const answer = await app.account.ask<Passkeys>('POST', path, { label: name.value });
    if (!answer.ok) return explain(answer);
    onChange(answer);
    doing.value = 'nothing';
    return undefined;
  };
  const remove = async (): Promise<void> => {
    const answer = await app.account.ask<Passkeys>('DELETE', path);
    if (!answer.ok) {
      app.toasts.trouble(explain(answer));
      return;
    }
    onChange(answer);
    app.toasts.say(t('passkeyRemoved', { label }));
    forget(id);
  };
  if (doing.value === 'rename') {
    return (
      <li class="line">
        <div class="line-text" ref={field}>
          <Form action={t('save')} submit={rename} onCancel={() => (doing.value = 'nothing')}>
            <Field label={t('passkeyName')} value={name} maxLength={PASSKEY_LABEL_CHARS} />
          </Form>
        </div>
      </li>
    );
  }
  if (doing.value === 'remove') {
    return (
      <li class="line">
        <div class="line-text">
          <p>{isLast ? t('lastPasskey') : t('removePasskey', { label })}</p>
          <div class="form-actions">
            <button type="button" class="plain" ref={wayOut} onClick={() => (doing.value = 'nothing')}>
              {isLast ? t('close') : t('cancel')}
            </button>
            {!isLast && (
              <button type="button" class="plain is-danger" onClick={() => void remove()}>
                {t('remove')}
                <span class="unseen-text"> {label}</span>
              </button>
            )}
          </div>
        </div>
      </li>
    );
  }
  return (
    <li class="line may-wrap">
      <div class="line-text">
        <p class="card-title">
          <bdi>{label}</bdi>
        </p>
        <p class="hint">
          {t('added', { when: formatAgo(created, Date.now()) })} ·{' '}
          {used === null ? t('neverUsed') : t('lastUsed', { when: formatAgo(used, Date.now()) })}
        </p>
      </div>
      <button
        type="button"
        class="plain"
        onClick={() => {
          name.value = label;
          doing.value = 'rename';
        }}
      >
        {t('rename')}
        <span class="unseen-text"> {label}</span>
      </button>
      <button type="button" class="plain is-danger" ref={wayOut} onClick={() => (doing.value = 'remove')}>
        {t('remove')}
        <span class="unseen-text"> {label}</span>
      </button>
    </li>
  );
}

/** The authenticator need not offer it any more, where the browser can tell it that. */
function forget(credentialId: string): void {
  const { signalUnknownCredential } = PublicKeyCredential as {
    signalUnknownCredential?: (which: { rpId: string; credentialId: string }) => Promise<void>;
  };
  void signalUnknownCredential
    ?.call(PublicKeyCredential, { rpId: location.hostname, credentialId })
    .catch(() => undefined);
}
