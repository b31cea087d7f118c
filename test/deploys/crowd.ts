/** Many official clients that talk in rooms, in one process: the child of a test of deploys, ordered about by messages. */
import { io as openClient, type Socket as ClientSocket } from 'socket.io-client';

export interface CrowdOptions {
  readonly port: number;
  readonly names: readonly string[];
  readonly rooms: number;
  /** Milliseconds between two words of one client. */
  readonly paceMs: number;
  readonly reconnectionDelay: number;
  readonly reconnectionDelayMax: number;
}

export type CrowdOrder =
  | { readonly do: 'enter'; readonly options: CrowdOptions }
  | { readonly do: 'talk' | 'hush' | 'end' }
  /** Says when every client is connected with another connection than at the last such moment. */
  | { readonly do: 'return' }
  /** Says when so many more words were acknowledged. */
  | { readonly do: 'say'; readonly words: number };

export interface CrowdRecord {
  readonly name: string;
  readonly room: string;
  /** How many of its words were acknowledged. */
  readonly said: number;
  readonly heard: readonly string[];
  /** Why it lost its connection, each time. */
  readonly losses: readonly string[];
  /** How often it came in as somebody new. */
  readonly entries: number;
}

class Talker {
  readonly client: ClientSocket;
  readonly room: string;
  readonly name: string;
  readonly heard: string[] = [];
  readonly losses: string[] = [];
  said = 0;
  entries = 0;
  returns = 0;
  hasEnded = false;
  isTalking = false;
  /** Between a word and its acknowledgement. */
  isWaiting = false;

  constructor(name: string, room: string, options: CrowdOptions, onChange: (talker: Talker) => void) {
    this.name = name;
    this.room = room;
    this.client = openClient(`http://127.0.0.1:${options.port}`, {
      forceNew: true,
      transports: ['websocket'],
      auth: { name, room },
      retries: 1_000,
      ackTimeout: 60_000,
      reconnectionDelay: options.reconnectionDelay,
      reconnectionDelayMax: options.reconnectionDelayMax,
    });
    const listen = (event: string, note: (what: string) => void): void => {
      this.client.on(event, (what: string) => {
        note(what);
        onChange(this);
      });
    };
    listen('connect', () => {
      if (!this.client.recovered) this.entries += 1;
      this.returns += 1;
    });
    listen('disconnect', (reason) => this.losses.push(reason));
    listen('said', (word) => this.heard.push(word));
    listen('end', () => (this.hasEnded = true));
  }

  say(paceMs: number, onSaid: () => void): void {
    if (!this.isTalking) return;
    this.isWaiting = true;
    this.client.emit('say', this.said + 1, () => {
      this.isWaiting = false;
      this.said += 1;
      onSaid();
      setTimeout(() => this.say(paceMs, onSaid), paceMs * (0.5 + Math.random()));
    });
  }
}

let talkers: readonly Talker[] = [];
let paceMs = 0;
let words = 0;
/** What is to come, and what is told then. */
let awaited: { readonly hasCome: () => boolean; readonly tell: () => unknown } | undefined;

function check(): void {
  if (awaited?.hasCome() !== true) return;
  const { tell } = awaited;
  awaited = undefined;
  process.send?.(tell());
}

function when(hasCome: () => boolean, tell: () => unknown = () => 'done'): void {
  awaited = { hasCome, tell };
  check();
}

const all =
  (fits: (talker: Talker) => boolean): (() => boolean) =>
  () =>
    talkers.every(fits);

function enter(options: CrowdOptions): void {
  ({ paceMs } = options);
  const waiting = options.names.values();
  const onChange = (talker: Talker): void => {
    // One after the other, so that they do not all knock at once.
    if (talker.returns === 1 && talker.heard.length === 0) enterNext();
    check();
  };
  const entered: Talker[] = [];
  const enterNext = (): void => {
    const { value: name, done } = waiting.next();
    if (done === true) return;
    const room = `room ${entered.length % options.rooms}`;
    entered.push(new Talker(name, room, options, onChange));
    talkers = entered;
  };
  for (let at = 0; at < 20; at += 1) enterNext();
  when(() => talkers.length === options.names.length && talkers.every(({ client }) => client.connected));
}

process.on('disconnect', () => process.exit()); // the test is over, or was broken off
process.on('message', (order: CrowdOrder) => {
  switch (order.do) {
    case 'enter':
      enter(order.options);
      break;
    case 'talk':
      for (const talker of talkers) {
        talker.isTalking = true;
        const start = (): void =>
          talker.say(paceMs, () => {
            words += 1;
            check();
          });
        setTimeout(start, paceMs * Math.random());
      }
      when(() => true);
      break;
    case 'say': {
      const goal = words + order.words;
      when(() => words >= goal);
      break;
    }
    case 'return': {
      const before = new Map(talkers.map((talker) => [talker, talker.losses.length]));
      when(all((talker) => talker.client.connected && talker.losses.length > (before.get(talker) ?? 0)));
      break;
    }
    case 'hush':
      for (const talker of talkers) talker.isTalking = false;
      when(all(({ isWaiting }) => !isWaiting));
      break;
    case 'end':
      when(
        all(({ hasEnded }) => hasEnded),
        (): CrowdRecord[] =>
          talkers.map(({ name, room, said, heard, losses, entries }) => ({
            name,
            room,
            said,
            heard,
            losses,
            entries,
          })),
      );
  }
});
