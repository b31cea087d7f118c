/**
 * Draws the icons of the installed page from web/favicon.svg, with a Chromium. They are kept in git, so that a build
 * needs none:
 *
 *     node --conditions=source chat/make-icons.ts
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from '../test/browser/browser.ts';

interface Icon {
  file: string;
  px: number;
  /** For systems that cut the shape out themselves: no corners, and all that matters within the inner four fifths. */
  isWhole: boolean;
}

const ICONS: readonly Icon[] = [
  { file: 'icon-192.png', px: 192, isWhole: false },
  { file: 'icon-512.png', px: 512, isWhole: false },
  { file: 'icon-maskable-192.png', px: 192, isWhole: true },
  { file: 'icon-maskable-512.png', px: 512, isWhole: true },
  { file: 'apple-touch-icon.png', px: 180, isWhole: true },
];
const SAFE = 0.8;

const svg = readFileSync(new URL('web/favicon.svg', import.meta.url), 'utf8');
const ground = /<rect[^>]* fill="(#\w+)"/u.exec(svg)?.[1] ?? '';

const browser = await launchBrowser();
try {
  const page = await browser.newPage();
  for (const { file, px, isWhole } of ICONS) {
    await page.setViewportSize({ width: px, height: px });
    const size = isWhole ? `${SAFE * 100}%` : '100%';
    await page.setContent(`<!doctype html><style>
      body { margin: 0; display: grid; place-items: center; height: 100vh; background: ${isWhole ? ground : 'transparent'} }
      svg { width: ${size}; height: ${size} }
    </style>${svg}`);
    const path = fileURLToPath(new URL(`web/public/${file}`, import.meta.url));
    await page.screenshot({ path, omitBackground: true });
  }
} finally {
  await browser.close();
}
