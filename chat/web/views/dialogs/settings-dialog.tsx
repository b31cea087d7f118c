import type { VNode } from 'preact';
import { LIMITS, type Me } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { explain } from '../../app/explain.ts';
import type { Announcements, Contrast, Theme } from '../../app/settings.ts';
import { t } from '../../words/later.ts';
import { LANGUAGES, spoken } from '../../words/words.ts';
import { NameForm } from '../name-form.tsx';
import { AccountSection } from './account-section.tsx';
import { Choice } from './form.tsx';
import { InstallSection } from './install-section.tsx';
import { Modal } from './modal.tsx';
import { NoticesSection } from './notices-section.tsx';
import { SessionsSection } from './sessions-section.tsx';
import { ShownPreviewsChoice } from './shown-previews.tsx';
import { Tabs } from './tabs.tsx';

/** Who I am, how the page looks and sounds to me, and where else I am signed in. */
export function SettingsDialog({ app }: { app: App }): VNode {
  const me = app.me.value;
  return (
    <Modal app={app} title={t('settings')} isWide>
      <Tabs
        label={t('settings')}
        tabs={[
          { name: 'you', label: t('you2'), page: () => me && <You app={app} me={me} /> },
          { name: 'looks', label: t('looks'), page: () => <Looks app={app} /> },
          { name: 'notices', label: t('notices'), page: () => <NoticesSection app={app} /> },
          { name: 'devices', label: t('devices'), page: () => me && <Devices app={app} /> },
        ]}
      />
    </Modal>
  );
}

function Devices({ app }: { app: App }): VNode {
  return (
    <>
      <SessionsSection app={app} />
      <InstallSection />
    </>
  );
}

function You({ app, me }: { app: App; me: Me }): VNode {
  return (
    <>
      <NameForm
        label={t('nameShown')}
        action={t('save')}
        initial={me.name}
        hint={t('nameHint', { n: LIMITS.nameGraphemes })}
        submit={async (name) => {
          const answer = await app.account.name(name);
          if (!answer.ok) return explain(answer);
          app.becameSomeone(answer.me);
          app.toasts.say(t('nameChanged', { name: answer.me.name }));
          return undefined;
        }}
      />
      <AccountSection app={app} me={me} />
    </>
  );
}

function Looks({ app }: { app: App }): VNode {
  const { settings } = app;
  return (
    <div class="form">
      <Choice<Theme>
        label={t('theme')}
        name="theme"
        value={settings.theme.value}
        onChange={(theme) => settings.setTheme(theme)}
        options={[
          { value: 'auto', label: t('asSystem') },
          { value: 'light', label: t('light') },
          { value: 'dark', label: t('dark') },
        ]}
      />
      <Choice<Contrast>
        label={t('contrast')}
        name="contrast"
        value={settings.contrast.value}
        onChange={(contrast) => settings.setContrast(contrast)}
        options={[
          { value: 'auto', label: t('asSystem') },
          { value: 'more', label: t('high') },
        ]}
      />
      <Choice<string>
        label={t('language')}
        name="language"
        value={settings.language.value ?? spoken()}
        onChange={(language) => {
          settings.setLanguage(language);
          location.reload();
        }}
        options={LANGUAGES.map(({ tag, name }) => ({ value: tag, label: name }))}
      />
      <Choice<'yes' | 'no'>
        label={t('enterKey')}
        name="enter"
        value={settings.enterSends.value ? 'yes' : 'no'}
        onChange={(value) => settings.setEnterSends(value === 'yes')}
        options={[
          { value: 'yes', label: t('enterSends') },
          { value: 'no', label: t('enterBreaks') },
        ]}
      />
      <Choice<Announcements>
        label={t('readAloud')}
        name="announcements"
        value={settings.announcements.value}
        onChange={(which) => settings.setAnnouncements(which)}
        options={[
          { value: 'all', label: t('levelAll') },
          { value: 'mentions', label: t('levelMentions') },
          { value: 'none', label: t('levelNone') },
        ]}
      />
      <ShownPreviewsChoice app={app} />
    </div>
  );
}
