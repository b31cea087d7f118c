import type { VNode } from 'preact';
import type { App } from '../../app/app.ts';
import { t } from '../../words/later.ts';
import { NewBot } from './new-bot.tsx';
import { ProgramsSection } from './programs-section.tsx';

/** Programs that read and write as members do. */
export function BotsSection({ app }: { app: App }): VNode {
  return (
    <ProgramsSection
      app={app}
      title={t('bots')}
      what={t('botsWhat')}
      nameLabel={t('botName')}
      makeLabel={t('makeBot')}
      isHere={(id) => app.online.value.has(id)}
      askRevoke={(name) => t('revokeBotWhat', { name })}
      list={async () => {
        const answer = await app.ask('bots', {});
        return answer.ok ? { ok: true, programs: answer.bots } : answer;
      }}
      make={(name) => app.ask('create bot', { name })}
      revoke={(id) => app.ask('revoke bot', { id })}
      show={(made, onDone) => <NewBot app={app} {...made} onDone={onDone} />}
    />
  );
}
