/** The chat as a process of its own, as people start it. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './temporary-folder.ts';

const START = fileURLToPath(new URL('../start.js', import.meta.url));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Started {
  child: ChildProcess;
  url: string;
  ended: Promise<Ended>;
}

/** Port 0 comes from the environment here, so that both ways are used. */
export async function start(context: TestContext, args: readonly string[]): Promise<Started> {
  const { child, ended } = spawnChat(context, args, { PORT: '0' });
  const line = await Promise.race([
    once(child.stdout, 'data').then(([chunk]) => String(chunk)),
    ended.then(({ stderr }) => assert.fail(`The chat did not start: ${stderr}`)),
  ]);
  const url = /http:\/\/[^ \n]+/.exec(line)?.[0] ?? '';
  return { child, url, ended };
}

export function run(
  context: TestContext,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  return spawnChat(context, args, env).ended;
}

function spawnChat(context: TestContext, args: readonly string[], env: Record<string, string>) {
  const child = spawn(process.execPath, ['--conditions=source', START, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...env },
    cwd: temporaryFolder(context),
  });
  context.after(() => child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return { child, ended };
}

export function assertOneSentence(ended: Ended, code: number): void {
  assert.deepEqual([ended.code, ended.stdout], [code, ''], ended.stderr);
  assert.match(ended.stderr, /^[^\n]+[.)]\n$/);
  assert.doesNotMatch(ended.stderr, /\bat .+:\d+:\d+|Error:/, 'no stack trace');
}

export function writeDatabase(file: string, sql: string): void {
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
}
