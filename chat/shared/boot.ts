/** What the server writes into the page, so that it can draw itself before its socket is open. */
import type { Entered, Hello } from './reading.ts';

/** The state of the moment at which the page was asked for; what the socket answers brings it up to date. */
export interface Boot {
  hello: Hello;
  /** The newest page of the room that the address names, or of the default room. Null if it cannot be entered. */
  entered: Entered | null;
}

/** The `id` of the data block that holds it, as JSON. */
export const BOOT_ID = 'boot';
