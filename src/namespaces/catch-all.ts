/** The part of a socket that lets its user hear every event of a direction: `onAny`, `onAnyOutgoing` and their families. */
import { throwLater } from '../errors.ts';
import { LateEmitter } from '../late-emitter.ts';
import type { EventData } from '../socketio/packet.ts';
import { AnyListeners } from './any-listeners.ts';
import type { AnyListener } from './event-map.ts';

export abstract class CatchAll extends LateEmitter {
  // Made when first needed: few sockets are watched.
  #incoming: AnyListeners | undefined;
  #outgoing: AnyListeners | undefined;

  /** Hears every incoming event, before middleware and before its own listeners. */
  onAny(listener: AnyListener): this {
    (this.#incoming ??= new AnyListeners()).add(listener);
    return this;
  }

  /** As `onAny`, but is called before those who are there already. */
  prependAny(listener: AnyListener): this {
    (this.#incoming ??= new AnyListeners()).prepend(listener);
    return this;
  }

  /** Stops an `onAny` listener, or all of them. */
  offAny(listener?: AnyListener): this {
    this.#incoming?.remove(listener);
    return this;
  }

  listenersAny(): AnyListener[] {
    return this.#incoming?.list() ?? [];
  }

  /** Hears every event that is sent to this client, broadcasts among them. Acknowledgements are none. */
  onAnyOutgoing(listener: AnyListener): this {
    (this.#outgoing ??= new AnyListeners()).add(listener);
    return this;
  }

  /** As `onAnyOutgoing`, but is called before those who are there already. */
  prependAnyOutgoing(listener: AnyListener): this {
    (this.#outgoing ??= new AnyListeners()).prepend(listener);
    return this;
  }

  /** Stops an `onAnyOutgoing` listener, or all of them. */
  offAnyOutgoing(listener?: AnyListener): this {
    this.#outgoing?.remove(listener);
    return this;
  }

  listenersAnyOutgoing(): AnyListener[] {
    return this.#outgoing?.list() ?? [];
  }

  /**
   * Tells who hears what is sent. Called by the socket and its rooms before it is sent, as with Socket.IO: what listeners send
   * themselves goes first, and they hear what is sent in vain.
   */
  notifyOutgoing(event: EventData): void {
    this.#notify(this.#outgoing, event);
  }

  /** As `notifyOutgoing`, under the name that Socket.IO's adapters call. */
  notifyOutgoingListeners(packet: { readonly data: EventData }): void {
    this.notifyOutgoing(packet.data);
  }

  /** Whether anybody hears what is sent. */
  get isWatched(): boolean {
    return this.#outgoing?.isEmpty === false;
  }

  /** @returns false if a listener threw: then the event ends there, as with Socket.IO */
  protected notifyIncoming(event: readonly unknown[]): boolean {
    return this.#notify(this.#incoming, event);
  }

  #notify(listeners: AnyListeners | undefined, event: readonly unknown[]): boolean {
    try {
      listeners?.notify(this, event);
      return true;
    } catch (error) {
      throwLater(error);
      return false;
    }
  }
}
