// Starts the chat. Plain JavaScript that every Node can parse, so that an old one gets a sentence, not a stack trace.
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 13)) {
  refuse(`This chat needs Node 22.13 or later; this is Node ${process.version}: "npm start" brings its own.`);
} else if (!process.features.typescript) {
  refuse(
    `Node ${process.version} reads TypeScript only when asked: node --experimental-strip-types --conditions=source chat/start.js`,
  );
} else {
  // What Node makes of our sources is kept by their content: stripping their types anew takes most of a second and 30 MB
  // at each start. The build starts once, so that the first start finds it, too.
  // Not by `import * as`: that runs all getters of node:module, one of which loads a compiler of 19 MB.
  const { enableCompileCache } = process.getBuiltinModule('node:module');
  enableCompileCache(fileURLToPath(new URL('dist/compile-cache', import.meta.url)));
  start();
}

function start() {
  import('./server/main.ts')
    .then(({ main }) => main(process.argv.slice(2)))
    .catch((error) => {
      if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
      refuse('A part of the chat is missing: run "npm ci" first, then "npm start".');
    });
}

function refuse(sentence) {
  console.error(sentence);
  process.exitCode = 1;
}
