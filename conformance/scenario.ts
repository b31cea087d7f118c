/** What a conformance scenario is: a server part, a client part, and what both noted. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server as ReferenceServer, ServerOptions } from 'socket.io';
import type { ManagerOptions, Socket as ClientSocket, SocketOptions } from 'socket.io-client';
import type { Notebook } from './notebook.ts';

/** How clients get in. `upgrade` is the default of the official client: polling first, then WebSocket. */
export type Mode = 'upgrade' | 'websocket' | 'polling';

/** The documented Socket.IO v4 API, whoever implements it. */
export type ServerUnderTest = ReferenceServer;

export type ConnectOptions = Partial<ManagerOptions & SocketOptions> & {
  /** Which namespace, `/` unless told. */
  namespace?: string;
};

/** Opens one official client. It is closed by the runner when the scenario is over. */
export type Connect = (options?: ConnectOptions) => ClientSocket;

export interface Stage {
  readonly mode: Mode;
  readonly notes: Notebook;
  /** `http://localhost:port`, without a slash at the end. */
  readonly url: string;
}

export interface Scenario {
  readonly name: string;
  readonly options?: Partial<ServerOptions>;
  /** All of them unless told. */
  readonly modes?: readonly Mode[];
  /** The application's own request handler, registered before the server is attached. */
  readonly page?: (request: IncomingMessage, response: ServerResponse) => void;
  /** Sets the server up. Uses only the documented API. */
  server(io: ServerUnderTest, stage: Stage): void;
  /** Plays the clients. Resolves when everything worth noting has been noted. */
  client(connect: Connect, stage: Stage): Promise<void>;
}
