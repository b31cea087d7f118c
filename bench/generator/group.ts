/** The clients of one server, and the work that they do. */
import { performance } from 'node:perf_hooks';
import { Client, type ClientOwner } from './client.ts';
import { Batch, LargeBatch, RECEIVED_BYTES } from './frames.ts';
import type { Dialect, Ran } from './orders.ts';

/** Longer than any healthy batch takes on a busy machine. */
const STUCK_MS = 10_000;
/** After the last expected byte, one too many would be here by then. */
const AFTERMATH_MS = 20;
const OPENING_AT_ONCE = 64;

export class Group implements ClientOwner {
  readonly #clients: Client[] = [];
  #sequence = 0;
  #fault: string | undefined;
  #onComplete: (client: Client) => void = () => {};
  #fail: (error: Error) => void = () => {};

  async open(port: number, count: number, dialect: Dialect): Promise<void> {
    const first = this.#clients.length;
    for (let i = 0; i < count; i += OPENING_AT_ONCE) {
      const indices = Array.from({ length: Math.min(OPENING_AT_ONCE, count - i) }, (_, k) => first + i + k);
      const opened = await Promise.all(indices.map((index) => Client.open(index, port, dialect, this)));
      this.#clients.push(...opened);
    }
  }

  close(): void {
    for (const client of this.#clients) client.destroy();
  }

  /** One client sends `inFlight` messages in one write; when every client has all of them, again. */
  fanOut(inFlight: number, ms: number): Promise<Ran> {
    const clients = this.#clients;
    const [sender] = clients;
    if (sender === undefined) throw new Error('No socket is open');
    const batch = new Batch(inFlight);
    return this.#measure(ms, (isOver, finish) => {
      let batches = 0;
      let missing = 0;
      const next = (): void => {
        if (isOver()) {
          finish(batches * inFlight * clients.length);
          return;
        }
        batch.number(sender.index, this.#sequence);
        this.#sequence += inFlight;
        missing = clients.length;
        for (const client of clients) client.expect(batch.expected);
        sender.send(batch.sent);
      };
      this.#onComplete = () => {
        if (--missing > 0) return;
        batches++;
        next();
      };
      next();
    });
  }

  /** Each client sends one message, waits for it to come back, and sends the next. */
  echo(ms: number, payloadBytes?: number): Promise<Ran> {
    const batches = this.#clients.map(() =>
      payloadBytes === undefined ? new Batch(1) : new LargeBatch(payloadBytes),
    );
    const bytesEach = batches[0]?.expected.length ?? RECEIVED_BYTES;
    return this.#measure(
      ms,
      (isOver, finish) => {
        let echoes = 0;
        let running = this.#clients.length;
        const next = (client: Client): void => {
          const batch = batches[client.index];
          if (batch === undefined) return;
          batch.number(client.index, this.#sequence++);
          client.expect(batch.expected);
          client.send(batch.sent);
        };
        this.#onComplete = (client) => {
          echoes++;
          if (!isOver()) next(client);
          else if (--running === 0) finish(echoes);
        };
        for (const client of this.#clients) next(client);
      },
      bytesEach,
    );
  }

  onComplete(client: Client): void {
    this.#onComplete(client);
  }

  onFault(reason: string): void {
    this.#fault ??= reason;
    this.#fail(new Error(reason));
  }

  async #measure(
    ms: number,
    work: (isOver: () => boolean, finish: (deliveries: number) => void) => void,
    bytesEach: number = RECEIVED_BYTES,
  ): Promise<Ran> {
    if (this.#fault !== undefined) throw new Error(this.#fault);
    const startedMs = performance.now();
    const cpuBefore = process.cpuUsage();
    let stuck: NodeJS.Timeout | undefined;
    const deliveries = await new Promise<number>((resolve, reject) => {
      this.#fail = reject;
      stuck = setTimeout(() => reject(new Error(this.#describeStuck())), ms + STUCK_MS);
      work(() => performance.now() - startedMs >= ms, resolve);
    }).finally(() => clearTimeout(stuck));
    const wallMs = performance.now() - startedMs;
    const { user, system } = process.cpuUsage(cpuBefore);
    await new Promise((resolve) => setTimeout(resolve, AFTERMATH_MS));
    // A byte too many has called `onFault` meanwhile.
    if (this.#fault !== undefined) throw new Error(this.#fault);
    return {
      type: 'ran',
      deliveries,
      bytes: deliveries * bytesEach,
      wallMs,
      cpuMs: (user + system) / 1000,
    };
  }

  #describeStuck(): string {
    const least = this.#clients.reduce((a, b) => (b.arrived < a.arrived ? b : a));
    return `Messages are missing after ${STUCK_MS / 1000} s: socket ${least.index} has ${least.arrived} bytes of its batch`;
  }
}
