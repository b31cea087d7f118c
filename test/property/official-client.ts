/** How the official client behaves where recovery is concerned, on a connection whose bytes arrive when the test says so. */
import { FakeClient } from '../fake-client.ts';
import type { Namespace } from '../../src/namespaces/namespace.ts';
import type { EventData, Packet } from '../../src/socketio/packet.ts';

/** The server's end, which it ends at the end of the turn, as a real one. */
class ServerEnd extends FakeClient {
  #isSlow = false;

  override endSlowReader(): void {
    this.#isSlow = true;
  }

  endTurn(): void {
    if (this.#isSlow && this.isOpen) super.endSlowReader();
  }
}

/** One connection. The client knows of its end before or after the server. */
export class Link {
  readonly server: ServerEnd = new ServerEnd();
  /** Which of the servers, one after the other, it leads to. */
  readonly life: number;
  readonly #isPolling: boolean;
  /** Packets that have left the server, and that have arrived. */
  #left = 0;
  #arrived = 0;
  /** Behind how many packets a heartbeat goes out. */
  #ping: number | undefined;
  #hasPingLeft = false;
  /** The client has answered; the server has not heard it yet. */
  isPongOnItsWay = false;

  constructor(life: number, isPolling: boolean) {
    this.life = life;
    this.#isPolling = isPolling;
    if (isPolling) Object.assign(this.server.conn, { transport: { name: 'polling', writable: true } });
  }

  ping(): void {
    if (this.#ping !== undefined || this.isPongOnItsWay || !this.server.isOpen) return;
    this.#ping = this.server.received.length;
    this.#hasPingLeft = false;
    for (const socket of this.server.sockets.values()) socket.onPinged();
  }

  pong(): void {
    if (!this.isPongOnItsWay || !this.server.isOpen) return;
    this.isPongOnItsWay = false;
    for (const socket of this.server.sockets.values()) socket.onPong();
  }

  /** The turn is over. */
  flush(): void {
    this.server.endTurn();
    if (!this.server.isOpen) return;
    this.#left = this.server.received.length;
    this.#hasPingLeft = true;
  }

  /** What arrives next: by polling, all or nothing. */
  *arriving(count: number): Generator<Packet> {
    const end = this.#isPolling ? this.#left : Math.min(this.#left, this.#arrived + count);
    while (this.#arrived < end) {
      const packet = this.server.received[this.#arrived];
      this.#arrived += 1;
      if (packet !== undefined) yield packet;
    }
    if (this.#ping === undefined || !this.#hasPingLeft || this.#arrived < this.#ping) return;
    this.#ping = undefined;
    this.isPongOnItsWay = true;
  }
}

export interface ClientHost {
  onConnect(client: OfficialClient, sid: string, as: 'first' | 'recovered' | 'anew'): void;
  onHeard(sid: string, id: number): void;
}

export class OfficialClient {
  readonly #host: ClientHost;
  /** Nothing, when it knows that it has no connection. */
  link: Link | undefined;
  /** Of its last session. */
  sid: string | undefined;
  /** The texts that stood at the end of events, which it takes for positions. */
  readonly positions: string[] = [];
  #isConnected = false;
  #pid: string | undefined;
  #lastOffset: string | undefined;
  #buffer: EventData[] = [];

  constructor(host: ClientHost) {
    this.#host = host;
  }

  open(link: Link, namespace: Namespace): void {
    this.link = link;
    const offset = this.#lastOffset === undefined ? {} : { offset: this.#lastOffset };
    link.server.enter(namespace, this.#pid === undefined ? {} : { pid: this.#pid, ...offset });
  }

  /** Takes up to so many packets off the wire. @returns whether there were any */
  read(count: number): boolean {
    let hasRead = false;
    for (const packet of this.link?.arriving(count) ?? []) {
      hasRead = true;
      if (packet.type === 'connect') this.#onConnect(packet.data as { sid: string; pid: string });
      if (packet.type !== 'event') continue;
      // Whoever is asked gets the way to answer behind the arguments.
      const event = packet.id === undefined ? packet.data : ([...packet.data, () => {}] as const);
      if (this.#isConnected) this.#onEvent(event);
      else this.#buffer.push(event);
    }
    return hasRead;
  }

  /** It notices that its connection is dead. What has not arrived never will. */
  drop(): void {
    this.link = undefined;
    this.#isConnected = false;
  }

  #onConnect({ sid, pid }: { sid: string; pid: string }): void {
    const isFirst = this.#pid === undefined;
    const isSame = this.#pid === pid;
    this.#pid = pid;
    this.sid = sid;
    this.#isConnected = true;
    this.#host.onConnect(this, sid, isFirst ? 'first' : isSame ? 'recovered' : 'anew');
    const buffered = this.#buffer;
    this.#buffer = [];
    for (const event of buffered) this.#onEvent(event);
  }

  #onEvent(event: EventData): void {
    this.#host.onHeard(this.sid ?? '', event[1] as number);
    const last = event.at(-1);
    if (typeof last === 'string' && event.length > 1) this.positions.push((this.#lastOffset = last));
  }
}
