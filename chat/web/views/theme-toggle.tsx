import type { VNode } from 'preact';
import type { App } from '../app.ts';
import type { ThemeName } from '../theme.ts';
import { AutoIcon, MoonIcon, SunIcon } from './icons.tsx';

const LABELS = { auto: 'as the system', light: 'light', dark: 'dark' } as const satisfies Record<
  ThemeName,
  string
>;

/** Light → dark → as the system. */
export function ThemeToggle({ app: { theme } }: { app: App }): VNode {
  const name = theme.name.value;
  const label = `Theme: ${LABELS[name]}. Switch to ${LABELS[theme.next]}`;
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={() => theme.switch()}>
      {name === 'auto' ? <AutoIcon /> : name === 'light' ? <SunIcon /> : <MoonIcon />}
    </button>
  );
}
