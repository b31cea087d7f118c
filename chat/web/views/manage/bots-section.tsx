import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Bot, Person } from '../../../shared/events.ts';
import { parseName } from '../../../shared/names.ts';
import type { App } from '../../app/app.ts';
import { explain } from '../../app/explain.ts';
import { t } from '../../words/words.ts';
import { Field, Form } from '../dialogs/form.tsx';
import { BotLine } from './bot-line.tsx';
import { NewBot } from './new-bot.tsx';

/** Programs with a name of their own: who they are, a new one, and the end of one. */
export function BotsSection({ app }: { app: App }): VNode {
  const frame = useRef<HTMLDivElement>(null);
  const bots = useSignal<readonly Bot[]>([]);
  const problem = useSignal<string | undefined>(undefined);
  const name = useSignal('');
  const made = useSignal<{ bot: Person; token: string } | undefined>(undefined);
  const load = async (): Promise<void> => {
    const answer = await app.ask('bots', {});
    problem.value = answer.ok ? undefined : explain(answer);
    if (answer.ok) bots.value = answer.bots;
  };
  useEffect(() => void load(), []);

  const make = async (): Promise<string | undefined> => {
    const parsed = parseName(name.value);
    if (!parsed.ok) return parsed.text;
    const answer = await app.ask('create bot', { name: parsed.name });
    if (!answer.ok) return explain(answer);
    name.value = '';
    made.value = answer;
    return undefined;
  };
  const revoke = async ({ bot }: Bot): Promise<void> => {
    const answer = await app.ask('revoke bot', { id: bot.id });
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

  if (made.value) return <NewBot app={app} {...made.value} onDone={done} />;
  return (
    <div class="bots" tabIndex={-1} ref={frame}>
      <p>{t('botsWhat')}</p>
      <p class="problem" role="alert">
        {problem.value}
      </p>
      {bots.value.length > 0 && (
        <ul class="lines" aria-label={t('bots')}>
          {bots.value.map((bot) => (
            <BotLine key={bot.bot.id} app={app} bot={bot} revoke={() => revoke(bot)} />
          ))}
        </ul>
      )}
      <section class="block" aria-label={t('makeBot')}>
        <Form action={t('makeBot')} submit={make}>
          <Field label={t('botName')} value={name} />
        </Form>
      </section>
    </div>
  );
}
