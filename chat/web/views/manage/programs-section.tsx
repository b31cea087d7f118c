import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Answer, Bot, Person } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { checkName } from '../../app/check-name.ts';
import { explain } from '../../app/explain.ts';
import { t } from '../../words/later.ts';
import { Field, Form } from '../dialogs/form.tsx';
import { BotLine } from './bot-line.tsx';

export interface MadeProgram {
  bot: Person;
  token: string;
}

interface Props {
  app: App;
  title: string;
  what: string;
  nameLabel: string;
  /** Missing where no new one can be made. */
  makeLabel: string | undefined;
  /** Missing for what never connects. */
  isHere?: (id: number) => boolean;
  /** What is asked before one is ended. */
  askRevoke: (name: string) => string;
  list: () => Promise<Answer<{ programs: readonly Bot[] }>>;
  make: (name: string) => Promise<Answer<MadeProgram>>;
  revoke: (id: number) => Promise<Answer<object>>;
  /** Shows what is told this once about a new one. */
  show: (made: MadeProgram, onDone: () => void) => VNode;
}

/** Programs with a name of their own: which there are, a new one, and the end of one. */
export function ProgramsSection({ app, title, what, nameLabel, makeLabel, ...props }: Props): VNode {
  const frame = useRef<HTMLDivElement>(null);
  const programs = useSignal<readonly Bot[]>([]);
  const problem = useSignal<string | undefined>(undefined);
  const name = useSignal('');
  const made = useSignal<MadeProgram | undefined>(undefined);
  const load = async (): Promise<void> => {
    const answer = await props.list();
    problem.value = answer.ok ? undefined : explain(answer);
    if (answer.ok) programs.value = answer.programs;
  };
  useEffect(() => void load(), []);

  const make = async (): Promise<string | undefined> => {
    const checked = checkName(name.value);
    if (!checked.ok) return checked.problem;
    const answer = await props.make(checked.name);
    if (!answer.ok) return explain(answer);
    name.value = '';
    made.value = answer;
    return undefined;
  };
  const revoke = async ({ bot }: Bot): Promise<void> => {
    const answer = await props.revoke(bot.id);
    if (answer.ok) app.toasts.say(t('botRevoked', { name: bot.name }));
    else app.toasts.trouble(explain(answer));
    // What had the focus is gone.
    frame.current?.focus();
    await load();
  };

  const done = (): void => {
    made.value = undefined;
    void load();
    requestAnimationFrame(() => frame.current?.focus());
  };

  if (made.value) return props.show(made.value, done);
  return (
    <div class="bots" tabIndex={-1} ref={frame}>
      <p>{what}</p>
      <p class="problem" role="alert">
        {problem.value}
      </p>
      {programs.value.length > 0 && (
        <ul class="lines" aria-label={title}>
          {programs.value.map((one) => (
            <BotLine
              key={one.bot.id}
              isOnline={props.isHere?.(one.bot.id)}
              bot={one}
              askRevoke={props.askRevoke(one.bot.name)}
              revoke={() => revoke(one)}
            />
          ))}
        </ul>
      )}
      {makeLabel !== undefined && (
        <section class="block" aria-label={makeLabel}>
          <Form action={makeLabel} submit={make}>
            <Field label={nameLabel} value={name} />
          </Form>
        </section>
      )}
    </div>
  );
}
