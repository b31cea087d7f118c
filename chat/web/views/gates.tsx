import { useSignal } from '@preact/signals';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { LIMITS } from '../../shared/events.ts';
import type { App } from '../app/app.ts';
import { explain } from '../app/explain.ts';
import { t } from '../words/later.ts';
import { Field, Form } from './dialogs/form.tsx';
import { Mark } from './mark.tsx';
import { NameForm } from './name-form.tsx';
import { DeviceForm, PasskeySignIn, RemovedPasskeys } from './signing-in/later.ts';

/** What has an address of its own before the rooms: signing in, an invite, coming back, and taking over a new chat. */
export function Gate({ app }: { app: App }): VNode {
  const place = app.places.place.value;
  if (place.page === 'invite') return <InviteGate app={app} code={place.code} />;
  if (place.page === 'claim') return <ClaimGate app={app} code={place.code} />;
  if (place.page === 'recover') return <RecoverGate app={app} code={place.code} />;
  if (place.page === 'device') return <DeviceGate app={app} code={place.code} />;
  return <SignInGate app={app} />;
}

function Frame({ title, children }: { title: string; children: ComponentChildren }): VNode {
  return (
    <main class="gate">
      <div class="gate-card">
        <Mark />
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}

function SignInGate({ app }: { app: App }): VNode {
  const name = useSignal('');
  const password = useSignal('');
  return (
    <Frame title={t('signIn')}>
      <Form
        action={t('signIn')}
        submit={async () => {
          const answer = await app.account.signIn({ name: name.value, password: password.value });
          if (!answer.ok) return explain(answer);
          app.becameSomeone(answer.me);
          app.places.go('/');
          return undefined;
        }}
        onCancel={() => app.places.go('/')}
      >
        <Field label={t('name')} value={name} name="username" autocomplete="username webauthn" isFirst />
        <Field
          label={t('password')}
          type="password"
          value={password}
          name="password"
          autocomplete="current-password"
        />
      </Form>
      <PasskeySignIn app={app} />
      <p class="hint">{t('forgotPassword')}</p>
    </Frame>
  );
}

function InviteGate({ app, code }: { app: App; code: string }): VNode {
  const chat = useSignal<string | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  useEffect(() => {
    void app.account.readInvite(code).then((answer) => {
      if (answer.ok) chat.value = answer.chat;
      else problem.value = explain(answer);
    });
  }, [code]);
  const accept = async (name?: string): Promise<string | undefined> => {
    const answer = await app.account.acceptInvite(code, name);
    if (!answer.ok) return explain(answer);
    app.becameSomeone(answer.me);
    if (answer.room === null) app.places.go('/', 'replace');
    else app.places.toRoom(answer.room, null, 'replace');
    return undefined;
  };
  const me = app.me.value;
  if (problem.value !== undefined) return <Nowhere app={app} title={t('inviteGone')} why={problem.value} />;
  if (chat.value === undefined) return <Frame title="…">{null}</Frame>;
  return (
    <Frame title={t('invitedTo', { chat: chat.value })}>
      {me ? (
        <Form action={t('joinAs', { name: me.name })} submit={async () => accept()} />
      ) : (
        <NameForm label={t('yourName')} action={t('join')} initial="" hint={t('noAccount')} submit={accept} />
      )}
    </Frame>
  );
}

/** A link that was used or is too old. */
function Nowhere({ app, title, why }: { app: App; title: string; why: string }): VNode {
  return (
    <Frame title={title}>
      <p>{why}</p>
      <button type="button" class="primary" onClick={() => app.places.go('/')}>
        {t('toTheChat')}
      </button>
    </Frame>
  );
}

/** For who lost their password: the link says who they are. */
function RecoverGate({ app, code }: { app: App; code: string }): VNode {
  const name = useSignal<string | undefined>(undefined);
  const passkeys = useSignal<readonly string[]>([]);
  const problem = useSignal<string | undefined>(undefined);
  const password = useSignal('');
  useEffect(() => {
    void app.account.readRecovery(code).then((answer) => {
      if (answer.ok) {
        name.value = answer.name;
        passkeys.value = answer.passkeys;
      } else problem.value = explain(answer);
    });
  }, [code]);
  if (problem.value !== undefined) return <Nowhere app={app} title={t('recoverGone')} why={problem.value} />;
  if (name.value === undefined) return <Frame title="…">{null}</Frame>;
  return (
    <Frame title={t('recoverTitle', { name: name.value })}>
      <p class="hint">{t('recoverWhat')}</p>
      {passkeys.value.length > 0 && <RemovedPasskeys labels={passkeys.value} />}
      <Form
        action={t('recover')}
        submit={async () => {
          if (password.value.length < LIMITS.passwordMinChars)
            return t('passwordShort', { n: LIMITS.passwordMinChars });
          const answer = await app.account.recover(code, password.value);
          if (!answer.ok) return explain(answer);
          app.becameSomeone(answer.me);
          app.places.go('/', 'replace');
          return undefined;
        }}
      >
        <Field
          label={t('newPassword')}
          type="password"
          name="new-password"
          autocomplete="new-password"
          value={password}
          hint={t('passwordHint', { n: LIMITS.passwordMinChars })}
          maxLength={LIMITS.passwordChars}
          isFirst
        />
      </Form>
    </Frame>
  );
}

/** From another device, on which one is signed in already. */
function DeviceGate({ app, code }: { app: App; code: string }): VNode {
  const name = useSignal<string | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  useEffect(() => {
    void app.account.ask<{ name: string }>('GET', linkPath(code)).then((answer) => {
      if (answer.ok) name.value = answer.name;
      else problem.value = explain(answer);
    });
  }, [code]);
  if (problem.value !== undefined) return <Nowhere app={app} title={t('recoverGone')} why={problem.value} />;
  if (name.value === undefined) return <Frame title="…">{null}</Frame>;
  return (
    <Frame title={t('joinAs', { name: name.value })}>
      <DeviceForm app={app} path={linkPath(code)} name={name.value} />
    </Frame>
  );
}

function linkPath(code: string): string {
  return `/api/device-links/${encodeURIComponent(code)}`;
}

function ClaimGate({ app, code }: { app: App; code: string }): VNode {
  const chat = useSignal('');
  const name = useSignal('');
  const password = useSignal('');
  const me = app.me.value;
  return (
    <Frame title={t('claimTitle')}>
      <p class="hint">{t('claimWhat')}</p>
      <Form
        action={t('claim')}
        submit={async () => {
          const answer = await app.account.claim({
            ...(code !== 'here' && { code }),
            ...(!me && { name: name.value }),
            ...(password.value !== '' && { password: password.value }),
            ...(chat.value.trim() !== '' && { chat: chat.value.trim() }),
          });
          if (!answer.ok) return explain(answer);
          app.becameSomeone(answer.me);
          app.places.go('/', 'replace');
          app.toasts.say(t('claimed'));
          return undefined;
        }}
        onCancel={() => app.places.go('/')}
      >
        <Field label={t('chatName')} value={chat} maxLength={LIMITS.roomNameChars} isFirst />
        {!me && <Field label={t('yourName')} value={name} autocomplete="nickname" />}
        <Field
          label={t('passwordOptional')}
          type="password"
          value={password}
          autocomplete="new-password"
          hint={t('claimPasswordHint')}
        />
      </Form>
    </Frame>
  );
}
