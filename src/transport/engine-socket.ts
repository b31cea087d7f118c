/**
 * One Engine.IO session on its transport of the moment: `socket.conn` to the user.
 *
 * The decisions are the session's (`engineio/session.ts`); this class feeds it packets and time, owns the outbox, and
 * moves both from polling to WebSocket when the client upgrades.
 */
import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { EnginePacket } from '../engineio/packet.ts';
import type { Session } from '../engineio/session.ts';
import { throwLater } from '../errors.ts';
import { PreparedPacket } from '../rooms/prepared-packet.ts';
import { heartbeatSlackMs, Timer, type TimerOwner } from './clock.ts';
import { debug } from './debug.ts';
import type { CloseReason, EngineHost, EngineReceiver } from './engine-host.ts';
import type { Flushable } from './flush.ts';
import { type MessageData, payloadOf, type SendOptions } from './message-data.ts';
import type { Outbox } from './outbox.ts';
import { QuietEmitter } from './quiet-emitter.ts';
import { type SentCallback, SentCallbacks } from './sent-callbacks.ts';
import type { Transport, TransportFault, TransportOwner } from './transport.ts';

// Shared by all sessions: in one turn they give one outbox node and one buffer.
const PING = new PreparedPacket([{ type: 'ping', data: '' }]);
const NOOP = new PreparedPacket([{ type: 'noop' }]);
const PROBE_REPLY = new PreparedPacket([{ type: 'pong', data: 'probe' }]);
/** Of a GET while its client is moving to WebSocket: the client pauses polling once this one is answered. */
const UPGRADE_POLL_MS = 100;

export class EngineSocket extends QuietEmitter implements TransportOwner, Flushable, TimerOwner {
  /** The request that opened the session. */
  readonly request: IncomingMessage;
  readonly remoteAddress: string;
  /** The Engine.IO revision of this session. */
  readonly protocol: 3 | 4;
  /** Set by whoever serves the session, before any packet can arrive. */
  receiver: EngineReceiver | undefined;
  readonly #session: Session;
  readonly #engine: EngineHost;
  readonly #heartbeat = new Timer(this);
  #transport: Transport;
  /** The WebSocket that a polling session is moving to, with its deadline. */
  #candidate: { readonly transport: Transport; readonly deadline: Timer; readonly poll: Timer } | undefined;
  /** The candidate that has probed and waits for our answer. */
  #probed: Transport | undefined;
  #outbox: Outbox | undefined;
  #scheduled = false;
  /** `full`: too much is left over from an earlier turn. What one turn sends may be any amount, but nothing behind it. */
  #backlog: 'fine' | 'full' | 'overflowed' = 'fine';
  #callbacks: SentCallbacks | undefined;
  /** Who waits until all that was sent has been written and the peer takes more. */
  #onWritten: (() => void)[] | undefined;
  /** What waits, for listeners of `flush`; kept once somebody listens to what is sent. */
  #waiting: EnginePacket[] | undefined;

  constructor(engine: EngineHost, session: Session, transport: Transport, request: IncomingMessage) {
    super();
    this.#engine = engine;
    this.#session = session;
    this.#transport = transport;
    this.protocol = session.revision;
    this.request = request;
    this.remoteAddress = request.socket.remoteAddress ?? '';
    transport.owner = this;
    if (engine.listenerCount('flush') > 0) this.#waiting = [];
    this.#setHeartbeat();
  }

  get id(): string {
    return this.#session.id;
  }

  get readyState(): 'open' | 'closing' | 'closed' {
    return this.#session.state;
  }

  /** The engine that it belongs to. */
  get server(): EngineHost {
    return this.#engine;
  }

  get transport(): Transport {
    return this.#transport;
  }

  get upgraded(): boolean {
    return this.#session.upgraded;
  }

  get upgrading(): boolean {
    return this.#candidate !== undefined;
  }

  /** True if a packet sent now would leave at the end of this turn. */
  get writable(): boolean {
    return this.#transport.writable && this.#session.state === 'open';
  }

  /** Bytes that wait for the peer to read: in our outbox, and those that the kernel has not taken. */
  get bufferedAmount(): number {
    return (this.#outbox?.bytes ?? 0) + this.#transport.unsentBytes;
  }

  /** Queues a packet that leaves at the end of this turn, behind what was queued before it. */
  enqueue(packet: PreparedPacket): void {
    if (this.#session.state !== 'open' || this.#backlog === 'overflowed') return;
    if (this.#backlog === 'full' && !this.#maySpill) {
      this.endSlowReader();
      return;
    }
    const outbox = (this.#outbox = (this.#outbox ?? this.#engine.flush.start).append(packet));
    if (this.#waiting !== undefined) this.#announce(packet);
    if (this.#scheduled) return;
    if (this.#transport.writable || outbox.bytes > this.#engine.options.maxOutboxBytes) this.#schedule();
  }

  /**
   * Sends one Engine.IO message.
   *
   * @param callback called when it has been handed to the network; not called when the session ends before
   */
  send(data: MessageData, options?: SendOptions | SentCallback, callback?: SentCallback): this {
    if (typeof options === 'function') return this.send(data, undefined, options);
    if (callback !== undefined && this.readyState === 'open') {
      this.#callbacks ??= new SentCallbacks();
      this.#callbacks.add(callback);
    }
    const packet: EnginePacket = { type: 'message', data: payloadOf(data) };
    this.enqueue(new PreparedPacket([packet], options?.compress !== false));
    return this;
  }

  /** The same as `send`. */
  write(data: MessageData, options?: SendOptions | SentCallback, callback?: SentCallback): this {
    return this.send(data, options, callback);
  }

  /**
   * Ends the session when what waits has been sent, for which the client has `pingTimeout`: as long as it may stay silent
   * at any time. With `discard`, ends it at once.
   */
  close(discard = false): void {
    if (!this.#session.close() && !discard) return;
    const { wheel, options } = this.#engine;
    if (discard || this.#isDrained) this.#closeTransport();
    else wheel.set(this.#heartbeat, wheel.now() + options.pingTimeoutMs);
  }

  flush(): void {
    this.#scheduled = false;
    if (this.#backlog === 'overflowed') {
      this.#onClosed('slow reader', `more than ${this.#engine.options.maxOutboxBytes} bytes wait`);
      return;
    }
    if (this.#probed !== undefined) {
      this.#probed.write(this.#engine.flush.start.append(PROBE_REPLY));
      this.#probed = undefined;
    }
    const outbox = this.#outbox;
    if (outbox !== undefined && !this.#transport.writable) {
      const { maxOutboxBytes, slowReaderPolicy } = this.#engine.options;
      if (outbox.bytes > maxOutboxBytes && slowReaderPolicy !== 'drop-volatile') this.#backlog = 'full';
    } else if (outbox !== undefined) {
      this.#outbox = undefined;
      this.#backlog = 'fine';
      if (this.#waiting !== undefined) this.#announceFlush(this.#waiting);
      this.#transport.write(outbox);
      this.#callbacks?.onWritten(this.#transport);
      this.tell('drain');
      this.#engine.tell('drain', this);
    }
    if (this.#session.state === 'closing' && this.#isDrained) this.#closeTransport();
    else if (this.#onWritten !== undefined) this.#tellWritten();
  }

  /** Calls back once, in this turn's flush or a later one: when all that was sent is written and the peer takes more. */
  afterWriting(callback: () => void): void {
    (this.#onWritten ??= []).push(callback);
    this.#schedule();
  }

  /** Who sends looks at `isFull`, and holds back; a heartbeat or a last word still finds room. */
  get #maySpill(): boolean {
    const { slowReaderPolicy, maxOutboxBytes } = this.#engine.options;
    return slowReaderPolicy === 'spill' && this.bufferedAmount < 2 * maxOutboxBytes;
  }

  /** Whether more waits than a client that reads would leave: behind it, in a later turn, nothing may be sent. */
  get isFull(): boolean {
    return this.#backlog !== 'fine';
  }

  /** Ends the session, at the end of the turn: this may be the middle of a broadcast, and closing runs the user's handlers. */
  endSlowReader(): void {
    this.#backlog = 'overflowed';
    this.#schedule();
  }

  onPacket(transport: Transport, packet: EnginePacket): void {
    if (transport !== this.#transport) {
      this.#onCandidatePacket(transport, packet);
      return;
    }
    if (this.#session.state === 'open') this.tell('packet', packet);
    const event = this.#session.receive(packet, this.#engine.wheel.now());
    switch (event.type) {
      case 'message':
        this.tell('data', event.data);
        this.tell('message', event.data);
        this.#deliver(event.data);
        break;
      case 'heartbeat':
        this.#setHeartbeat();
        if (event.reply !== undefined) this.enqueue(new PreparedPacket([event.reply]));
        else this.receiver?.onPong?.();
        this.tell('heartbeat');
        break;
      case 'closed':
        this.#onClosed('transport close');
        break;
      case 'failed':
        this.#onClosed(event.reason, event.detail);
        break;
      case 'ignored':
        break;
    }
  }

  onWritable(transport: Transport): void {
    if (transport !== this.#transport) return;
    this.#callbacks?.onTaken(transport);
    const isWaited = this.#outbox !== undefined || this.#onWritten !== undefined;
    if (isWaited || this.#session.state === 'closing') this.#schedule();
    else if (this.#candidate !== undefined)
      this.#engine.wheel.set(this.#candidate.poll, this.#engine.wheel.now() + UPGRADE_POLL_MS);
  }

  onTransportClosed(transport: Transport, fault: TransportFault, detail?: string): void {
    if (transport === this.#transport) this.#onClosed(fault, detail);
    else if (transport === this.#candidate?.transport) this.#abandonUpgrade();
  }

  onTimer(timer: Timer, now: number): void {
    if (timer === this.#candidate?.deadline) {
      debug('upgrade of %s took too long', this.id);
      this.#abandonUpgrade();
    } else if (timer === this.#candidate?.poll) {
      this.#releasePoll();
    } else {
      this.#onHeartbeat(now);
    }
  }

  /** Offers a WebSocket to a polling session. @returns false if the session cannot move */
  offerUpgrade(transport: Transport): boolean {
    if (this.#candidate !== undefined || this.#transport.name === 'websocket' || this.readyState !== 'open')
      return false;
    const { wheel, options } = this.#engine;
    this.#candidate = { transport, deadline: new Timer(this), poll: new Timer(this) };
    transport.owner = this;
    wheel.set(this.#candidate.deadline, wheel.now() + options.upgradeTimeoutMs);
    return true;
  }

  override on(...listener: Parameters<EventEmitter['on']>): this {
    if (listener[0] === 'packetCreate' || listener[0] === 'flush') this.#waiting ??= [];
    return super.on(...listener);
  }

  #announce(packet: PreparedPacket): void {
    for (const each of packet.packets) {
      this.#waiting?.push(each);
      this.tell('packetCreate', each);
    }
  }

  #announceFlush(packets: EnginePacket[]): void {
    this.#waiting = [];
    this.tell('flush', packets);
    this.#engine.tell('flush', this, packets);
  }

  #onCandidatePacket(transport: Transport, packet: EnginePacket): void {
    if (transport !== this.#candidate?.transport) return;
    switch (this.#session.receiveProbe(packet)) {
      case 'probed':
        this.#probed = transport;
        this.#schedule();
        this.tell('upgrading', transport);
        this.#releasePoll();
        break;
      case 'upgraded':
        this.#moveTo(transport);
        break;
      case 'failed':
        debug('upgrade of %s refused: unexpected %s packet', this.id, packet.type);
        this.#abandonUpgrade();
        break;
    }
  }

  /** Answers the waiting GET, so that the client can stop polling. */
  #releasePoll(): void {
    if (this.#transport.writable && this.#outbox === undefined) this.enqueue(NOOP);
  }

  #moveTo(transport: Transport): void {
    this.#forgetCandidate();
    const polling = this.#transport;
    this.#transport = transport;
    polling.discard();
    this.tell('upgrade', transport);
    if (this.#outbox !== undefined) this.#schedule();
  }

  #abandonUpgrade(): void {
    const transport = this.#candidate?.transport;
    this.#forgetCandidate();
    this.#probed = undefined;
    this.#session.abandonProbe();
    transport?.close();
  }

  #forgetCandidate(): void {
    if (this.#candidate === undefined) return;
    this.#engine.wheel.cancel(this.#candidate.deadline);
    this.#engine.wheel.cancel(this.#candidate.poll);
    this.#candidate = undefined;
  }

  #onHeartbeat(now: number): void {
    if (this.#session.state === 'closing') {
      this.#onClosed('ping timeout', 'the client did not take in time what was left for it');
      return;
    }
    const due = this.#session.tick(now);
    if (due === 'ping') {
      this.enqueue(PING);
      this.receiver?.onPinged?.();
    }
    if (due === 'ping timeout') this.#onClosed('ping timeout');
    else this.#setHeartbeat();
  }

  #setHeartbeat(): void {
    this.#engine.wheel.set(this.#heartbeat, this.#session.deadline, heartbeatSlackMs(this.#engine.options));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#engine.flush.schedule(this);
  }

  #tellWritten(): void {
    if (this.#outbox !== undefined || !this.writable) return;
    const callbacks = this.#onWritten ?? [];
    this.#onWritten = undefined;
    for (const callback of callbacks) callback();
  }

  /** All that was sent has been handed to the network: a close now comes after it. */
  get #isDrained(): boolean {
    return this.#outbox === undefined && !this.#transport.blocked;
  }

  #closeTransport(): void {
    this.#transport.close();
    this.#onClosed('forced close');
  }

  /** The one way into `closed`. */
  #onClosed(reason: CloseReason, detail?: string): void {
    if (this.#session.state === 'closed') return;
    debug('session %s closed: %s %s', this.id, reason, detail ?? '');
    this.#session.closed();
    this.#engine.wheel.cancel(this.#heartbeat);
    this.#abandonUpgrade();
    this.#outbox = this.#callbacks = this.#waiting = this.#onWritten = undefined;
    if (reason === 'slow reader' || reason === 'ping timeout') this.#transport.discard();
    else this.#transport.close();
    this.#engine.onSessionClosed(this, reason);
    try {
      this.receiver?.onClose(reason, detail);
    } catch (error) {
      throwLater(error);
    }
    this.tell('close', reason, detail);
  }

  /** Into the user's code, by way of the receiver: middleware, `connection` listeners, handlers. */
  #deliver(message: string | Buffer): void {
    try {
      this.receiver?.onMessage(message);
    } catch (error) {
      throwLater(error);
    }
  }
}
