import { useSignal, type Signal } from '@preact/signals';
import type { ComponentChildren, VNode } from 'preact';
import { useId } from 'preact/hooks';
import { t } from '../../words/later.ts';

interface FormProps {
  action: string;
  isDanger?: boolean;
  /** Answers the reason if it was not done. */
  submit: () => Promise<string | undefined>;
  onDone?: () => void;
  onCancel?: () => void;
  children?: ComponentChildren;
}

/** Fields, what is wrong with them, and the button. */
export function Form({ action, isDanger, submit, onDone, onCancel, children }: FormProps): VNode {
  const problem = useSignal<string | undefined>(undefined);
  const isBusy = useSignal(false);
  const run = async (): Promise<void> => {
    if (isBusy.value) return;
    isBusy.value = true;
    problem.value = await submit();
    isBusy.value = false;
    if (problem.value === undefined) onDone?.();
  };
  return (
    <form
      class="form"
      onInput={() => (problem.value = undefined)}
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      {children}
      <p class="problem" role="alert">
        {problem.value}
      </p>
      <div class="form-actions">
        {onCancel && (
          <button type="button" class="secondary" onClick={onCancel}>
            {t('cancel')}
          </button>
        )}
        <button type="submit" class={isDanger ? 'primary is-danger' : 'primary'} aria-disabled={isBusy.value}>
          {action}
        </button>
      </div>
    </form>
  );
}

interface FieldProps {
  label: string;
  value: Signal<string>;
  type?: 'text' | 'password';
  hint?: string;
  name?: string;
  autocomplete?: string;
  maxLength?: number;
  isFirst?: boolean;
}

export function Field(props: FieldProps): VNode {
  const { label, value, type = 'text', hint, name, autocomplete = 'off', maxLength, isFirst } = props;
  const id = useId();
  const attributes = {
    id,
    class: 'field',
    name,
    autocomplete,
    maxLength,
    'data-autofocus': isFirst,
    'aria-describedby': hint === undefined ? undefined : `${id}hint`,
    value: value.value,
    onInput: (event: InputEvent & { readonly currentTarget: HTMLInputElement }) => {
      value.value = event.currentTarget.value;
    },
  };
  return (
    <div class="form-field">
      <label for={id}>{label}</label>
      {type === 'password' ? (
        <input type="password" {...attributes} />
      ) : (
        <input type="text" dir="auto" {...attributes} />
      )}
      {hint !== undefined && (
        <p id={`${id}hint`} class="hint">
          {hint}
        </p>
      )}
    </div>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  name: string;
  options: readonly { value: T; label: string; hint?: string }[];
  value: T;
  onChange: (value: T) => void;
  /** One below the other: for options that need a sentence. */
  isColumn?: boolean;
}

/** A few things of which one holds. */
export function Choice<T extends string>(props: ChoiceProps<T>): VNode {
  const { label, name, options, value, onChange, isColumn } = props;
  return (
    <fieldset class="choice">
      <legend>{label}</legend>
      <div class={isColumn ? 'choice-options is-column' : 'choice-options'}>
        {options.map((option) => (
          <label key={option.value} class="choice-option">
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>
              {option.label}
              {option.hint !== undefined && <span class="hint">{option.hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
