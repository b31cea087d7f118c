import { debuglog, type DebugLogger } from 'node:util';

/** Why a peer was refused or closed. Shown when the environment has `NODE_DEBUG=websockets.io`. */
export const debug: DebugLogger = debuglog('websockets.io');
