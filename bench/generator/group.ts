/** The clients of one server, and the work that they do. */
import { performance } from 'node:perf_hooks';
import { type Address, type Client, type ClientOwner, openClient } from './client.ts';
import { Batch, isSampled, takeFrame } from './frames.ts';
import { Latencies } from './latencies.ts';
import type { Dialect, Link, Ran, Shape, Traffic } from './orders.ts';

/** Longer than any healthy batch takes on a busy machine. */
const STUCK_MS = 10_000;
/** After the last expected byte, one too many would be here by then. */
const AFTERMATH_MS = 20;
const OPENING_AT_ONCE = 64;

export class Group implements ClientOwner {
  readonly #clients: Client[] = [];
  readonly #latencies = new Latencies();
  readonly #late = new Latencies();
  #dialect: Dialect = 'bare';
  #link: Link = {};
  /** Who still reads. */
  #readers = Infinity;
  #sequence = 0;
  #heartbeats = 0;
  #fault: string | undefined;
  #onArrived: (client: Client, before: number) => void = () => {};
  #onComplete: (client: Client) => void = () => {};
  #fail: (error: Error) => void = () => {};

  async open(count: number, address: Address): Promise<void> {
    this.#dialect = address.dialect;
    this.#link = address.link;
    const first = this.#clients.length;
    for (let i = 0; i < count; i += OPENING_AT_ONCE) {
      const indices = Array.from({ length: Math.min(OPENING_AT_ONCE, count - i) }, (_, k) => first + i + k);
      this.#clients.push(...(await Promise.all(indices.map((index) => openClient(index, address, this)))));
    }
  }

  close(): void {
    for (const client of this.#clients.splice(0)) client.destroy();
  }

  /** The last client reads no more. */
  stall(): void {
    this.#clients.at(-1)?.stall();
    this.#readers = this.#clients.length - 1;
  }

  takeHeartbeats(): number {
    if (this.#fault !== undefined) throw new Error(this.#fault);
    const count = this.#heartbeats;
    this.#heartbeats = 0;
    return count;
  }

  run({ type, inFlight = 1, perSecond, ms, shape }: Traffic): Promise<Ran> {
    this.#onArrived = () => {};
    this.#onComplete = () => {};
    if (type === 'rooms') return this.#sayInRooms(ms, shape);
    if (perSecond !== undefined) return this.#keepPace(type, perSecond, ms, shape);
    return type === 'echo' ? this.#echo(ms, shape) : this.#fanOut(inFlight, ms, shape);
  }

  /** One client sends `inFlight` messages in one write; when every client has all of them, again. */
  #fanOut(inFlight: number, ms: number, shape: Shape): Promise<Ran> {
    const clients = this.#clients.slice(0, this.#readers);
    const [sender] = clients;
    if (sender === undefined) throw new Error('No socket is open');
    const batch = new Batch(inFlight, shape, this.#dialect, this.#link);
    return this.#measure(ms, batch.expected.length / inFlight, (isOver, finish) => {
      let batches = 0;
      let missing = 0;
      let sentAt = 0;
      const next = (): void => {
        if (isOver()) {
          finish(batches * inFlight * clients.length);
          return;
        }
        batch.number(sender.index, this.#sequence);
        this.#sequence += inFlight;
        missing = clients.length;
        const expected = isSampled(this.#link) ? contentOf(batch) : batch.expected;
        for (const client of clients) client.expect(expected);
        sentAt = performance.now();
        sender.send(batch.sent);
      };
      this.#onComplete = () => {
        this.#latencies.add(performance.now() - sentAt);
        if (--missing > 0) return;
        batches++;
        next();
      };
      next();
    });
  }

  /** Each client sends one message, waits for it to come back, and sends the next. */
  #echo(ms: number, shape: Shape): Promise<Ran> {
    const batches = this.#clients.map(() => new Batch(1, shape, this.#dialect, this.#link));
    const sentAt = new Float64Array(this.#clients.length);
    return this.#measure(ms, batches[0]?.expected.length ?? 0, (isOver, finish) => {
      let echoes = 0;
      let running = this.#clients.length;
      const next = (client: Client): void => {
        const batch = batches[client.index];
        if (batch === undefined) return;
        batch.number(client.index, this.#sequence++);
        client.expect(batch.expected);
        sentAt[client.index] = performance.now();
        client.send(batch.sent);
      };
      this.#onComplete = (client) => {
        this.#latencies.add(performance.now() - (sentAt[client.index] ?? 0));
        echoes++;
        if (!isOver()) next(client);
        else if (--running === 0) finish(echoes);
      };
      for (const client of this.#clients) next(client);
    });
  }

  /** Each second, one member of each room says something to it; the rooms are spread over the second. */
  #sayInRooms(ms: number, shape: Shape): Promise<Ran> {
    const size = this.#link.roomSize ?? 1;
    const count = Math.trunc(this.#clients.length / size);
    const batches = Array.from({ length: count }, () => new Batch(1, shape, this.#dialect, this.#link));
    const sentAt = new Float64Array(count);
    return this.#measure(ms, batches[0]?.expected.length ?? 0, (isOver, finish) => {
      const startedMs = performance.now();
      let said = 0;
      let heard = 0;
      this.#onComplete = (client) => {
        this.#latencies.add(performance.now() - (sentAt[Math.trunc(client.index / size)] ?? 0));
        heard += 1;
      };
      const timer = setInterval(() => {
        const due = isOver() ? said : ((performance.now() - startedMs) / 1000) * count;
        // Of a room that has not heard the last one yet, nothing new could be told apart.
        for (; said < due && said * size - heard < this.#clients.length / 2; said += 1) {
          const room = said % count;
          const members = this.#clients.slice(room * size, (room + 1) * size);
          const [speaker] = members;
          const batch = batches[room];
          if (speaker === undefined || batch === undefined) continue;
          batch.number(speaker.index, this.#sequence++);
          for (const member of members) member.expect(batch.expected);
          sentAt[room] = performance.now();
          speaker.send(batch.sent);
        }
        if (!isOver() || heard < said * size) return;
        clearInterval(timer);
        finish(heard);
      }, 5);
    });
  }

  /**
   * `perSecond` messages a second, whatever comes back: from the first client to all, or from each client in turn to itself. The
   * latency counts from when a message was due, so a server that stands still pays for all that it kept waiting. Waits for the
   * time without sleeping: a timer would be a millisecond late.
   */
  #keepPace(type: 'fanout' | 'echo', perSecond: number, ms: number, shape: Shape): Promise<Ran> {
    const clients = this.#clients;
    const isEcho = type === 'echo';
    const senders = isEcho ? clients : clients.slice(0, 1);
    // All that a sender says is made in advance: message by message it goes out, in one piece it is expected.
    const each = Math.max(1, Math.round((perSecond * ms) / 1000 / senders.length));
    const streams = senders.map((sender) => ({
      sender,
      batch: new Batch(each, shape, this.#dialect, this.#link),
    }));
    const [first] = streams;
    if (first === undefined) throw new Error('No socket is open');
    const [sentEach, expectedEach] = [first.batch.sent.length / each, first.batch.expected.length / each];
    for (const { sender, batch } of streams) {
      batch.number(sender.index, this.#sequence);
      this.#sequence += each;
    }
    for (const [at, client] of clients.entries()) client.expect((streams[at] ?? first).batch.expected);

    return this.#measure(ms, expectedEach, (_, finish) => {
      const messages = each * senders.length;
      const deliveries = messages * (isEcho ? 1 : clients.length);
      const startMs = performance.now() + 1;
      const dueMs = (message: number): number => startMs + (message * 1000) / perSecond;
      let arrived = 0;
      this.#onArrived = (client, before) => {
        const now = performance.now();
        const to = Math.trunc(client.arrived / expectedEach);
        for (let nth = Math.trunc(before / expectedEach); nth < to; nth += 1) {
          this.#latencies.add(now - dueMs(isEcho ? nth * senders.length + client.index : nth));
          arrived += 1;
        }
        if (arrived === deliveries) finish(deliveries);
      };
      let message = 0;
      const sendWhatIsDue = (): void => {
        for (; message < messages && performance.now() >= dueMs(message); message += 1) {
          const { sender, batch } = streams[message % senders.length] ?? first;
          const at = Math.trunc(message / senders.length) * sentEach;
          this.#late.add(performance.now() - dueMs(message));
          sender.send(batch.sent.subarray(at, at + sentEach));
        }
        if (message < messages) setImmediate(sendWhatIsDue);
      };
      sendWhatIsDue();
    });
  }

  onArrived(client: Client, before: number): void {
    this.#onArrived(client, before);
  }

  onHeartbeat(): void {
    this.#heartbeats += 1;
  }

  onComplete(client: Client): void {
    this.#onComplete(client);
  }

  onSample(frames: Buffer): void {
    for (const client of this.#clients) client.compareWith(frames);
  }

  onFault(reason: string): void {
    this.#fault ??= reason;
    this.#fail(new Error(reason));
  }

  async #measure(
    ms: number,
    bytesEach: number,
    work: (isOver: () => boolean, finish: (deliveries: number) => void) => void,
  ): Promise<Ran> {
    this.#latencies.reset();
    this.#late.reset();
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
      latencyMs: this.#latencies.percentiles(),
      ...(this.#late.count > 0 && { lateMs: this.#late.percentiles() }),
    };
  }

  #describeStuck(): string {
    const least = this.#clients.reduce((a, b) => (b.arrived < a.arrived ? b : a));
    return `Messages are missing after ${STUCK_MS / 1000} s: socket ${least.index} has ${least.arrived} bytes of its batch`;
  }
}

/** What the frames of a batch carry. */
function contentOf({ expected }: Batch): Buffer {
  const contents: Buffer[] = [];
  for (let frame = takeFrame(expected); frame !== undefined; frame = takeFrame(frame.rest))
    contents.push(frame.payload);
  return Buffer.concat(contents);
}
