/** Who may import whom: the walls of ARCHITECTURE.md, held by reading the import lines. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, it } from 'node:test';

const root = join(import.meta.dirname, '..');

/** A folder of `src/` (or a file at its top) → what it may import besides itself, `errors` and the options. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  // The types of two options.
  options: ['rooms/adapter', 'socketio/codec'],
  'history-options': ['history/history-log', 'history/journal'],
  'http-options': [],
  // The type of what the user's function is asked about.
  'presence-options': ['namespaces/socket'],
  // The type of one argument.
  'receive-once-options': ['namespaces/socket'],
  'option-checks': [],
  'random-id': [],
  'late-emitter': [],
  'node-http': [],
  websocket: [],
  engineio: [],
  socketio: [],
  history: [],
  cluster: [],
  rooms: ['history', 'cluster', 'socketio'],
  namespaces: ['rooms', 'socketio'],
  transport: ['websocket', 'engineio', 'rooms/prepared-packet'],
  testing: ['*'],
  connection: ['*'],
  drain: ['transport'],
  'attach-target': [],
  server: ['*'],
  index: ['*'],
  'websocket-api': ['*'],
  'history-api': ['*'],
  'engine-server': ['*'],
  'engine-api': ['*'],
};
const FOR_ALL = [
  'errors',
  'options',
  'http-options',
  'history-options',
  'presence-options',
  'receive-once-options',
  'option-checks',
  'random-id',
  'late-emitter',
  'node-http',
];
/** The one place where the encoders meet. */
const PREPARED_PACKET = ['websocket', 'engineio', 'socketio'];

/** Who may use which modules of Node: the rest is pure. Types of them are free. */
const NODE_MODULES: Readonly<Record<string, readonly string[]>> = {
  'option-checks': ['node:util'],
  'random-id': ['node:crypto'],
  'late-emitter': ['node:events'],
  websocket: ['node:buffer', 'node:crypto', 'node:zlib'],
  engineio: ['node:buffer'],
  socketio: ['node:buffer'],
  history: ['node:crypto', 'node:fs', 'node:path', 'node:sqlite', 'node:url', 'node:v8'],
  rooms: ['node:events', 'node:crypto'],
  namespaces: ['node:events', 'node:crypto'],
  transport: ['*'],
  testing: ['node:assert/strict', 'node:test'],
  'node-http': ['node:module'],
};

interface Import {
  file: string;
  from: string;
  isType: boolean;
}

const files = globSync('src/**/*.ts', { cwd: root }).filter(
  (file) => !/\.test\.ts$|feed-in-every-way/.test(file),
);
const imports = files.flatMap(importsOf);

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(/^(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'|^import\s+'([^']+)'/gm);
  return [...found].map(([, type, from, bare]) => ({
    file,
    from: from ?? bare ?? '',
    isType: type !== undefined,
  }));
}

/** `src/rooms/audience.ts` → `rooms`; `src/server.ts` → `server`. */
function layerOf(file: string): string {
  return relative('src', file).split('/')[0]?.replace(/\.ts$/, '') ?? '';
}

describe('layers', () => {
  it('reads the import lines', () => {
    assert.ok(files.length > 30 && imports.length > 100, `${files.length} files, ${imports.length} imports`);
  });

  it('every folder and top file has its row', () => {
    assert.deepEqual(
      [...new Set(files.map(layerOf))].filter((layer) => !(layer in MAY_IMPORT)),
      [],
    );
  });

  for (const { file, from, isType } of imports) {
    if (from.startsWith('.')) {
      it(`${file} may import ${from}`, () => {
        const target = normalize(join(dirname(file), from));
        const [layer, targetLayer] = [layerOf(file), layerOf(target)];
        const allowed = [...(MAY_IMPORT[layer] ?? []), layer, ...FOR_ALL];
        if (file === 'src/rooms/prepared-packet.ts') allowed.push(...PREPARED_PACKET);
        const name = relative('src', target).replace(/\.ts$/, '');
        assert.ok(allowed.includes('*') || allowed.includes(targetLayer) || allowed.includes(name));
      });
    } else {
      it(`${file} may import ${from}`, () => {
        const allowed = NODE_MODULES[layerOf(file)] ?? [];
        assert.ok(isType || allowed.includes('*') || allowed.includes(from));
      });
    }
  }

  it('the protocol folders read no clock and set no timer', () => {
    for (const file of files.filter((name) =>
      /^src\/(websocket|engineio|socketio|history|rooms|namespaces)\//.test(name),
    )) {
      const text = readFileSync(join(root, file), 'utf8');
      assert.doesNotMatch(
        text,
        /Date\.now|performance\.now|setTimeout|setInterval|setImmediate|nextTick/,
        file,
      );
    }
  });

  it('the chat, the examples and the conformance suites know the library by its name only', () => {
    for (const file of globSync('{chat,examples,conformance,bench}/**/*.{ts,tsx}', { cwd: root })) {
      if (file.includes('node_modules')) continue;
      for (const { from } of importsOf(file)) assert.doesNotMatch(from, /\/src\//, `${file} imports ${from}`);
    }
  });

  it('no file is longer than 400 lines', () => {
    for (const file of files) {
      const lines = readFileSync(join(root, file), 'utf8').split('\n').length;
      assert.ok(lines <= 401, `${file} has ${lines} lines`);
    }
  });
});
