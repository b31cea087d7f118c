import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import type { QuietHours } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { desktopState, showNotice, type DesktopState } from '../../app/desktop.ts';
import { explain } from '../../app/explain.ts';
import type { Reach } from '../../app/settings.ts';
import { playTone } from '../../app/tone.ts';
import { fromTimeOfDay, toTimeOfDay } from '../../core/quiet-hours.ts';
import { t, type Key } from '../../words/later.ts';
import { Choice } from './form.tsx';

type Switch = 'on' | 'off';

/** What is told of, and how, while one looks elsewhere. */
export function NoticesSection({ app }: { app: App }): VNode {
  const { settings } = app;
  return (
    <div class="form">
      <Choice<Reach>
        label={t('tellOf')}
        name="reach"
        value={settings.reach.value}
        onChange={(reach) => settings.setReach(reach)}
        options={[
          { value: 'personal', label: t('tellPersonal') },
          { value: 'all', label: t('tellAll') },
          { value: 'none', label: t('tellNone') },
        ]}
      />
      <Choice<Switch>
        label={t('sound')}
        name="sound"
        value={settings.sound.value ? 'on' : 'off'}
        onChange={(value) => {
          settings.setSound(value === 'on');
          if (value === 'on') void playTone();
        }}
        options={onOrOff()}
      />
      <Desktop settings={settings} />
      <Quiet app={app} />
    </div>
  );
}

const WHY_NOT: Readonly<Partial<Record<DesktopState, Key>>> = {
  denied: 'desktopDenied',
  'needs https': 'desktopNeedsHttps',
  'unknown here': 'desktopUnknown',
};

/** Browsers are asked by a press of this button only. */
function Desktop({ settings }: { settings: App['settings'] }): VNode {
  const state = useSignal(desktopState());
  const turn = (on: boolean): void => {
    const isShown = on && example();
    // It was allowed, and cannot be done all the same.
    if (on && !isShown) state.value = 'unknown here';
    settings.setDesktop(isShown);
  };
  const askBrowser = async (): Promise<void> => {
    await Notification.requestPermission();
    state.value = desktopState();
    if (state.value === 'allowed') turn(true);
  };
  const whyNot = WHY_NOT[state.value];
  if (state.value === 'allowed') {
    return (
      <Choice<Switch>
        label={t('desktopNotices')}
        name="desktop"
        value={settings.desktop.value ? 'on' : 'off'}
        onChange={(value) => turn(value === 'on')}
        options={onOrOff()}
      />
    );
  }
  return (
    <section aria-labelledby="desktop-title">
      <h3 id="desktop-title" class="form-title">
        {t('desktopNotices')}
      </h3>
      <p class="hint" role="status">
        {whyNot ? t(whyNot) : t('desktopAllowWhat')}
      </p>
      {!whyNot && (
        <div class="form-actions">
          <button type="button" class="secondary" onClick={() => void askBrowser()}>
            {t('desktopAllow')}
          </button>
        </div>
      )}
    </section>
  );
}

const NIGHT = { from: 22 * 60, to: 7 * 60 } as const;

/** Kept by the server, for all devices. */
function Quiet({ app }: { app: App }): VNode {
  const quiet = app.me.value?.quiet;
  const keep = async (hours: Omit<QuietHours, 'zone'> | null): Promise<void> => {
    const before = app.me.value;
    if (!before) return;
    const { timeZone: zone } = new Intl.DateTimeFormat().resolvedOptions();
    const { quiet: _, ...others } = before;
    // At once: the other field may be changed before the answer is here.
    app.me.value = hours ? { ...others, quiet: { ...hours, zone } } : others;
    const answer = await app.ask('quiet hours', { quiet: hours && { ...hours, zone } });
    if (answer.ok) return;
    app.me.value = before;
    app.toasts.trouble(explain(answer));
  };
  return (
    <>
      <Choice<Switch>
        label={t('quietHours')}
        name="quiet"
        value={quiet ? 'on' : 'off'}
        onChange={(value) => void keep(value === 'on' ? NIGHT : null)}
        options={onOrOff()}
      />
      {quiet && (
        <div class="form-row">
          <TimeField
            label={t('from')}
            value={quiet.from}
            onChange={(from) => void keep({ ...quiet, from })}
          />
          <TimeField label={t('to')} value={quiet.to} onChange={(to) => void keep({ ...quiet, to })} />
        </div>
      )}
      <p class="hint">{t('quietHoursWhat')}</p>
    </>
  );
}

function TimeField(props: { label: string; value: number; onChange: (minute: number) => void }): VNode {
  const { label, value, onChange } = props;
  return (
    <label class="form-field">
      {label}
      <input
        class="field"
        type="time"
        value={toTimeOfDay(value)}
        onChange={({ currentTarget }) => {
          const minute = fromTimeOfDay(currentTarget.value);
          if (minute !== null && minute !== value) onChange(minute);
        }}
      />
    </label>
  );
}

function example(): boolean {
  const notice = {
    room: '',
    title: t('desktopNotices'),
    body: t('desktopExample'),
    onClick: () => undefined,
  };
  return showNotice(notice);
}

function onOrOff(): { value: Switch; label: string }[] {
  return [
    { value: 'on', label: t('on') },
    { value: 'off', label: t('off') },
  ];
}
