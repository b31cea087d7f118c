/** The answers of many clients on many servers to one question, until all are there or the time is over. */

export class Gathering {
  readonly #answers: unknown[] = [];
  #done: ((error: Error | null, answers: unknown[]) => void) | undefined;
  #servers: number | undefined;
  #serversHeard = 0;
  #clients = 0;

  /** @param done called once */
  constructor(done: (error: Error | null, answers: unknown[]) => void) {
    this.#done = done;
  }

  /** How many servers will say how many clients they have asked. */
  expectServers(count: number): void {
    this.#servers = count;
    this.#check();
  }

  /** One server has asked so many clients. */
  expect(clients: number): void {
    this.#serversHeard += 1;
    this.#clients += clients;
    this.#check();
  }

  add(answer: unknown): void {
    this.#answers.push(answer);
    this.#check();
  }

  expire(): void {
    // The words that Socket.IO's users match.
    this.#finish(new Error('operation has timed out'));
  }

  #check(): void {
    if (this.#servers === this.#serversHeard && this.#answers.length === this.#clients) this.#finish(null);
  }

  #finish(error: Error | null): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(error, this.#answers);
  }
}
