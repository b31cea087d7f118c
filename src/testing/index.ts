/** The public names of `websockets.io/testing`. */
export { ManualClock } from './manual-clock.ts';
