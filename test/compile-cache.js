// Stripping the types of the same sources anew is half of what a test file costs: each process keeps and takes it from here.
// Keys are the contents, so nothing stale is ever taken.
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url)));
