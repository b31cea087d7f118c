/** What a socket needs of the connection that it shares with the client's other namespaces. */
import type { IncomingMessage } from 'node:http';
import type { BroadcastFlags } from '../rooms/audience.ts';
import type { EngineMessages } from '../socketio/codec.ts';
import type { PreparedPacket } from '../rooms/prepared-packet.ts';
import type { AnyListener } from './event-map.ts';

/** The Engine.IO connection, as far as Socket.IO documents it (`socket.conn`). */
export interface EngineConnection {
  readonly id: string;
  readonly protocol: number;
  readonly request: IncomingMessage;
  readonly remoteAddress: string;
  readonly readyState: 'open' | 'closing' | 'closed';
  /** A WebSocket is about to take over from polling. */
  readonly upgrading: boolean;
  readonly transport: { readonly name: 'polling' | 'websocket'; readonly writable: boolean };
  send(data: string | Buffer): this;
  close(discard?: boolean): void;
  on(event: string, listener: AnyListener): this;
  once(event: string, listener: AnyListener): this;
  off(event: string, listener: AnyListener): this;
}

export interface Client {
  /** The id of its connection: a secret between it and the server. */
  readonly id: string;
  readonly conn: EngineConnection;
  readonly request: IncomingMessage;
  /** True while packets can be queued. */
  readonly isOpen: boolean;
  /** True if a packet queued now would leave at the end of this turn. */
  readonly writable: boolean;
  /** Queues a packet. After the connection has closed, does nothing. */
  send(packet: PreparedPacket): void;
  /** Whether more waits for it than for a client that reads. */
  readonly isFull: boolean;
  /** Calls back once, when all that was queued has been written and the client takes more. */
  afterWriting(callback: () => void): void;
  /** Ends the connection of a client that does not take what it must: soon, not in this call. */
  endSlowReader(): void;
  /** Ends the connection at once: the client has another. */
  discard(): void;
  /** Queues engine messages that one of Socket.IO's adapters has encoded. */
  writeToEngine(messages: EngineMessages, flags: BroadcastFlags): void;
  /** Ends all of the client's namespaces and its connection. */
  disconnect(): void;
  /** Forgets a socket that has left its namespace. */
  forget(namespace: string): void;
  /** Calls back once, later. Returns a function that calls it off. */
  after(ms: number, callback: () => void): () => void;
}
