import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Revision } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { explain } from '../../app/explain.ts';
import { t } from '../../words/later.ts';
import { formatFull } from '../times.ts';
import { Modal } from './modal.tsx';

/** What a message said before, the newest first. */
export function RevisionsDialog({ app, room, seq }: { app: App; room: string; seq: number }): VNode {
  const revisions = useSignal<readonly Revision[]>([]);
  const problem = useSignal<string | undefined>(undefined);
  useEffect(() => {
    void app.ask('revisions', { room, seq }).then((answer) => {
      if (answer.ok) revisions.value = answer.revisions.toReversed();
      else problem.value = explain(answer);
    });
  }, [room, seq]);
  return (
    <Modal app={app} title={t('earlierVersions')} isWide>
      <p class="problem" role="alert">
        {problem.value}
      </p>
      <ol class="lines">
        {revisions.value.map(({ body, at }) => (
          <li key={at} class="line is-tall">
            <time class="hint" dateTime={new Date(at).toISOString()}>
              {formatFull(at)}
            </time>
            <p class="body" dir="auto">
              {body}
            </p>
          </li>
        ))}
      </ol>
    </Modal>
  );
}
