import { useSignal } from '@preact/signals';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { CheckedName } from '../app/check-name.ts';
import { explain, NO_CONNECTION } from '../app/explain.ts';

interface Props {
  label: string;
  action: string;
  initial: string;
  hint?: string;
  /** Answers the reason if the name was not taken. */
  submit: (name: string) => Promise<string | undefined>;
  onDone?: () => void;
  children?: ComponentChildren;
}

/** The rules are fetched while somebody types, or at the latest here. */
async function check(name: string): Promise<CheckedName> {
  try {
    return (await import('../app/check-name.ts')).checkName(name);
  } catch {
    return { ok: false, problem: explain(NO_CONNECTION) };
  }
}

/** One field and one button. The page checks by the server's rules; the server has the last word. */
export function NameForm({ label, action, initial, hint, submit, onDone, children }: Props): VNode {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const name = useSignal(initial);
  const problem = useSignal<string | undefined>(undefined);
  const isBusy = useSignal(false);

  useEffect(() => {
    // On a phone the keyboard would cover the conversation before anyone asked for it.
    if (initial !== '' || matchMedia('(pointer: fine)').matches) field.current?.select();
  }, [initial]);

  const run = async (): Promise<void> => {
    if (isBusy.value) return;
    isBusy.value = true;
    const checked = await check(name.value);
    problem.value = checked.ok ? undefined : checked.problem;
    if (checked.ok && (checked.name !== initial || initial === ''))
      problem.value = await submit(checked.name);
    isBusy.value = false;
    if (problem.value === undefined) onDone?.();
    else field.current?.focus();
  };

  return (
    <form
      class="name-form"
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <label for={`${id}name`}>{label}</label>
      <div class="name-line">
        <input
          id={`${id}name`}
          ref={field}
          class="field"
          type="text"
          name="name"
          dir="auto"
          autocomplete="nickname"
          autocapitalize="words"
          spellcheck={false}
          enterkeyhint="go"
          value={name.value}
          aria-invalid={problem.value !== undefined}
          aria-describedby={`${id}problem`}
          onInput={(event) => {
            name.value = event.currentTarget.value;
            problem.value = undefined;
            void check(name.value);
          }}
        />
        <button type="submit" class="primary" aria-disabled={isBusy.value}>
          {action}
        </button>
        {children}
      </div>
      <div class="name-note">
        <p id={`${id}problem`} class="problem" role="alert">
          {problem.value}
        </p>
        <p class="hint">{hint}</p>
      </div>
    </form>
  );
}
