import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin, type Rolldown, type UserConfig, type UserConfigFnObject } from 'vite';
import { buildWorker } from './build-worker.ts';

/** What a first visit may cost, gzipped, and how many files it may fetch beside the socket: none of them in a language. */
const BUDGET = { jsBytes: 70 * 1024, cssBytes: 14 * 1024, files: 5 } as const;

/** What every visit fetches after the page is drawn. */
const AFTER_DRAWING = /\/core\/socket-wire\.ts$/u;

const SOCKET_CLIENT = join(
  dirname(createRequire(import.meta.url).resolve('socket.io-client/package.json')),
  'dist/socket.io.esm.min.js',
);

/** Writes .br and .gz beside each file, and fails the build when the first load outgrows its budget or its CSP. */
function firstLoad(): Plugin {
  return {
    name: 'first-load',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      await buildWorker(dir, bundle);
      const first = filesOfFirstLoad(bundle);
      const sizes = { js: 0, css: 0, later: 0 };
      const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) =>
        /\.(?:html|js|css|svg|json)$/u.test(name),
      );
      for (const name of files) {
        const bytes = readFileSync(join(dir, name));
        const gz = gzipSync(bytes, { level: 9 });
        const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
        writeFileSync(join(dir, `${name}.gz`), gz);
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(bytes, { params }));
        if (!first.has(name)) sizes.later += gz.length;
        else if (name.endsWith('.js')) sizes.js += gz.length;
        else if (name.endsWith('.css')) sizes.css += gz.length;
        if (name.endsWith('.html')) checkPage(bytes.toString());
      }
      const { js, css, later } = sizes;
      this.info(
        `first load: ${js} bytes of JS and ${css} of CSS (gz) in ${first.size} files; later: ${later}`,
      );
      if (files.filter((name) => name.endsWith('.css')).length > 1) this.error('A later chunk has styles');
      if (js > BUDGET.jsBytes) this.error(`JS is ${js} bytes gz, over ${BUDGET.jsBytes}`);
      if (css > BUDGET.cssBytes) this.error(`CSS is ${css} bytes gz, over ${BUDGET.cssBytes}`);
      if (first.size > BUDGET.files) this.error(`${first.size} files, over ${BUDGET.files}`);
    },
  };
}

/**
 * All that the entry imports is one file, also what later chunks share with it: each file more would be a request more.
 * The other modules lie where the bundler finds best.
 */
function firstChunk(id: string, graph: Rolldown.ChunkingContext): string | null {
  const seen = new Set<string>();
  const isFirst = (module: string): boolean => {
    if (seen.has(module)) return false;
    seen.add(module);
    const info = graph.getModuleInfo(module);
    return info !== null && (info.isEntry || [...info.importers].some(isFirst));
  };
  return isFirst(id) ? 'first' : null;
}

/** Later chunks have no styles of their own: the bundler's helper that waits for them would only make the page larger. */
function plainImports(): Plugin {
  return {
    name: 'plain-imports',
    apply: 'build',
    enforce: 'pre',
    load: {
      filter: { id: /vite\/preload-helper/u },
      handler: () => 'export const __vitePreload = (load) => load();',
    },
  };
}

/** The page, its icon, its script, and the socket. Other chunks are fetched when they are wanted. */
function filesOfFirstLoad(bundle: Rolldown.OutputBundle): Set<string> {
  const files = new Set<string>();
  const add = (name: string): void => {
    if (files.has(name)) return;
    files.add(name);
    const file = bundle[name];
    if (file?.type === 'chunk') file.imports.forEach(add);
  };
  const page = bundle['index.html'];
  const html = page?.type === 'asset' ? String(page.source) : '';
  add('index.html');
  for (const [, name = ''] of html.matchAll(/(?:src|href)="\/([^"]+)"/gu)) add(name);
  for (const file of Object.values(bundle)) {
    if (file.type === 'chunk' && AFTER_DRAWING.test(file.facadeModuleId ?? '')) add(file.fileName);
  }
  return files;
}

/** @throws {Error} when the page would need a weaker Content-Security-Policy or another origin. */
function checkPage(html: string): void {
  if (/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/iu.test(html)) {
    throw new Error('Cannot build: index.html has inline script or style');
  }
  if (/(?:src|href)="(?:https?:)?\/\//iu.test(html)) {
    throw new Error('Cannot build: index.html loads from another origin');
  }
}

/** The same for the page and for what draws it on the server, if they are of the same sources. */
function nameOfSources(): string {
  const hash = createHash('sha256');
  for (const folder of ['web', 'shared']) {
    const at = fileURLToPath(new URL(folder, import.meta.url));
    for (const name of readdirSync(at, { recursive: true, encoding: 'utf8' }).toSorted()) {
      if (/(?<!\.test)\.tsx?$/u.test(name)) hash.update(readFileSync(join(at, name)));
    }
  }
  return hash.digest('base64url').slice(0, 12);
}

const FIRST_CHUNK = { groups: [{ name: firstChunk, debugName: 'first' }] };

/** `vite build --ssr on-server.tsx`: what draws the page on the server, with all that it needs, beside the page. */
const ON_SERVER: UserConfig['build'] = {
  outDir: '../dist/on-server',
  emptyOutDir: true,
  // Named by its content: a server that runs while another build is made does not find half of that.
  rolldownOptions: {
    output: {
      entryFileNames: 'on-server-[hash].js',
      chunkFileNames: '[name]-[hash].js',
      codeSplitting: FIRST_CHUNK,
    },
  },
};

const PAGE: UserConfig['build'] = {
  outDir: '../dist/web',
  emptyOutDir: true,
  // Every file is a file: data URIs would need holes in the policy.
  assetsInlineLimit: 0,
  modulePreload: false,
  rolldownOptions: {
    output: { codeSplitting: FIRST_CHUNK },
  },
  // light-dark() and nesting are in every browser since spring 2024.
  cssTarget: ['chrome123', 'safari17.5', 'firefox120'],
};

const config: UserConfigFnObject = defineConfig(({ isSsrBuild = false }) => ({
  root: fileURLToPath(new URL('web', import.meta.url)),
  // The page speaks Preact: no plug-in needed.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // As one module: put together from its parts, it would need a chunk of the bundler's own, which is one request more.
  resolve: { alias: { 'socket.io-client': SOCKET_CLIENT } },
  define: { NAME_OF_SOURCES: JSON.stringify(nameOfSources()) },
  build: isSsrBuild ? ON_SERVER : PAGE,
  ssr: { noExternal: true },
  plugins: isSsrBuild ? [] : [plainImports(), firstLoad()],
  server: {
    // `npx vite --config chat/vite.config.ts` beside a running chat server.
    proxy: {
      '/api': 'http://localhost:3000',
      '/previews': 'http://localhost:3000',
      '/hooks': 'http://localhost:3000',
      '/socket.io': { target: 'http://localhost:3000', ws: true },
    },
  },
}));

export default config;
