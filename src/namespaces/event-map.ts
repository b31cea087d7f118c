/** Types only: which events a side may send, with which arguments. */

/** Events by name; each a function whose parameters are the event's arguments, an acknowledgement last. */
export type EventsMap = object;

/** Any event with any arguments: what one gets without declaring a map. */
export interface DefaultEventsMap {
  // Handlers of untyped events name their own parameter types, as with Socket.IO; `unknown` would refuse them.
  // oxlint-disable-next-line typescript/no-explicit-any
  [event: string]: (...args: any[]) => void;
}

/** A listener of anything, as Node's emitters take it. */
// oxlint-disable-next-line typescript/no-explicit-any -- its parameters are for the user to say
export type AnyListener = (...args: any[]) => unknown;

export type EventNames<Map extends EventsMap> = keyof Map & string;

/** A handler may return anything, a promise for instance: nobody looks at it. */
export type EventHandler<Map extends EventsMap, Name extends keyof Map> = Map[Name] extends (
  ...args: infer Args
) => unknown
  ? (...args: Args) => unknown
  : never;

export type EventArguments<Map extends EventsMap, Name extends keyof Map> = Map[Name] extends (
  ...args: infer Args
) => unknown
  ? Args
  : never;

type AllButLast<List extends readonly unknown[]> = List extends [...infer Rest, unknown] ? Rest : never;
type Last<List extends readonly unknown[]> = List extends [...unknown[], infer Final] ? Final : never;
/** True for `unknown[]`: the map says nothing of this event's arguments. */
type IsOpen<List extends readonly unknown[]> = number extends List['length'] ? true : false;

/** The names of the events that end in an acknowledgement, as far as the map says. */
export type EventNamesWithAck<Map extends EventsMap> = {
  [Name in EventNames<Map>]: IsOpen<EventArguments<Map, Name>> extends true
    ? Name
    : EventArguments<Map, Name> extends [...unknown[], (...args: never) => unknown]
      ? Name
      : never;
}[EventNames<Map>];

/** The arguments of an event that ends in an acknowledgement, without it. */
export type ArgumentsBeforeAck<Map extends EventsMap, Name extends keyof Map> =
  IsOpen<EventArguments<Map, Name>> extends true
    ? EventArguments<Map, Name>
    : AllButLast<EventArguments<Map, Name>>;

/** What the acknowledgement of an event carries: its first argument, or the second behind a declared error. */
export type AckResult<Map extends EventsMap, Name extends keyof Map> =
  IsOpen<EventArguments<Map, Name>> extends true
    ? EventArguments<Map, Name>[number]
    : Last<EventArguments<Map, Name>> extends (...args: infer Args) => unknown
      ? Args[0] extends Error
        ? Args[1]
        : Args[0]
      : never;

/** The arguments of an event under `timeout()`: its acknowledgement is told first whether it came too late. */
export type TimedArguments<Map extends EventsMap, Name extends keyof Map> =
  IsOpen<EventArguments<Map, Name>> extends true
    ? EventArguments<Map, Name>
    : Last<EventArguments<Map, Name>> extends (...args: infer Args) => infer Result
      ? [...AllButLast<EventArguments<Map, Name>>, (...args: Timed<Args>) => Result]
      : EventArguments<Map, Name>;

/**
 * Maps may declare the error themselves, as Socket.IO's older guides did: then it stands there already. It is `null` when
 * the answer came in time; the type says `Error`, as Socket.IO's does, so that handlers annotated for it compile.
 */
type Timed<Args extends readonly unknown[]> = Args extends [Error, ...unknown[]]
  ? Args
  : [error: Error, ...Args];
