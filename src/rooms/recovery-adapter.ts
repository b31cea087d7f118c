/**
 * Rooms that remember for a while: what was sent, and whose connection was lost, so that a client that comes back gets what
 * it missed (Socket.IO's "connection state recovery"). In the memory of this process.
 *
 * Each event that can be replayed carries an offset as its last argument: the client says the last one that it has seen.
 */
import { randomBytes } from 'node:crypto';
import type { AdapterPacket, KeptSession, RestoredSession } from './adapter.ts';
import type { Audience } from './audience.ts';
import { type AdapterScope, MemoryAdapter } from './memory-adapter.ts';

export interface RecoveryLimits {
  /** Milliseconds that a lost client and what was sent meanwhile are remembered. */
  readonly maxDisconnectionMs: number;
  /** Events, and as many clients, that are remembered; the oldest go first, and who needs one of them is not recovered. */
  readonly maxPackets: number;
}

interface KeptEvent {
  readonly audience: Audience;
  readonly data: readonly unknown[];
  readonly at: number;
}

interface Lost {
  readonly session: KeptSession;
  readonly at: number;
}

export class RecoveryAdapter extends MemoryAdapter {
  readonly #limits: RecoveryLimits;
  /** Both oldest first, as maps are. */
  readonly #events = new Map<string, KeptEvent>();
  readonly #sessions = new Map<string, Lost>();
  readonly #epoch = randomBytes(6).toString('base64url');
  #count = 0;
  #stopSweeping: (() => void) | undefined;

  constructor(scope: AdapterScope, limits: RecoveryLimits) {
    super(scope);
    this.#limits = limits;
  }

  override close(): void {
    this.#stopSweeping?.();
    super.close();
  }

  override broadcast(packet: AdapterPacket, audience: Audience): void {
    // Answers cannot be asked for twice, and what is volatile may be lost.
    if (packet.id === undefined && audience.flags.volatile !== true) {
      const offset = `${this.#epoch}.${(this.#count++).toString(36)}`;
      packet.data.push(offset);
      this.#events.set(offset, { audience, data: packet.data, at: this.scope.now() });
      this.#keepWithinLimits(this.#events);
    }
    super.broadcast(packet, audience);
  }

  override persistSession(session: KeptSession): void {
    this.#sessions.delete(session.pid);
    this.#sessions.set(session.pid, { session, at: this.scope.now() });
    this.#keepWithinLimits(this.#sessions);
  }

  override restoreSession(pid: string, offset: string): RestoredSession | null {
    this.#forgetOld();
    const lost = this.#sessions.get(pid);
    if (lost === undefined || !this.#events.has(offset)) return null;
    // Whoever comes second with the same id is somebody else.
    this.#sessions.delete(pid);
    const missedPackets: unknown[][] = [];
    let isMissed = false;
    for (const [at, { audience, data }] of this.#events) {
      if (isMissed && wasFor(lost.session, audience)) missedPackets.push([...data]);
      isMissed ||= at === offset;
    }
    return { ...lost.session, missedPackets };
  }

  #keepWithinLimits(kept: Map<string, unknown>): void {
    const [oldest] = kept.keys();
    if (kept.size > this.#limits.maxPackets && oldest !== undefined) kept.delete(oldest);
    this.#sweepLater();
  }

  #sweepLater(): void {
    this.#stopSweeping ??= this.scope.after(this.#limits.maxDisconnectionMs, () => {
      this.#stopSweeping = undefined;
      this.#forgetOld();
      if (this.#events.size > 0 || this.#sessions.size > 0) this.#sweepLater();
    });
  }

  #forgetOld(): void {
    const since = this.scope.now() - this.#limits.maxDisconnectionMs;
    for (const kept of [this.#events, this.#sessions]) {
      for (const [key, { at }] of kept) {
        if (at >= since) break;
        kept.delete(key);
      }
    }
  }
}

function wasFor(session: KeptSession, { rooms, except }: Audience): boolean {
  const isIn = (room: string): boolean => rooms.has(room);
  return (rooms.size === 0 || session.rooms.some(isIn)) && !session.rooms.some((room) => except.has(room));
}
