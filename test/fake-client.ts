/** A client without a connection: keeps what it is sent, and has a clock to turn. For tests of namespaces and rooms. */
import { EventEmitter } from 'node:events';
import { IncomingMessage } from 'node:http';
import { Socket as TcpSocket } from 'node:net';
import { ManualClock } from 'websockets.io/testing';
import type { Client, EngineConnection } from '../src/namespaces/client.ts';
import { Namespace, type NamespaceHost } from '../src/namespaces/namespace.ts';
import type { Socket } from '../src/namespaces/socket.ts';
import { MemoryAdapter } from '../src/rooms/memory-adapter.ts';
import { PreparedPacket } from '../src/rooms/prepared-packet.ts';
import { type EngineMessages, openCodec } from '../src/socketio/codec.ts';
import type { EventData, Packet } from '../src/socketio/packet.ts';
import { PacketDecoder } from '../src/socketio/packet-decoder.ts';

class FakeConnection extends EventEmitter implements EngineConnection {
  readonly id = 'engine id';
  protocol: 3 | 4 = 4;
  readonly request: IncomingMessage = new IncomingMessage(new TcpSocket());
  readonly remoteAddress = '192.0.2.1';
  readonly upgrading = false;
  readyState: 'open' | 'closing' | 'closed' = 'open';
  readonly transport = { name: 'websocket', writable: true } as const;

  send(): this {
    return this;
  }

  close(): void {
    this.readyState = 'closed';
  }
}

/** A namespace of no server. */
export function openNamespace(name: string, host: Partial<NamespaceHost> = {}): Namespace {
  return new Namespace(name, hostOf(host));
}

/** What stands in for a server. */
export function hostOf(host: Partial<NamespaceHost> = {}): NamespaceHost {
  const clock = new ManualClock();
  return {
    codec: openCodec({ maxAttachments: 10 }),
    recovery: undefined,
    presenceSettings: undefined,
    openAdapter: (namespace) => new MemoryAdapter(namespace),
    now: () => clock.now(),
    maxOutboxBytes: 1_000_000,
    spills: true,
    wallNow: () => clock.now(),
    // Who tests when it is committed hands in another.
    beforeFlush: () => {},
    nextTurn: setImmediate,
    after: (ms, callback) => clock.wake(ms, callback),
    onEmptied: () => {},
    ...host,
  };
}

export class FakeClient implements Client {
  readonly id = 'engine id';
  readonly conn: FakeConnection = new FakeConnection();
  readonly clock: ManualClock = new ManualClock();
  readonly received: Packet[] = [];
  readonly sockets: Map<string, Socket> = new Map();
  writable = true;
  isFull = false;
  refusals = 0;
  readonly #onWritten: (() => void)[] = [];
  readonly #decoder = new PacketDecoder({ maxAttachments: Infinity });

  get request(): IncomingMessage {
    return this.conn.request;
  }

  get isOpen(): boolean {
    return this.conn.readyState === 'open';
  }

  /** Knocks at a namespace. @returns the socket, if it is let in at once */
  enter(namespace: Namespace, auth: Record<string, unknown> = {}): Socket | undefined {
    namespace.connect(this, auth, {
      entered: (socket) => this.sockets.set(namespace.name, socket),
      refused: () => (this.refusals += 1),
    });
    return this.sockets.get(namespace.name);
  }

  send(packet: PreparedPacket): void {
    if (!this.isOpen) return;
    for (const part of packet.packets) {
      const decoded = this.#decoder.receive('data' in part ? part.data : '');
      if (decoded.type === 'invalid') throw new Error(decoded.reason);
      if (decoded.type !== 'incomplete') this.received.push(decoded);
    }
  }

  writeToEngine(messages: EngineMessages): void {
    this.send(PreparedPacket.ofMessages(messages));
  }

  disconnect(): void {
    for (const socket of this.sockets.values()) socket.disconnect();
    this.lose();
  }

  /** The connection breaks. */
  lose(): void {
    this.conn.close();
    for (const socket of this.sockets.values()) socket.onClose('transport close');
  }

  forget(namespace: string): void {
    this.sockets.delete(namespace);
  }

  after(ms: number, callback: () => void): () => void {
    return this.clock.wake(ms, callback);
  }

  afterWriting(callback: () => void): void {
    this.#onWritten.push(callback);
  }

  /** What was sent has been written. */
  write(): void {
    for (const callback of this.#onWritten.splice(0)) callback();
  }

  endSlowReader(): void {
    this.conn.close();
    for (const socket of this.sockets.values()) socket.onClose('slow reader');
  }

  discard(): void {
    this.conn.close();
  }

  /** The events that it was sent, each its name and arguments. */
  get events(): EventData[] {
    return this.received.flatMap((packet) => (packet.type === 'event' ? [packet.data] : []));
  }
}

/** Enters, which must be possible at once. */
export function enter(namespace: Namespace): { client: FakeClient; socket: Socket } {
  const client = new FakeClient();
  const socket = client.enter(namespace);
  if (socket === undefined) throw new Error(`not let in to "${namespace.name}"`);
  return { client, socket };
}

/** Says an event, as a client would. */
export function say(socket: Socket, data: EventData, id?: number): void {
  const packet = { type: 'event' as const, namespace: socket.nsp.name, data };
  socket.onPacket(id === undefined ? packet : { ...packet, id });
}

/** What surfaces as uncaught exceptions while `act` runs, and in the turn after it. */
export async function surfacing(act: () => unknown): Promise<unknown[]> {
  const errors: unknown[] = [];
  process.setUncaughtExceptionCaptureCallback((error) => errors.push(error));
  try {
    await act();
    await turn();
  } finally {
    process.setUncaughtExceptionCaptureCallback(null);
  }
  return errors;
}

/** All that waits for a microtask, or for the end of the turn, has run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
