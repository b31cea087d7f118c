/** An emitter that costs a look at one field while nobody listens, and keeps what listeners throw from those who tell. */
import type { EventEmitter } from 'node:events';
import { throwLater } from '../errors.ts';
import { LateEmitter } from '../late-emitter.ts';

type Listening = Parameters<EventEmitter['on']>;

export abstract class QuietEmitter extends LateEmitter {
  /** Somebody listens to something, or did. Looking for the listeners of an event is dear where it is done for each message. */
  #isHeard = false;

  override on(...listening: Listening): this {
    this.#isHeard = true;
    return super.on(...listening);
  }

  override addListener(...listening: Listening): this {
    return this.on(...listening);
  }

  override prependListener(...listening: Listening): this {
    this.#isHeard = true;
    return super.prependListener(...listening);
  }

  /** Emits, if somebody listens. */
  tell(event: string, ...details: unknown[]): void {
    if (this.#isHeard && this.listenerCount(event) > 0) this.#emit(event, details);
  }

  #emit(event: string, details: unknown[]): void {
    try {
      super.emit(event, ...details);
    } catch (error) {
      throwLater(error);
    }
  }
}
