import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Answer, DeviceLinkInfo, Me, SessionInfo } from '../../../shared/events.ts';
import { canComeBack } from '../../../shared/come-back.ts';
import type { App } from '../../app/app.ts';
import { explain } from '../../app/explain.ts';
import { t } from '../../words/later.ts';
import { describeAgent } from '../describe-agent.ts';
import { Form } from '../dialogs/form.tsx';
import { LinkToGive } from '../dialogs/link-to-give.tsx';

export { QrCode } from './qr-code.tsx';

const TICK_MS = 1_000;
const LOOK_EVERY_TICKS = 2;

interface Props {
  app: App;
  /** Where I am signed in, as far as it is known. */
  known: readonly SessionInfo[];
  onSessions: (answer: Answer<{ sessions: SessionInfo[] }>) => void;
}

/** A link that signs me in on another device. While it is shown, one looks whether it was used. */
export function DeviceLink({ app, known, onSessions }: Props): VNode {
  const link = useSignal<{ url: string; origin: string | undefined; until: number } | undefined>(undefined);
  const seconds = useSignal(0);
  const result = useSignal('');
  const problem = useSignal<string | undefined>(undefined);
  const section = useRef<HTMLElement>(null);

  const make = async (): Promise<void> => {
    problem.value = undefined;
    result.value = '';
    const answer = await app.account.ask<DeviceLinkInfo>('POST', '/api/device-links', {});
    if (!answer.ok) {
      problem.value = answer.code === 'not allowed' ? t('nowhere', { host: location.host }) : explain(answer);
      return;
    }
    const { code, lastsMs, origin } = answer;
    const url = new URL(`/device/${code}`, origin ?? location.href).href;
    seconds.value = Math.round(lastsMs / TICK_MS);
    link.value = { url, origin, until: Date.now() + lastsMs };
  };

  const look = async (before: ReadonlySet<number>): Promise<void> => {
    const answer = await app.account.sessions();
    const another = answer.ok && answer.sessions.find(({ id }) => !before.has(id));
    if (!another || !link.value) return;
    end(t('signedInOn', { device: describeAgent(another.agent) }));
    onSessions(answer);
  };

  /** The link goes, and the focus does not go with it. */
  const end = (why: string): void => {
    const hasFocus = section.current?.contains(document.activeElement) === true;
    link.value = undefined;
    result.value = why;
    if (hasFocus) requestAnimationFrame(() => section.current?.querySelector('button')?.focus());
  };

  const until = link.value?.until;
  useEffect(() => {
    if (until === undefined) return undefined;
    section.current?.querySelector('input')?.focus();
    const before = new Set(known.map(({ id }) => id));
    let ticks = 0;
    const timer = setInterval(() => {
      seconds.value = Math.max(0, Math.ceil((until - Date.now()) / TICK_MS));
      ticks += 1;
      if (ticks % LOOK_EVERY_TICKS === 0) void look(before);
      if (seconds.value > 0) return;
      end(t('codeOver'));
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [until]);

  return (
    <section class="block" aria-labelledby="device-title" ref={section}>
      <h3 id="device-title">{t('otherDevice')}</h3>
      {link.value ? (
        <LinkToGive app={app} label={t('deviceLink')} link={link.value.url} hasCode>
          <p>{t('scanCode')}</p>
          {link.value.origin !== undefined && (
            <p class="hint">{t('onNetwork', { origin: link.value.origin })}</p>
          )}
          <p class="hint">{t('secondsLeft', { n: seconds.value })}</p>
        </LinkToGive>
      ) : (
        <>
          <p class="hint">{t('otherDeviceWhat')}</p>
          <div class="form-actions">
            <button type="button" class="secondary" onClick={() => void make()}>
              {t('showCode')}
            </button>
          </div>
        </>
      )}
      <p role="status">{result.value}</p>
      <p class="problem" role="alert">
        {problem.value}
      </p>
    </section>
  );
}

/** On the other device: opening the link changes nothing, the button does. */
export function DeviceForm({ app, path, name }: { app: App; path: string; name: string }): VNode {
  const me = app.me.value;
  if (me?.name === name) {
    return (
      <>
        <p>{t('alreadyHere', { name })}</p>
        <button type="button" class="primary" onClick={() => app.places.go('/', 'replace')}>
          {t('toTheChat')}
        </button>
      </>
    );
  }
  return (
    <>
      <p>{t('deviceWhat', { name })}</p>
      {me && (
        <p>
          {t('insteadOf', { name: me.name })} {!canComeBack(me) && t('lostInstead', { name: me.name })}
        </p>
      )}
      <Form
        action={t('signInHere')}
        submit={async () => {
          const answer = await app.account.ask<{ me: Me }>('POST', path, {});
          if (!answer.ok) return explain(answer);
          app.becameSomeone(answer.me);
          app.places.go('/', 'replace');
          return undefined;
        }}
      />
    </>
  );
}
