/**
 * Laws:
 *  1. What was found at an address is known until it expires, also that nothing was found.
 *  2. An attached preview is part of its message, wherever that is read, and takes the room's next rev.
 *  3. It is attached only to a message that still says what it said, is not deleted, and had none.
 *  4. One that was taken away stays away, until an edit drops it; taking it away takes a rev, doing it again takes none.
 *  5. An edit that drops the preview does so with its own rev; another edit keeps it.
 *  6. A deleted message has no preview, a restored one has it again, and after the sweep it has none for good.
 *  7. Pictures have so many bytes at most: the oldest go, and their previews stay without them.
 *  8. The sweep forgets what has expired, and pictures that nothing shows any more.
 */
import type { Message } from '../../shared/messages.ts';

/** What a page says about itself. */
export interface Found {
  title: string;
  /** Empty if it says nothing more. */
  description: string;
  image: { id: string; width: number; height: number } | null;
}

export interface NewImage {
  id: string;
  type: string;
  bytes: Uint8Array;
}

export interface Remember {
  urlHash: Uint8Array;
  /** Null: nothing. */
  found: Found | null;
  /** The picture that `found` names. */
  image: NewImage | null;
  at: number;
  expires: number;
  /** Of all pictures together. */
  mostImageBytes: number;
}

export interface Attach {
  room: string;
  seq: number;
  /** What the message must still say. */
  body: string;
  /** Where the preview leads: the link as it stands in the message. */
  href: string;
  found: Found;
}

export interface Previews {
  /** Undefined: not known. Null: nothing is there. */
  known(urlHash: Uint8Array, at: number): Promise<Found | null | undefined>;
  remember(remember: Remember): Promise<void>;
  /** Null if it was not attached. */
  attach(attach: Attach): Promise<Message | null>;
  /** Rejects if there is no such message. */
  takeAway(room: string, seq: number): Promise<Message>;
  image(id: string): Promise<{ type: string; bytes: Uint8Array } | null>;
  sweep(at: number): Promise<void>;
}
