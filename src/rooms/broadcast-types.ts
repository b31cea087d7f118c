/** Types only: what an event that is sent to many takes, and what their acknowledgements give. */

/** The arguments of an event, as a map of events declares them. */
export type Arguments<Map, Name extends keyof Map> = Map[Name] extends (...args: infer Args) => unknown
  ? Args
  : never;

type AllButLast<List extends readonly unknown[]> = List extends [...infer Rest, unknown] ? Rest : never;
type Last<List extends readonly unknown[]> = List extends [...unknown[], infer Final] ? Final : undefined;
/** True for `unknown[]`: the map says nothing of this event's arguments. */
type IsOpen<List extends readonly unknown[]> = number extends List['length'] ? true : false;

/** What one client answers: the first argument of the acknowledgement, or the second behind a declared error. */
type AnswerOf<List extends readonly unknown[]> =
  Last<List> extends (...args: infer Args) => unknown
    ? Args extends [Error, infer Second, ...unknown[]]
      ? Second
      : Args[0]
    : never;

/** The arguments of an event whose acknowledgement, if it has one, gets the answers of all. */
export type BroadcastArguments<Map, Name extends keyof Map> =
  IsOpen<Arguments<Map, Name>> extends true
    ? Arguments<Map, Name>
    : Last<Arguments<Map, Name>> extends (...args: never) => unknown
      ? [
          ...AllButLast<Arguments<Map, Name>>,
          (error: Error, answers: AnswerOf<Arguments<Map, Name>>[]) => void,
        ]
      : Arguments<Map, Name>;

/** The arguments before the acknowledgement. */
export type AskedArguments<Map, Name extends keyof Map> =
  IsOpen<Arguments<Map, Name>> extends true ? Arguments<Map, Name> : AllButLast<Arguments<Map, Name>>;

/** The answers of all. */
export type Answers<Map, Name extends keyof Map> =
  // oxlint-disable-next-line typescript/no-explicit-any -- a map that says nothing of the arguments
  IsOpen<Arguments<Map, Name>> extends true ? any[] : AnswerOf<Arguments<Map, Name>>[];
