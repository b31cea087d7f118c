/** One client of the load generator, whatever carries its bytes. */
import { PollingClient } from './polling-client.ts';
import type { Dialect, Link } from './orders.ts';
import { WebSocketClient } from './websocket-client.ts';

export interface Client {
  readonly index: number;
  /** How much of what is expected is here. */
  readonly arrived: number;
  /** From now on exactly these bytes must come. Before `send`: the answer may be quick. */
  expect(bytes: Buffer): void;
  send(bytes: Buffer): void;
  /** The bytes that a client must have got whose frames carry what is expected, compressed. */
  compareWith(frames: Buffer): void;
  /** Reads no more, and takes it as it is when the server ends it for that. */
  stall(): void;
  destroy(): void;
}

export interface ClientOwner {
  /** Some more is here, and as expected. */
  onArrived(client: Client, before: number): void;
  /** All expected bytes are here. */
  onComplete(client: Client): void;
  /** The server has asked whether the client is there, and was told. */
  onHeartbeat(): void;
  /** The frames of the sample, whose content is as expected: the other clients must have got the same bytes. */
  onSample(frames: Buffer): void;
  onFault(reason: string): void;
}

export interface Address {
  readonly port: number;
  readonly dialect: Dialect;
  readonly link: Link;
}

/** Resolves once the server has let the client in (Socket.IO: into the namespace). */
export function openClient(index: number, address: Address, owner: ClientOwner): Promise<Client> {
  return address.link.polling === true
    ? PollingClient.open(index, address, owner)
    : WebSocketClient.open(index, address, owner);
}
