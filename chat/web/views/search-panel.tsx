import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { App } from '../app/app.ts';
import { t } from '../words/later.ts';
import { Hit } from './hit.tsx';
import { Icon } from './icon.tsx';
import { PanelFrame } from './panel.tsx';
import { nameOf } from './room-name.ts';

/** Looking for what was said, with filters. */
export function SearchPanel({ app }: { app: App }): VNode {
  const field = useRef<HTMLInputElement>(null);
  const room = app.conversation.value?.room.value;
  const { search } = app;
  const { typed, asked, hits, cursor, unclear, problem, isBusy } = search;
  useEffect(() => field.current?.select(), []);
  const add = (filter: string): void => {
    typed.value = `${typed.value.trim()} ${filter}`.trimStart();
    field.current?.focus();
  };
  return (
    <PanelFrame app={app} title={t('search')}>
      <form
        class="search-form"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          void search.run();
        }}
      >
        <Icon name="search" />
        <input
          ref={field}
          class="field"
          type="search"
          dir="auto"
          aria-label={t('search')}
          placeholder={t('searchHint')}
          autocomplete="off"
          enterkeyhint="search"
          maxLength={500}
          value={typed.value}
          onInput={(event) => (typed.value = event.currentTarget.value)}
        />
      </form>
      <div class="filters" role="group" aria-label={t('filters')}>
        {room && room.name !== '' && (
          <Filter label={t('filterHere')} run={() => add(`in:${quoted(nameOf(app, room))}`)} />
        )}
        <Filter label="from:" run={() => add('from:')} />
        <Filter label="has:link" run={() => add('has:link')} />
        <Filter label="has:code" run={() => add('has:code')} />
        <Filter label="before:" run={() => add('before:')} />
        <Filter label="after:" run={() => add('after:')} />
      </div>
      {unclear.value.length > 0 && <p class="hint">{t('unclear', { what: unclear.value.join(' ') })}</p>}
      <p class="problem" role="alert">
        {problem.value}
      </p>
      <p class="unseen-text" role="status">
        {asked.value !== '' && !isBusy.value && t('nHits', { n: hits.value.length })}
      </p>
      {asked.value === '' && <Help />}
      {asked.value !== '' &&
        !isBusy.value &&
        hits.value.length === 0 &&
        cursor.value === null &&
        !problem.value && (
          <div class="panel-empty">
            <p dir="auto">{t('noHits', { what: asked.value })}</p>
            {/\b(?:in|from|has|before|after):/u.test(asked.value) && (
              <button
                type="button"
                class="secondary"
                onClick={() => {
                  typed.value = typed.value
                    .replace(/\b(?:in|from|has|before|after):(?:"[^"]*"|\S*)\s*/gu, '')
                    .trim();
                  void search.run();
                }}
              >
                {t('withoutFilters')}
              </button>
            )}
          </div>
        )}
      <ol class="hits">
        {hits.value.map((message) => (
          <li key={`${message.room} ${message.seq}`}>
            <Hit
              app={app}
              message={message}
              phrases={search.phrases.value}
              onGo={() => app.places.toRoom(message.room, message.seq)}
            />
          </li>
        ))}
      </ol>
      {cursor.value !== null && (
        <button type="button" class="plain" onClick={() => void search.more()}>
          {t('showMore')}
        </button>
      )}
    </PanelFrame>
  );
}

function Filter({ label, run: onClick }: { label: string; run: () => void }): VNode {
  return (
    <button type="button" class="filter" onClick={onClick}>
      <bdi>{label}</bdi>
    </button>
  );
}

function Help(): VNode {
  return (
    <div class="panel-empty">
      <p>{t('searchHelp')}</p>
      <p class="hint">{t('searchHelpMore')}</p>
    </div>
  );
}

function quoted(name: string): string {
  return /\s/u.test(name) ? `"${name}"` : name;
}
