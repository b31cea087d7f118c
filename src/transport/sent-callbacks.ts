/** The callbacks of what was sent: each is called when its packet has been handed to the network, in their order. */
import { throwLater } from '../errors.ts';
import type { Transport } from './transport.ts';

export type SentCallback = (transport: Transport) => void;

export class SentCallbacks {
  /** Of what waits in the outbox. */
  #waiting: SentCallback[] = [];
  /** Of what a transport has, and may hold back because its peer reads slowly. */
  #written: SentCallback[] = [];

  add(callback: SentCallback): void {
    this.#waiting.push(callback);
  }

  onWritten(transport: Transport): void {
    this.#written.push(...this.#waiting.splice(0));
    if (!transport.blocked) this.onTaken(transport);
  }

  /** The network has taken what was written. */
  onTaken(transport: Transport): void {
    for (const callback of this.#written.splice(0)) {
      try {
        callback(transport);
      } catch (error) {
        throwLater(error);
      }
    }
  }
}
