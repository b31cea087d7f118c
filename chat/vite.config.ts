import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin, type UserConfig } from 'vite';

/** What a first visit may cost, gzipped, and how many files it may fetch beside the socket. */
const BUDGET = { jsBytes: 70 * 1024, cssBytes: 14 * 1024, files: 4 } as const;

/** Writes .br and .gz beside each file, and fails the build when the page outgrows its budget or its CSP. */
function firstLoad(): Plugin {
  return {
    name: 'first-load',
    apply: 'build',
    writeBundle({ dir = '' }) {
      const sizes = { js: 0, css: 0 };
      const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) =>
        /\.(?:html|js|css|svg)$/u.test(name),
      );
      for (const name of files) {
        const bytes = readFileSync(join(dir, name));
        const gz = gzipSync(bytes, { level: 9 });
        const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
        writeFileSync(join(dir, `${name}.gz`), gz);
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(bytes, { params }));
        if (name.endsWith('.js')) sizes.js += gz.length;
        if (name.endsWith('.css')) sizes.css += gz.length;
        if (name.endsWith('.html')) checkPage(bytes.toString());
      }
      this.info(`first load: ${sizes.js} bytes of JS and ${sizes.css} of CSS (gz) in ${files.length} files`);
      if (sizes.js > BUDGET.jsBytes) this.error(`JS is ${sizes.js} bytes gz, over ${BUDGET.jsBytes}`);
      if (sizes.css > BUDGET.cssBytes) this.error(`CSS is ${sizes.css} bytes gz, over ${BUDGET.cssBytes}`);
      if (files.length > BUDGET.files) this.error(`${files.length} files, over ${BUDGET.files}`);
    },
  };
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

const config: UserConfig = defineConfig({
  root: fileURLToPath(new URL('web', import.meta.url)),
  // The page is English and speaks Preact: no plug-in needed.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // Every file is a file: data URIs would need holes in the policy.
    assetsInlineLimit: 0,
    modulePreload: false,
    // light-dark() and nesting are in every browser since spring 2024.
    cssTarget: ['chrome123', 'safari17.5', 'firefox120'],
  },
  plugins: [firstLoad()],
  server: {
    // `npx vite --config chat/vite.config.ts` beside a running chat server.
    proxy: { '/api': 'http://localhost:3000', '/socket.io': { target: 'http://localhost:3000', ws: true } },
  },
});

export default config;
