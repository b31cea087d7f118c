/** The chat as `npm start` runs it, but without limits of speed: `chaos-server.ts FOLDER PORT`. */
import { createChat } from '../server/chat.ts';
import type { FloodLimit } from '../server/flood-gate.ts';

const [, , dataFolder = '', port = '0'] = process.argv;
const fast: FloodLimit = { burst: 1_000_000, perSecond: 1_000_000 };
const chat = await createChat({
  dataFolder,
  floodLimits: { speakingAsGuest: fast, speakingInRoom: fast, speaking: fast, asking: fast },
});
// A process that is killed does not save what it compiled: the next start would take a second longer.
process.getBuiltinModule('node:module').flushCompileCache();
console.log(await chat.listen({ port: Number(port), host: '127.0.0.1' }));
