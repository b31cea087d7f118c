import type { VNode } from 'preact';
import type { Person } from '../../shared/events.ts';
import { may } from '../../shared/roles.ts';
import type { App } from '../app/app.ts';
import { findCompleting, type Completing } from '../core/completion.ts';
import { rankPeople, recentSpeakers } from '../core/mentions.ts';
import type { Command } from '../core/slash-commands.ts';
import { findEmoji, type FoundEmoji } from '../core/shortcodes.ts';
import { t, type Key } from '../words/later.ts';
import { spoken } from '../words/words.ts';
import { Avatar, Badge } from './avatar.tsx';
import type { Completion } from './completions.tsx';

export type Option =
  | { readonly kind: 'person'; readonly key: string; readonly insert: string; readonly person: Person }
  | { readonly kind: 'everybody'; readonly key: string; readonly insert: string }
  | { readonly kind: 'emoji'; readonly key: string; readonly insert: string; readonly emoji: FoundEmoji }
  | { readonly kind: 'command'; readonly key: string; readonly insert: string; readonly command: Command };

export interface Offer {
  /** Where that begins which an option takes the place of. */
  readonly from: number;
  readonly options: readonly Option[];
}

const MOST = 6;

export function CompletionList({ completion }: { completion: Completion }): VNode {
  const { options, index } = completion;
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

/** What can be put in the place of what is typed before the caret. Undefined if that asks for nothing. */
export async function offer(app: App, text: string, caret: number): Promise<Offer | undefined> {
  const completing = findCompleting(text, caret);
  return completing && { from: completing.from, options: await findOptions(app, completing) };
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
