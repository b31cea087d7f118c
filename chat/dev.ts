/** `npm run dev`: rebuilds the page, restarts the server, and reloads the browser, whenever a source file changes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const watched = ['src', 'chat/server', 'chat/shared', 'chat/dist/web', 'chat/dist/on-server'];

/** Runs a Node program with the Node that runs this one. */
function run(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
}

const vite = join(root, 'node_modules/vite/bin/vite.js');
const build = [vite, 'build', '--watch', '--config', 'chat/vite.config.ts', '--logLevel', 'warn'];
const children = [
  run(build),
  run([...build, '--ssr', 'on-server.tsx']),
  // A page that meets a server with another build reloads itself, so a restart is all that it needs.
  run([
    '--watch',
    '--watch-preserve-output',
    ...watched.map((folder) => `--watch-path=${folder}`),
    '--conditions=source',
    'chat/start.js',
    ...process.argv.slice(2),
  ]),
];

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
  });
}
for (const child of children) {
  child.on('exit', (code) => {
    process.exitCode = code ?? 0;
    for (const other of children) other.kill('SIGTERM');
  });
}
