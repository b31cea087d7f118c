/** Types only: looking back at what was said in rooms. */

/** A kept event. */
export interface HistoryEvent {
  /** Its place in the namespace's history: what its receivers got behind the arguments. */
  readonly position: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

/** What `history()` gives. */
export interface HistoryPage {
  /** Oldest first. */
  readonly events: readonly HistoryEvent[];
  /** Where history stands now. */
  readonly position: string;
  /** Something that was asked for is not kept any more, or `after` is no position of this history. */
  readonly gap: boolean;
}

export interface HistoryQuery {
  /** Events behind this position; the oldest of them first. */
  readonly after?: string | undefined;
  /** Events before this position; the newest of them. Without either: before now. */
  readonly before?: string | undefined;
  /** At most 1,000. Default 100. */
  readonly limit?: number | undefined;
}

export interface JoinOptions {
  /** A position. Without one, nothing is repeated. */
  readonly since?: string | null | undefined;
}

export interface Joined {
  /** Where history stands now: what to say as `since` the next time, if no event comes meanwhile. */
  readonly position: string;
  /** False if something since then is not kept any more, the position is unknown, or the socket is not connected: nothing is repeated. */
  readonly complete: boolean;
}
