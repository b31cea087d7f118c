import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const BENCH: string = fileURLToPath(new URL('.', import.meta.url));
const repositoryNode = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
/** The repository's Node for every process, whatever Node started us. */
export const NODE: string = existsSync(repositoryNode) ? repositoryNode : process.execPath;
