import type { VNode } from 'preact';
import type { Person } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { t } from '../../words/later.ts';
import { readerScript, speakerScript } from './bot-scripts.ts';
import { Script, ShownOnce } from './shown-once.tsx';

interface Props {
  app: App;
  bot: Person;
  token: string;
  onDone: () => void;
}

/** The token of a new bot, and programs that use it. */
export function NewBot({ app, bot: { name }, token, onDone }: Props): VNode {
  return (
    <ShownOnce
      app={app}
      secret={token}
      label={t('tokenOf', { name })}
      hint={t('tokenOnce', { name })}
      copy={t('copyToken')}
      copied={t('tokenCopied')}
      onDone={onDone}
    >
      <Script app={app} title={t('botSpeaks')} language="js" text={speakerScript(location.origin, token)} />
      <Script app={app} title={t('botReads')} language="bash" text={readerScript(location.origin, token)} />
    </ShownOnce>
  );
}
