/** How often what may be done, and by whom it is counted. */
import { FloodGate, type FloodLimit } from './flood-gate.ts';

const HOUR = 60 * 60;
const DAY = 24 * HOUR;

export type FloodLimits = Record<GateName, FloodLimit>;
export type GateName =
  | 'speakingAsGuest'
  | 'speaking'
  | 'speakingAsBot'
  | 'speakingInRoom'
  | 'changing'
  | 'reacting'
  | 'typing'
  | 'asking'
  | 'searching'
  | 'mentioningRoom'
  | 'announcing'
  | 'makingRooms'
  | 'writingToStrangers'
  | 'inviting'
  | 'makingWebhooks'
  | 'previewing'
  | 'arriving'
  | 'renaming'
  | 'signingIn'
  | 'signingInAs'
  | 'guessingCodes'
  | 'askingChallenges'
  | 'addingPasskeys'
  | 'linkingDevices'
  | 'connecting';

export const FLOOD_LIMITS: Readonly<FloodLimits> = {
  /** By person. */
  speakingAsGuest: { burst: 10, perSecond: 0.5 },
  speaking: { burst: 10, perSecond: 1 },
  speakingAsBot: { burst: 40, perSecond: 20 },
  /** By room: what a reader could follow ends far below. */
  speakingInRoom: { burst: 400, perSecond: 100 },
  /** Edits, deletions and removals, by person: whoever cleans up after somebody is not to wait. */
  changing: { burst: 20, perSecond: 3 },
  /** By person. */
  reacting: { burst: 15, perSecond: 5 },
  /** By person and room; the page repeats it every 3 s. */
  typing: { burst: 3, perSecond: 0.5 },
  /** By connection. */
  asking: { burst: 60, perSecond: 20 },
  /** By person. */
  searching: { burst: 15, perSecond: 3 },
  /** By room. */
  mentioningRoom: { burst: 1, perSecond: 1 / 60 },
  /** By person: coming, going, names, topics and who is brought in are stored and told to the room, too. */
  announcing: { burst: 30, perSecond: 0.5 },
  /** By person. */
  makingRooms: { burst: 20, perSecond: 20 / DAY },
  writingToStrangers: { burst: 10, perSecond: 10 / HOUR },
  inviting: { burst: 20, perSecond: 20 / DAY },
  makingWebhooks: { burst: 20, perSecond: 20 / DAY },
  /** By person: pages that are fetched for what they link to. */
  previewing: { burst: 5, perSecond: 5 / 60 },
  /** By address: a whole class behind one address must be able to come in at once. */
  arriving: { burst: 60, perSecond: 1 },
  /** By person. */
  renaming: { burst: 5, perSecond: 5 / DAY },
  /** By person. */
  addingPasskeys: { burst: 20, perSecond: 20 / HOUR },
  linkingDevices: { burst: 10, perSecond: 1 / 30 },
  /** By address, and by whom they want to be. */
  signingIn: { burst: 30, perSecond: 10 / 180 },
  signingInAs: { burst: 10, perSecond: 10 / 180 },
  /** By address. */
  guessingCodes: { burst: 30, perSecond: 0.2 },
  /** The page asks for one each time that it shows the form for signing in. */
  askingChallenges: { burst: 120, perSecond: 1 },
  connecting: { burst: 200, perSecond: 10 },
};

export class FloodGates {
  readonly #gates: Readonly<Record<GateName, FloodGate>>;

  constructor(now: () => number, changed: Partial<FloodLimits> = {}) {
    const gates = Object.entries({ ...FLOOD_LIMITS, ...changed }).map(([name, limit]) => [
      name,
      new FloodGate(limit, now),
    ]);
    this.#gates = Object.fromEntries(gates) as Record<GateName, FloodGate>;
  }

  /** 0, or how long to wait. */
  waitMs(name: GateName, key: string | number): number {
    return this.#gates[name].waitMs(String(key));
  }

  pass(name: GateName, key: string | number): boolean {
    return this.waitMs(name, key) === 0;
  }
}
