/** What importing the library costs in memory: Node loads its own parts only when somebody asks for them. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';

/** Megabytes, of which nothing here makes use. */
const HEAVY = /^NativeModule internal\/(?:deps\/undici\/undici|http2\/core|webstreams\/readablestream)$/;
const root = join(import.meta.dirname, '..');

function loadedBy(what: string): string[] {
  const program = `await import(${JSON.stringify(what)}); console.log(JSON.stringify(process.moduleLoadList))`;
  const printed = execFileSync(
    process.execPath,
    ['--conditions=source', '--input-type=module', '--eval', program],
    { cwd: root, encoding: 'utf8' },
  );
  return JSON.parse(printed) as string[];
}

describe('imports that Node makes expensive are not made', () => {
  for (const what of ['websockets.io', 'websockets.io/websocket', './chat/server/chat.ts']) {
    it(what, () => {
      const loaded = loadedBy(what);
      assert.ok(loaded.length > 100, 'Node tells what it loaded');
      assert.deepEqual(
        loaded.filter((name) => HEAVY.test(name)),
        [],
      );
    });
  }
});
