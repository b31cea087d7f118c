import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { App } from '../../app/app.ts';
import { t } from '../../words/later.ts';
import { CodeBlock } from '../code-block.tsx';
import { Icon } from '../icon.tsx';

interface Props {
  app: App;
  secret: string;
  label: string;
  hint: string;
  copy: string;
  copied: string;
  onDone: () => void;
  /** Programs that use it as they stand. */
  children: ComponentChildren;
}

/** What by which a program speaks, this once. */
export function ShownOnce({ app, secret, label, hint, copy, copied, onDone, children }: Props): VNode {
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    // All of it, not only what has the focus.
    frame.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div class="form shown-once" ref={frame}>
      <div class="form-field">
        <label for={id}>{label}</label>
        <div class="name-line">
          <input
            id={id}
            ref={field}
            class="field is-code"
            type="text"
            readOnly
            spellcheck={false}
            value={secret}
            aria-describedby={`${id}once`}
            onFocus={(event) => event.currentTarget.select()}
          />
          <button type="button" class="primary" onClick={() => void app.messages.copy(secret, copied)}>
            {copy}
          </button>
        </div>
        <p id={`${id}once`} class="hint">
          {hint}
        </p>
      </div>
      {children}
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

export function Script({ app, title, language, text }: ScriptProps): VNode {
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
