import type { VNode } from 'preact';
import type { MyRoom } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { t } from '../../words/later.ts';
import { type MadeProgram, ProgramsSection } from './programs-section.tsx';
import { Script, ShownOnce } from './shown-once.tsx';

/** Addresses by which programs elsewhere say something in a room. */
export function WebhooksSection({ app, room }: { app: App; room: MyRoom }): VNode {
  const { slug } = room;
  return (
    <ProgramsSection
      app={app}
      title={t('webhooks')}
      what={t('webhooksWhat')}
      nameLabel={t('webhookName')}
      makeLabel={room.archived ? undefined : t('makeWebhook')}
      askRevoke={(name) => t('revokeWebhookWhat', { name })}
      list={async () => {
        const answer = await app.ask('webhooks', { room: slug });
        return answer.ok ? { ok: true, programs: answer.webhooks } : answer;
      }}
      make={(name) => app.ask('make webhook', { room: slug, name })}
      revoke={(id) => app.ask('revoke webhook', { room: slug, id })}
      show={(made, onDone) => <NewWebhook app={app} made={made} onDone={onDone} />}
    />
  );
}

interface NewWebhookProps {
  app: App;
  made: MadeProgram;
  onDone: () => void;
}

function NewWebhook({ app, made, onDone }: NewWebhookProps): VNode {
  const { name } = made.bot;
  const address = `${location.origin}/hooks/${made.token}`;
  return (
    <ShownOnce
      app={app}
      secret={address}
      label={t('addressOf', { name })}
      hint={t('addressOnce', { name })}
      copy={t('copyAddress')}
      copied={t('addressCopied')}
      onDone={onDone}
    >
      <Script
        app={app}
        title={t('webhookPosts')}
        language="bash"
        text={`curl -d text=hi \\\n  '${address}'\n`}
      />
    </ShownOnce>
  );
}
