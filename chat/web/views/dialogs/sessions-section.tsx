import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Answer, SessionInfo } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { explain } from '../../app/explain.ts';
import { t } from '../../words/later.ts';
import { describeAgent } from '../describe-agent.ts';
import { DeviceLink } from '../signing-in/later.ts';
import { formatAgo } from '../times.ts';

/** Where I am signed in. */
export function SessionsSection({ app }: { app: App }): VNode {
  const sessions = useSignal<readonly SessionInfo[]>([]);
  const problem = useSignal<string | undefined>(undefined);
  const take = (answer: Answer<{ sessions: SessionInfo[] }>): void => {
    problem.value = answer.ok ? undefined : explain(answer);
    if (answer.ok) sessions.value = answer.sessions;
  };
  useEffect(() => void app.account.sessions().then(take), []);
  const others = sessions.value.filter(({ current }) => !current);
  return (
    <>
      <p class="problem" role="alert">
        {problem.value}
      </p>
      <ul class="lines">
        {sessions.value.map((session) => (
          <li key={session.id} class="line">
            <div class="line-text">
              <p>{describeAgent(session.agent)}</p>
              <p class="hint">
                {session.address} · {session.current ? t('thisDevice') : formatAgo(session.seen, Date.now())}
              </p>
            </div>
            {!session.current && (
              <button
                type="button"
                class="plain is-danger"
                onClick={() => void app.account.revoke(session.id).then(take)}
              >
                {t('signOut')}
                <span class="unseen-text"> {describeAgent(session.agent)}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
      {others.length > 1 && (
        <div class="dialog-links">
          <button type="button" class="plain is-danger" onClick={() => void app.account.revoke().then(take)}>
            {t('signOutOthers')}
          </button>
        </div>
      )}
      <DeviceLink app={app} known={sessions.value} onSessions={(answer) => take(answer)} />
    </>
  );
}
