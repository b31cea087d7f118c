import type { Signal } from '@preact/signals';
import type { VNode } from 'preact';
import { ACCENTS, type Accent } from '../../../shared/accents.ts';
import { t, type Key } from '../../words/later.ts';

const NAMES: Readonly<Record<Accent, Key>> = {
  green: 'accentGreen',
  teal: 'accentTeal',
  blue: 'accentBlue',
  violet: 'accentViolet',
  rose: 'accentRose',
  ochre: 'accentOchre',
  olive: 'accentOlive',
  slate: 'accentSlate',
};

/** The colour of the chat, for everybody. Each is shown as it is in the theme of who looks. */
export function AccentChoice({ value }: { value: Signal<Accent> }): VNode {
  return (
    <fieldset class="choice">
      <legend>{t('accent')}</legend>
      <div class="accents">
        {ACCENTS.map((accent) => (
          <label key={accent} class="accent" data-accent={accent} title={t(NAMES[accent])}>
            <input
              type="radio"
              name="accent"
              checked={accent === value.value}
              onChange={() => (value.value = accent)}
            />
            <span class="unseen-text">{t(NAMES[accent])}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
