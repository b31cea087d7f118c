import { useSignal } from '@preact/signals';
import type { RefObject, VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Person } from '../../shared/events.ts';
import { may } from '../../shared/roles.ts';
import type { App } from '../app/app.ts';
import { findCompleting, type Completing } from '../core/completion.ts';
import { rankPeople, recentSpeakers } from '../core/mentions.ts';
import type { Command } from '../core/slash-commands.ts';
import { findEmoji, type FoundEmoji } from '../core/shortcodes.ts';
import { spoken, t, type Key } from '../words/words.ts';
import { Avatar, Badge } from './avatar.tsx';

type Option =
  | { readonly kind: 'person'; readonly key: string; readonly insert: string; readonly person: Person }
  | { readonly kind: 'everybody'; readonly key: string; readonly insert: string }
  | { readonly kind: 'emoji'; readonly key: string; readonly insert: string; readonly emoji: FoundEmoji }
  | { readonly kind: 'command'; readonly key: string; readonly insert: string; readonly command: Command };

const MOST = 6;

export interface Completion {
  options: readonly Option[];
  index: number;
  attributes: Record<string, string | undefined>;
  update: () => void;
  close: () => void;
  choose: (option: Option) => void;
  point: (index: number) => void;
  /** Whether the key was for the list. */
  keyDown: (event: KeyboardEvent) => boolean;
}

/** Offers people behind `@`, emoji behind `:`, and commands behind `/`. The focus stays in the text. */
export function useCompletion(app: App, field: RefObject<HTMLTextAreaElement | null>): Completion {
  const completing = useSignal<Completing | undefined>(undefined);
  const options = useSignal<readonly Option[]>([]);
  const at = useSignal(0);
  const index = Math.min(at.value, options.value.length - 1);

  return useMemo(() => {
    const close = (): void => {
      completing.value = undefined;
      options.value = [];
    };
    const update = (): void => {
      const element = field.current;
      const isCaret = element !== null && element.selectionStart === element.selectionEnd;
      const found = isCaret ? findCompleting(element.value, element.selectionStart) : undefined;
      if (!found) {
        if (completing.value) close();
        return;
      }
      completing.value = found;
      void findOptions(app, found).then((list) => {
        if (completing.value !== found) return;
        options.value = list;
        at.value = 0;
      });
    };
    const choose = (option: Option): void => {
      const element = field.current;
      const found = completing.value;
      if (!element || !found) return;
      element.setRangeText(`${option.insert} `, found.from, element.selectionStart, 'end');
      app.composing.write(element.value);
      element.focus();
      close();
    };
    const keyDown = (event: KeyboardEvent): boolean => {
      const count = options.value.length;
      if (count === 0) return false;
      const current = Math.min(at.value, count - 1);
      const chosen = options.value[current];
      if (event.key === 'ArrowDown') at.value = (current + 1) % count;
      else if (event.key === 'ArrowUp') at.value = (current - 1 + count) % count;
      else if (event.key === 'Escape') close();
      else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && chosen) {
        // A command that is typed to its end and takes nothing is meant to be run.
        if (event.key === 'Enter' && field.current?.value === chosen.insert) return false;
        choose(chosen);
      } else return false;
      event.preventDefault();
      return true;
    };
    return {
      get options() {
        return options.value;
      },
      get index() {
        return Math.min(at.value, options.value.length - 1);
      },
      get attributes(): Completion['attributes'] {
        const isOpen = options.value.length > 0;
        return {
          'aria-autocomplete': isOpen ? 'list' : undefined,
          'aria-controls': isOpen ? 'completions' : undefined,
          'aria-activedescendant': isOpen ? `completion-${this.index}` : undefined,
        };
      },
      update,
      close,
      choose,
      point: (place: number) => (at.value = place),
      keyDown,
    };
    // Read so that whoever uses it is drawn again.
  }, [app, field, index, options.value]);
}

export function Completions({ completion }: { completion: Completion }): VNode | null {
  const { options, index } = completion;
  if (options.length === 0) return null;
  return (
    <ul class="completions" id="completions" role="listbox" aria-label={t('suggestions')}>
      {options.map((option, place) => (
        <li
          key={option.key}
          id={`completion-${place}`}
          class="completion"
          role="option"
          aria-selected={place === index}
          // The focus stays in the text.
          onMouseDown={(event) => event.preventDefault()}
          onMouseMove={() => completion.point(place)}
          onClick={() => completion.choose(option)}
        >
          <Shown option={option} />
        </li>
      ))}
    </ul>
  );
}

const COMMAND_KEYS: Readonly<Record<Command['name'], Key>> = {
  me: 'commandMe',
  shrug: 'commandShrug',
  nick: 'commandNick',
  topic: 'commandTopic',
  invite: 'commandInvite',
  mute: 'commandMute',
  leave: 'commandLeave',
  help: 'commandHelp',
};

function Shown({ option }: { option: Option }): VNode {
  switch (option.kind) {
    case 'person':
      return (
        <>
          <Avatar person={option.person} />
          <bdi>{option.person.name}</bdi>
          <Badge person={option.person} />
        </>
      );
    case 'everybody':
      return (
        <>
          <strong>@room</strong>
          <span class="hint">{t('everybodyHere')}</span>
        </>
      );
    case 'emoji':
      return (
        <>
          <span class="completion-emoji">{option.emoji.emoji}</span>
          <span>:{option.emoji.shortcode}:</span>
        </>
      );
    case 'command':
      return (
        <>
          <strong>/{option.command.name}</strong>
          <span class="hint">{t(COMMAND_KEYS[option.command.name])}</span>
        </>
      );
    default:
      return option satisfies never;
  }
}

async function findOptions(app: App, completing: Completing): Promise<Option[]> {
  if (completing.kind === 'command') {
    return completing.commands.map((command) => ({
      kind: 'command',
      key: command.name,
      insert: `/${command.name}`,
      command,
    }));
  }
  if (completing.kind === 'emoji') {
    const found = await findEmoji(completing.like, MOST, spoken(), app.settings.emojiTone.value).catch(
      () => [],
    );
    return found.map((emoji) => ({ kind: 'emoji', key: emoji.shortcode, insert: emoji.emoji, emoji }));
  }
  const room = app.composing.room;
  const { like } = completing;
  const answer = await app.ask('people', { room, limit: MOST, ...(like !== '' && { like }) });
  const me = app.me.value;
  const heard = app.conversation.value?.rows.value.flatMap((row) =>
    row.kind === 'message' ? row.message : [],
  );
  const speakers = recentSpeakers(heard ?? [], MOST).map((person) => app.people.current(person));
  const found = answer.ok ? answer.people : [];
  const people = rankPeople(found, { like, speakers, me: me?.id, most: MOST });
  const options = people.map((person): Option => ({
    kind: 'person',
    key: String(person.id),
    insert: `@${person.name}`,
    person,
  }));
  const host = app.myRoom(room)?.host ?? false;
  if (me && 'room'.startsWith(like.toLowerCase()) && may(me.role, 'mention rooms', host)) {
    options.push({ kind: 'everybody', key: 'room', insert: '@room' });
  }
  return options;
}
