import type { VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Person } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { t } from '../../words/words.ts';
import { CodeBlock } from '../code-block.tsx';
import { Icon } from '../icon.tsx';
import { readerScript, speakerScript } from './bot-scripts.ts';

interface Props {
  app: App;
  bot: Person;
  token: string;
  onDone: () => void;
}

/** The token, this once, and programs that use it as they stand. */
export function NewBot({ app, bot, token, onDone }: Props): VNode {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const script = speakerScript(location.origin, token);
  const command = readerScript(location.origin, token);
  return (
    <div class="form new-bot">
      <div class="form-field">
        <label for={id}>{t('tokenOf', { name: bot.name })}</label>
        <div class="name-line">
          <input
            id={id}
            ref={field}
            class="field is-code"
            type="text"
            readOnly
            spellcheck={false}
            value={token}
            aria-describedby={`${id}once`}
            onFocus={(event) => event.currentTarget.select()}
          />
          <button
            type="button"
            class="primary"
            onClick={() => void app.messages.copy(token, t('tokenCopied'))}
          >
            {t('copyToken')}
          </button>
        </div>
        <p id={`${id}once`} class="hint">
          {t('tokenOnce', { name: bot.name })}
        </p>
      </div>
      <Script app={app} title={t('botSpeaks')} language="js" text={script} />
      <Script app={app} title={t('botReads')} language="bash" text={command} />
      <div class="form-actions">
        <button type="button" class="secondary" onClick={onDone}>
          {t('done')}
        </button>
      </div>
    </div>
  );
}

interface ScriptProps {
  app: App;
  title: string;
  language: string;
  text: string;
}

function Script({ app, title, language, text }: ScriptProps): VNode {
  return (
    <section aria-label={title}>
      <div class="script-top">
        <h3>{title}</h3>
        <button type="button" class="plain" onClick={() => void app.messages.copy(text, t('textCopied'))}>
          <Icon name="copy" />
          {t('copyText')}
          <span class="unseen-text">: {title}</span>
        </button>
      </div>
      <CodeBlock language={language} text={text} tabIndex={0} />
    </section>
  );
}
