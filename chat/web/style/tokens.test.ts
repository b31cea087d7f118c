import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

type Rgb = readonly [number, number, number];

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');
const colours = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light: parseHex(light), dark: parseHex(dark) }],
  ),
);
const wash = Number(/--tone-wash: (\d+)%/.exec(css)?.[1]) / 100;
const tones = Array.from({ length: 8 }, (_, index) => `tone-${index}`);

test("the browser's bar has the colour of the paper", () => {
  const [, light = '', dark = ''] = /--paper: light-dark\((#\w+), (#\w+)\)/.exec(css) ?? [];
  for (const file of ['../index.html', '../app/settings.ts']) {
    const text = readFileSync(new URL(file, import.meta.url), 'utf8');
    assert.ok(text.includes(light) && text.includes(dark), file);
  }
});

for (const theme of ['light', 'dark'] as const) {
  const colour = (name: string): Rgb => {
    const found = colours.get(name);
    assert.ok(found, `tokens.css has no colour ${name}`);
    return found[theme];
  };

  test(`text is readable in the ${theme} theme`, () => {
    const pairs = [
      ['ink', ['paper', 'raised', 'sunken']],
      ['soft', ['paper', 'raised', 'sunken']],
      ['accent', ['paper', 'raised', 'sunken']],
      ['accent-strong', ['paper', 'accent-wash']],
      ['alert', ['paper', 'raised']],
      ['on-accent', ['accent', 'accent-strong']],
    ] as const;
    for (const [text, grounds] of pairs) {
      for (const ground of grounds) assertContrast(colour(text), colour(ground), 4.5, `${text} on ${ground}`);
    }
  });

  test(`the edges of fields can be seen in the ${theme} theme`, () => {
    for (const ground of ['paper', 'raised'])
      assertContrast(colour('edge'), colour(ground), 3, `edge on ${ground}`);
  });

  test(`every person's colour is readable in the ${theme} theme`, () => {
    for (const tone of tones) {
      assertContrast(colour(tone), colour('paper'), 4.5, `${tone} on paper`);
      const avatar = mix(colour(tone), colour('paper'), wash);
      assertContrast(colour(tone), avatar, 4.5, `${tone} on its avatar`);
    }
  });
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
