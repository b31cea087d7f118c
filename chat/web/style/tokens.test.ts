import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ACCENTS, type Accent } from '../../shared/accents.ts';

type Rgb = readonly [number, number, number];

interface Theme {
  scheme: 'light' | 'dark';
  contrast: 'normal' | 'more';
  accent: Accent;
}

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');
const wash = Number(/--tone-wash: (\d+)%/.exec(css)?.[1]) / 100;
const tones = Array.from({ length: 8 }, (_, index) => `tone-${index}`);

/** What the blocks with this selector declare. */
function declared(selector: string): Map<string, string> {
  const blocks = css.split(`${selector} {`).slice(1);
  const body = blocks.map((block) => block.slice(0, block.indexOf('}'))).join('\n');
  return new Map(
    [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

const base = declared('\n:root');
const more = declared("\n:root[data-contrast='more']");

/** The value as the browser would compute it; of the functions of CSS those that tokens.css uses. */
function compute(value: string, theme: Theme): Rgb {
  if (value.startsWith('#')) return parseHex(value);
  const [, called = '', inner = ''] = /^([\w-]+)\((.*)\)$/s.exec(value) ?? [];
  if (called === 'var') return colourOf(inner.slice(2), theme);
  const [first = '', second = '', third = ''] = splitArguments(inner);
  if (called === 'light-dark') return compute(theme.scheme === 'light' ? first : second, theme);
  assert.equal(`${called} ${first}`, 'color-mix in srgb', value);
  const [, colour = '', share = ''] = /^(.*) (\d+)%$/s.exec(second) ?? [];
  return mix(compute(colour, theme), compute(third, theme), Number(share) / 100);
}

function colourOf(name: string, theme: Theme): Rgb {
  const chosen = declared(`[data-accent='${theme.accent}']`);
  const value =
    chosen.get(name) ?? (theme.contrast === 'more' ? more.get(name) : undefined) ?? base.get(name);
  assert.ok(value, `tokens.css has no colour ${name}`);
  return compute(value, theme);
}

/** At the commas that stand in no parentheses. */
function splitArguments(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const sign of text) {
    depth += sign === '(' ? 1 : sign === ')' ? -1 : 0;
    if (sign === ',' && depth === 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${sign}`);
  }
  return parts.map((part) => part.trim());
}

test("the browser's bar has the colour of the paper", () => {
  const [, light = '', dark = ''] = /--paper: light-dark\((#\w+), (#\w+)\)/.exec(css) ?? [];
  for (const file of ['../index.html', '../app/settings.ts']) {
    const text = readFileSync(new URL(file, import.meta.url), 'utf8');
    assert.ok(text.includes(light) && text.includes(dark), file);
  }
});

test('each accent has a colour, and high contrast is the same by the system and by the settings', () => {
  const named = [...css.matchAll(/\[data-accent='(\w+)'\]/g)].map(([, name]) => name);
  assert.deepEqual(named, ACCENTS);
  assert.deepEqual(declared('contrast: more) {\n  :root'), more);
});

for (const scheme of ['light', 'dark'] as const) {
  for (const contrast of ['normal', 'more'] as const) {
    const title = `in the ${scheme} theme${contrast === 'more' ? ' with high contrast' : ''}`;

    test(`text is readable ${title}, with every accent`, () => {
      const pairs = [
        ['ink', ['paper', 'raised', 'sunken']],
        ['soft', ['paper', 'raised', 'sunken']],
        ['accent', ['paper', 'raised', 'sunken']],
        ['accent-strong', ['paper', 'accent-wash']],
        ['ink', ['accent-wash']],
        ['alert', ['paper', 'raised']],
        ['on-accent', ['accent', 'accent-strong']],
      ] as const;
      for (const accent of ACCENTS) {
        const colour = (name: string): Rgb => colourOf(name, { scheme, contrast, accent });
        for (const [text, grounds] of pairs) {
          for (const ground of grounds)
            assertContrast(colour(text), colour(ground), 4.5, `${accent}: ${text} on ${ground}`);
        }
      }
    });

    const colour = (name: string): Rgb => colourOf(name, { scheme, contrast, accent: 'green' });
    test(`the edges of fields can be seen ${title}`, () => {
      for (const ground of ['paper', 'raised'])
        assertContrast(colour('edge'), colour(ground), 3, `edge on ${ground}`);
    });

    test(`every person's colour is readable ${title}`, () => {
      for (const tone of tones) {
        assertContrast(colour(tone), colour('paper'), 4.5, `${tone} on paper`);
        const avatar = mix(colour(tone), colour('paper'), wash);
        assertContrast(colour(tone), avatar, 4.5, `${tone} on its avatar`);
      }
    });
  }
}

function assertContrast(a: Rgb, b: Rgb, least: number, what: string): void {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  const ratio = (light + 0.05) / (dark + 0.05);
  assert.ok(ratio >= least, `${what}: ${ratio.toFixed(2)} is less than ${least}`);
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const part = (index: 0 | 1 | 2): number => a[index] * share + b[index] * (1 - share);
  return [part(0), part(1), part(2)];
}

function parseHex(hex: string): Rgb {
  const part = (start: number): number => Number.parseInt(hex.slice(start, start + 2), 16);
  return [part(1), part(3), part(5)];
}
