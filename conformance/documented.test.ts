/** Every documented name is played somewhere. That its scenario says enough of it, a reader must judge. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { NAMES } from './documented.ts';

const folder = new URL('.', import.meta.url);
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('documented') && !file.startsWith('websocket'))
  .map((file) => readFileSync(new URL(file, folder), 'utf8'))
  .join('\n');

describe('documented names that no scenario mentions', () => {
  for (const [owner, names] of Object.entries(NAMES)) {
    test(`of the ${owner}`, () => {
      const missing = names.filter((name) => {
        // As a member, an option, an event, or one that is taken out of its object.
        const uses = [
          `.${name}`,
          `${name}:`,
          `'${name}'`,
          `{ ${name} `,
          `, ${name} `,
          `, ${name},`,
          `{ ${name},`,
        ];
        return !uses.some((use) => sources.includes(use));
      });
      assert.deepEqual(missing, []);
    });
  }
});
