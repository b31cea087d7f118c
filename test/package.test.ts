/** The package as its users get it: built JavaScript, by `import` and by `require`, with its types. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const root = join(import.meta.dirname, '..');
const script = `
  const http = require('node:http').createServer();
  const io = new Server(http);
  io.on('connection', () => {});
  console.log(typeof io.emit, io.path());
`;

/** Runs a program in the repository without the `source` condition, as a stranger would. */
function run(...args: readonly string[]): string {
  return execFileSync(process.execPath, args, { cwd: join(root, 'examples'), encoding: 'utf8' }).trim();
}

describe('the built package', () => {
  it('by require', () => {
    assert.equal(run('-e', `const { Server } = require('websockets.io'); ${script}`), 'function /socket.io');
  });

  it('by import', () => {
    const head = `import { createRequire } from 'node:module'; import { Server } from 'websockets.io';
      const require = createRequire('${root}/x.js');`;
    assert.equal(run('--input-type=module', '-e', head + script), 'function /socket.io');
  });

  it('has declarations for what it exports, and no TypeScript in its import lines', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      exports: Record<string, string | Record<string, string>>;
    };
    for (const entry of Object.values(manifest.exports)) {
      const files = typeof entry === 'string' ? [entry] : Object.values(entry);
      for (const file of files)
        assert.ok(existsSync(join(root, file)), `${file} is missing: run "npm run build"`);
    }
    const built = globSync('dist/**/*.js', { cwd: root });
    assert.ok(built.length > 30);
    for (const file of built)
      assert.doesNotMatch(readFileSync(join(root, file), 'utf8'), /from '[^']+\.ts'/, file);
    assert.deepEqual(globSync('dist/**/*.test.*', { cwd: root }), []);
  });
});
