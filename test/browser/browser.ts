/** Finds a Chromium (yours, the one that npm brought, or the system's) and starts it. */
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

/** Not `@sparticuz/chromium`'s own list: that one turns off web security and runs everything in one process. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
];

const SYSTEM_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

interface Executable {
  path: string;
  env: Readonly<Record<string, string>>;
}

let executable: Promise<Executable> | undefined;

/** Starts a headless browser. The caller closes it; an unpacked Chromium is deleted when this process exits. */
export async function launchBrowser(): Promise<Browser> {
  executable ??= findExecutable();
  const { path, env } = await executable;
  return chromium.launch({ executablePath: path, args: FLAGS, env: { ...definedEnv(), ...env } });
}

async function findExecutable(): Promise<Executable> {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') {
    if (!isExecutable(named)) throw new Error(`Cannot run CHROMIUM_PATH "${named}"`);
    return { path: named, env: {} };
  }
  // That of npm has no windows and nothing around them: a page opens in 0.8 s with it, in 1.9 s with a whole Chromium.
  if (process.platform === 'linux' && process.arch === 'x64') return unpackChromium();
  const installed = SYSTEM_PATHS.find(isExecutable);
  if (installed === undefined)
    throw new Error('There is no Chromium: install one, or name it in CHROMIUM_PATH');
  return { path: installed, env: {} };
}

/**
 * Unpacks the Chromium that came with npm into a folder of this process alone.
 *
 * `executablePath()` writes `$TMPDIR/chromium` bit by bit and takes any file of that name for complete, so two test
 * files (two processes) sharing a folder would start half a browser.
 */
async function unpackChromium(): Promise<Executable> {
  const folder = mkdtempSync(join(tmpdir(), 'websockets.io-chromium-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  // The package reads these while it is imported and changes them for the whole process: put them back afterwards,
  // or the servers that tests start would run with the browser's libraries.
  const touched = ['TMPDIR', 'AWS_LAMBDA_JS_RUNTIME', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH', 'HOME'];
  const before = touched.map((name) => [name, process.env[name]] as const);
  process.env['TMPDIR'] = folder;
  process.env['AWS_LAMBDA_JS_RUNTIME'] = 'nodejs20.x';
  try {
    const { default: packed } = await import('@sparticuz/chromium');
    const path = await packed.executablePath();
    writeFileSync(join(folder, 'fonts', 'fonts.conf'), fontConfiguration(folder));
    return {
      path,
      // For bare machines that have neither NSS nor a font; TMPDIR so that nothing is left elsewhere.
      env: {
        TMPDIR: folder,
        LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
        FONTCONFIG_PATH: join(folder, 'fonts'),
      },
    };
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/** The one that comes along looks for its fonts in /tmp/fonts, wherever they were unpacked: text would have no size. */
function fontConfiguration(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${join(folder, 'fonts', 'fonts')}</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function definedEnv(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}
