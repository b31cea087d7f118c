import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Settings } from '../app/settings.ts';
import { type Emoji, type EmojiGroup, type EmojiSet, inTone, loadEmoji } from '../core/emoji.ts';
import { t, type Key } from '../words/later.ts';
import { spoken } from '../words/words.ts';
import { stepInLine } from './step-in-line.ts';

const GROUPS: readonly (readonly [group: EmojiGroup, sign: string, key: Key])[] = [
  ['smileys', '😀', 'emojiSmileys'],
  ['people', '👋', 'emojiPeople'],
  ['animals', '🐻', 'emojiAnimals'],
  ['food', '🍎', 'emojiFood'],
  ['travel', '🚲', 'emojiTravel'],
  ['activities', '⚽', 'emojiActivities'],
  ['objects', '💡', 'emojiObjects'],
  ['symbols', '❤️', 'emojiSymbols'],
  ['flags', '🏁', 'emojiFlags'],
];
/** In the order of `TONES`, after none. */
const TONE_KEYS = [
  'toneNone',
  'toneLight',
  'toneMediumLight',
  'toneMedium',
  'toneMediumDark',
  'toneDark',
] as const;
/** On which a tone is shown. */
const HAND: Emoji = { emoji: '✋', shortcodes: [], group: 'people', takesTones: true, name: '' };
const COLUMNS = 8;
const MOST_FOUND = 64;

interface Props {
  settings: Settings;
  onChoose: (emoji: string) => void;
}

/** A field to look by, the groups, a grid with one tab stop in which the arrows move, and the tones. */
export function EmojiPicker({ settings, onChoose }: Props): VNode {
  const set = useSignal<EmojiSet | undefined>(undefined);
  const hasFailed = useSignal(false);
  const like = useSignal('');
  const group = useSignal<EmojiGroup>('smileys');
  const field = useRef<HTMLInputElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  useEffect(() => {
    field.current?.focus();
    loadEmoji(spoken()).then(
      (loaded) => (set.value = loaded),
      () => (hasFailed.value = true),
    );
  }, []);
  const shown = show(set.value, like.value, group.value);
  const tone = settings.emojiTone.value;

  const onGridKey = (event: KeyboardEvent): void => {
    const cells = [...(grid.current?.querySelectorAll<HTMLElement>('.emoji') ?? [])];
    const index = cells.indexOf(document.activeElement as HTMLElement);
    const steps: Record<string, number> = {
      ArrowDown: COLUMNS,
      ArrowUp: -COLUMNS,
      Home: -index,
      End: cells.length - 1 - index,
    };
    const step = stepInLine(event) ?? steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = cells[index + step];
    if (next) focusCell(cells, next);
    else if (index + step < 0) field.current?.focus();
  };

  return (
    <div class="emoji-picker">
      <input
        ref={field}
        class="field"
        type="search"
        aria-label={t('emojiSearch')}
        placeholder={t('emojiSearch')}
        autocomplete="off"
        value={like.value}
        onInput={(event) => (like.value = event.currentTarget.value)}
        onKeyDown={(event) => {
          const [first] = shown;
          if (event.key === 'ArrowDown') grid.current?.querySelector<HTMLElement>('.emoji')?.focus();
          else if (event.key === 'Enter' && first && like.value !== '') onChoose(inTone(first, tone));
          else return;
          event.preventDefault();
        }}
      />
      <div class="emoji-groups" role="group" aria-label={t('emojiGroups')}>
        {GROUPS.map(([name, sign, key]) => (
          <button
            key={name}
            type="button"
            class="emoji-group"
            aria-label={t(key)}
            title={t(key)}
            aria-pressed={like.value === '' && group.value === name}
            onClick={() => {
              group.value = name;
              like.value = '';
              grid.current?.scrollTo(0, 0);
            }}
          >
            {sign}
          </button>
        ))}
      </div>
      <div ref={grid} class="emoji-grid" role="group" aria-label={t('emoji')} onKeyDown={onGridKey}>
        {shown.map((one, index) => (
          <button
            key={one.emoji}
            type="button"
            class="emoji"
            tabIndex={index === 0 ? 0 : -1}
            aria-label={one.name}
            title={one.name}
            onClick={() => onChoose(inTone(one, tone))}
          >
            {inTone(one, tone)}
          </button>
        ))}
        {hasFailed.value && <p class="hint">{t('noConnection')}</p>}
        {set.value && shown.length === 0 && <p class="hint">{t('noEmoji')}</p>}
      </div>
      <fieldset class="emoji-tones">
        <legend class="unseen-text">{t('emojiTone')}</legend>
        {TONE_KEYS.map((key, index) => (
          <label key={key} class="emoji-tone" title={t(key)}>
            <input
              class="unseen-text"
              type="radio"
              name="emoji-tone"
              aria-label={t(key)}
              checked={tone === index}
              onChange={() => settings.setEmojiTone(index)}
            />
            <span aria-hidden="true">{inTone(HAND, index)}</span>
          </label>
        ))}
      </fieldset>
    </div>
  );
}

function show(set: EmojiSet | undefined, like: string, group: EmojiGroup): readonly Emoji[] {
  if (set === undefined) return [];
  return like.trim() === '' ? set.all.filter((one) => one.group === group) : set.find(like, MOST_FOUND);
}

function focusCell(cells: readonly HTMLElement[], cell: HTMLElement): void {
  for (const one of cells) one.tabIndex = one === cell ? 0 : -1;
  cell.focus();
}
