/**
 * An EventEmitter that keeps nothing before somebody listens: what its constructor makes would be 230 bytes of each connection,
 * and most are never listened to. The methods make it when they need it, as they do for any object that inherits them.
 */
import { EventEmitter } from 'node:events';

function Emitter(): void {}
Emitter.prototype = EventEmitter.prototype;

export const LateEmitter: typeof EventEmitter = Emitter as unknown as typeof EventEmitter;
