/**
 * One Engine.IO session: its heartbeat, its upgrade, its end (Engine.IO protocols v4 and v3, "Heartbeat" and "Upgrade").
 *
 * Theory of operation. The session does nothing by itself: it is told of packets and of the time, and answers with
 * what follows from them. Three small machines stand beside each other:
 *
 *   state      open -> closing -> closed   `closing` from the moment the end is certain until the transport is gone
 *   heartbeat  quiet -> awaiting pong -> quiet   the server pings, the client answers; revision 3: the client pings
 *   probe      none -> probed -> upgraded   on a candidate transport, while packets go on over the current one
 */

import type { Buffer } from 'node:buffer';
import { ProtocolError } from '../errors.ts';
import { parsePacket } from './packet.ts';
import type { EnginePacket } from './packet.ts';
import { parsePacketV3 } from './packet-v3.ts';

/**
 * What a received packet means. After `closed` or `failed` the session is closing: the caller lets the transport go
 * and calls `closed()`.
 */
export type SessionEvent =
  | { type: 'message'; data: string | Buffer }
  /** `reply`, with revision 3, is the pong to send. */
  | { type: 'heartbeat'; reply?: EnginePacket }
  | { type: 'closed' }
  | { type: 'failed'; reason: 'parse error' | 'transport error'; detail: string }
  | { type: 'ignored' };

/** What a session is made from. Times are in milliseconds, on any clock that only moves forward. */
export interface SessionOptions {
  readonly id: string;
  /** Default 4. */
  readonly revision?: 3 | 4;
  /** From the opening, or from a pong, to the next ping. */
  readonly pingIntervalMs: number;
  /** How long a pong may take; with revision 3, how long a ping may be overdue. */
  readonly pingTimeoutMs: number;
  readonly now: number;
}

type Heartbeat = 'quiet' | 'awaiting pong' | 'awaiting pong, extended';

const HEARTBEAT: SessionEvent = Object.freeze({ type: 'heartbeat' });
const CLOSED: SessionEvent = Object.freeze({ type: 'closed' });
const IGNORED: SessionEvent = Object.freeze({ type: 'ignored' });

/** The server's side of one session. */
export class Session {
  readonly id: string;
  readonly revision: 3 | 4;
  readonly #pingIntervalMs: number;
  readonly #pingTimeoutMs: number;
  #deadline: number;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #heartbeat: Heartbeat = 'quiet';
  #probe: 'none' | 'probed' | 'upgraded' = 'none';

  constructor(options: SessionOptions) {
    this.id = options.id;
    this.revision = options.revision ?? 4;
    this.#pingIntervalMs = options.pingIntervalMs;
    this.#pingTimeoutMs = options.pingTimeoutMs;
    this.#deadline = options.now + this.#quietMs;
  }

  get state(): 'open' | 'closing' | 'closed' {
    return this.#state;
  }

  /** The next moment at which `tick` wants to be called; it may move later at any time. `Infinity` when closed. */
  get deadline(): number {
    return this.#deadline;
  }

  /** Whether a candidate transport has probed and not yet been upgraded to. */
  get upgrading(): boolean {
    return this.#probe === 'probed';
  }

  /** Whether the session has moved to another transport, which it does at most once. */
  get upgraded(): boolean {
    return this.#probe === 'upgraded';
  }

  /** Builds the first packet that the client gets. `upgrades` are the transports it may move to. */
  openPacket(handshake: { upgrades: readonly string[]; maxPayloadBytes: number }): EnginePacket {
    const data = {
      sid: this.id,
      upgrades: handshake.upgrades,
      pingInterval: this.#pingIntervalMs,
      pingTimeout: this.#pingTimeoutMs,
      maxPayload: handshake.maxPayloadBytes,
    };
    return { type: 'open', data: JSON.stringify(data) };
  }

  /**
   * Receives one message of the current transport, and never throws for what a peer sent. The same as `parsePacket`
   * and `receive`, with malformed text answered by `receiveMalformed`.
   */
  receiveMessage(message: string | Buffer, now: number): SessionEvent {
    let packet: EnginePacket;
    try {
      packet = this.revision === 3 ? parsePacketV3(message) : parsePacket(message);
    } catch (error) {
      if (error instanceof ProtocolError) return this.receiveMalformed(error);
      throw error;
    }
    return this.receive(packet, now);
  }

  /** Receives one packet of the current transport. A message is returned as the very packet that came in. */
  receive(packet: EnginePacket, now: number): SessionEvent {
    if (this.#state !== 'open')
      return this.#state === 'closing' && packet.type === 'close' ? CLOSED : IGNORED;
    // A large message may hold up the pong behind it. Once per ping, so that messages alone keep no session alive.
    if (this.#heartbeat === 'awaiting pong' && packet.type !== 'pong') {
      this.#heartbeat = 'awaiting pong, extended';
      this.#deadline = now + this.#pingTimeoutMs;
    }
    switch (packet.type) {
      case 'message':
        return packet;
      case 'pong':
        if (this.revision === 3) return this.#failDirection('pong');
        this.#heartbeat = 'quiet';
        this.#deadline = now + this.#quietMs;
        return HEARTBEAT;
      case 'close':
        this.#end();
        return CLOSED;
      case 'ping':
        if (this.revision === 4) return this.#failDirection('ping');
        this.#deadline = now + this.#quietMs;
        return { type: 'heartbeat', reply: { type: 'pong', data: packet.data } };
      // Without a meaning from a client on its own transport, and without harm.
      case 'open':
      case 'upgrade':
      case 'noop':
        break;
    }
    return IGNORED;
  }

  /** Receives what could not be parsed as a packet or payload: the session fails with `parse error`. */
  receiveMalformed(error: ProtocolError): SessionEvent {
    return this.#state === 'open' ? this.#fail('parse error', error.message) : IGNORED;
  }

  /**
   * Receives one packet of a candidate transport. After `probed` the caller answers pong `probe` there and empties
   * the current transport; after `upgraded` the candidate is the current one; after `failed` it is to be closed.
   *
   * There is one probe at a time. A second ping `probe` fails without ending the first one, as it comes from another
   * candidate; any other wrong packet ends the probe. A closing session can still be upgraded, so that what it has
   * left to send arrives.
   */
  receiveProbe(packet: EnginePacket): 'probed' | 'upgraded' | 'failed' {
    if (this.#state === 'closed' || this.#probe === 'upgraded') return 'failed';
    if (packet.type === 'ping' && packet.data === 'probe') {
      if (this.#probe === 'probed') return 'failed';
      this.#probe = 'probed';
      return 'probed';
    }
    if (packet.type === 'upgrade' && this.#probe === 'probed') {
      this.#probe = 'upgraded';
      return 'upgraded';
    }
    this.#probe = 'none';
    return 'failed';
  }

  /** Forgets the probe: its candidate has closed, or took too long. Without a probe it does nothing. */
  abandonProbe(): void {
    if (this.#probe === 'probed') this.#probe = 'none';
  }

  /**
   * Called at the deadline; harmless before it.
   *
   * @returns `ping`: send one now; `ping timeout`: the pong, the ping of a v3 client, or the end of a closing session,
   * is overdue, which is said once; `wait`: nothing is due before `deadline`
   */
  tick(now: number): 'ping' | 'ping timeout' | 'wait' {
    if (now < this.#deadline) return 'wait';
    if (this.#state === 'open' && this.#heartbeat === 'quiet' && this.revision === 4) {
      this.#heartbeat = 'awaiting pong';
      this.#deadline = now + this.#pingTimeoutMs;
      return 'ping';
    }
    this.#end();
    return 'ping timeout';
  }

  /**
   * Begins to close from our side: what is queued may still be sent, nothing more is delivered.
   *
   * @returns whether this call began it
   */
  close(): boolean {
    if (this.#state !== 'open') return false;
    this.#state = 'closing';
    return true;
  }

  /**
   * Ends the session: its transport is gone.
   *
   * @returns whether this call ended it, so that the end is told once
   */
  closed(): boolean {
    if (this.#state === 'closed') return false;
    this.#end();
    this.#state = 'closed';
    this.abandonProbe();
    return true;
  }

  /** How long nothing needs to happen: then we ping, or a v3 client should have. */
  get #quietMs(): number {
    return this.revision === 3 ? this.#pingIntervalMs + this.#pingTimeoutMs : this.#pingIntervalMs;
  }

  #failDirection(type: 'ping' | 'pong'): SessionEvent {
    const detail = `Invalid heartbeat direction: a v${this.revision} client must not send "${type}"`;
    return this.#fail('transport error', detail);
  }

  #fail(reason: 'parse error' | 'transport error', detail: string): SessionEvent {
    this.#end();
    return { type: 'failed', reason, detail };
  }

  /** The verdict is out: nothing more is delivered, and no deadline remains. */
  #end(): void {
    this.#state = 'closing';
    this.#deadline = Infinity;
  }
}
