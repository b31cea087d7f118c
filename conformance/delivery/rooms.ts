/** The rooms of a trial. */
export const ROOMS: readonly string[] = ['red', 'green', 'blue'];
