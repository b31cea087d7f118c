import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Answer, SessionInfo } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { explain } from '../../app/explain.ts';
import { t } from '../../words/later.ts';
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
    </>
  );
}

const BROWSERS = [
  ['Firefox', /Firefox\/\d/u],
  ['Edge', /Edg\/\d/u],
  ['Opera', /OPR\/\d/u],
  ['Chrome', /Chrom(?:e|ium)\/\d/u],
  ['Safari', /Safari\/\d/u],
] as const;
const SYSTEMS = [
  ['Android', /Android/u],
  ['iPhone', /iPhone/u],
  ['iPad', /iPad/u],
  ['Windows', /Windows/u],
  ['macOS', /Mac OS X/u],
  ['Linux', /Linux/u],
] as const;

/** "Firefox, Linux" out of what the browser said; as it said it if that means nothing. */
function describeAgent(agent: string): string {
  const find = (list: readonly (readonly [string, RegExp])[]): string | undefined =>
    list.find(([, pattern]) => pattern.test(agent))?.[0];
  const parts = [find(BROWSERS), find(SYSTEMS)].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(', ') : agent.slice(0, 60) || t('unknownDevice');
}
