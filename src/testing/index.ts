/** The public names of `websockets.io/testing`. */
export { historyLaws } from './history-laws.ts';
export type { LogUnderTest } from './history-stage.ts';
export { ManualClock } from './manual-clock.ts';
