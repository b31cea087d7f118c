/** Builds the service worker of a page that was built: one script at an address of its own, which names all files. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import type { Build } from './web/worker/answers.ts';

const ENTRY = fileURLToPath(new URL('web/worker/sw.ts', import.meta.url));

export async function buildWorker(folder: string, bundle: Rolldown.OutputBundle): Promise<void> {
  const page = readFileSync(join(folder, 'index.html'));
  const files = Object.keys(bundle)
    .filter((name) => name.startsWith('assets/') && !name.endsWith('.map'))
    .map((name) => `/${name}`)
    .sort();
  // As `server/page-files.ts` names it.
  const name = createHash('sha256').update(page).digest('base64url').slice(0, 12);
  const worker: Build = { name, files };
  await build({
    configFile: false,
    root: fileURLToPath(new URL('web', import.meta.url)),
    logLevel: 'warn',
    define: { BUILD: JSON.stringify(worker) },
    build: {
      outDir: folder,
      emptyOutDir: false,
      copyPublicDir: false,
      rolldownOptions: { input: ENTRY, output: { format: 'iife', entryFileNames: 'sw.js' } },
    },
  });
}
