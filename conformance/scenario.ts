/** What a conformance scenario is: a server part, a client part, and what both noted. */
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { Server as ReferenceServer, ServerOptions } from 'socket.io';
import type { ManagerOptions, Socket as ClientSocket, SocketOptions } from 'socket.io-client';
import type { Notebook } from './notebook.ts';

/** How clients get in. `upgrade` is the default of the official client: polling first, then WebSocket. */
export type Mode = 'upgrade' | 'websocket' | 'polling';

/** Which official client. Those before 3 speak revision 3 of Engine.IO, which their scenarios allow. */
export type ClientVersion = '4' | '3' | '2' | '1.7';

/** The documented Socket.IO v4 API, whoever implements it. */
export type ServerUnderTest = ReferenceServer;

export type ConnectOptions = Partial<ManagerOptions & SocketOptions> & {
  /** Which namespace, `/` unless told. */
  namespace?: string;
  /** Another server than the stage's. */
  url?: string;
};

/**
 * Opens one official client. It is closed by the runner when the scenario is over.
 *
 * Clients before 3 have no `auth`: an object given as such goes into their query. The type is that of version 4; who asks for
 * older versions uses only what these have.
 */
export type Connect = (options?: ConnectOptions) => ClientSocket;

export interface Stage {
  readonly mode: Mode;
  readonly version: ClientVersion;
  readonly notes: Notebook;
  /** `http://localhost:port`, without a slash at the end. */
  readonly url: string;
  /** The server under test, for client parts that act for it. */
  readonly io: ServerUnderTest;
  readonly http: HttpServer;
  /** To make more servers. Whoever does, closes them by `cleanUp`. */
  readonly Server: typeof ReferenceServer;
  /** An Engine.IO server without Socket.IO. */
  readonly attachEngine: (http: HttpServer, options: object) => ServerUnderTest['engine'];
  /** Calls `end` when the scenario is over. */
  readonly cleanUp: (end: () => unknown) => void;
}

export interface Scenario {
  readonly name: string;
  readonly options?: Partial<ServerOptions>;
  /** All of them unless told. */
  readonly modes?: readonly Mode[];
  /** The newest alone unless told. */
  readonly versions?: readonly ClientVersion[];
  /** Why the servers differ on purpose. Then they must: a difference that has gone is to be noticed. */
  readonly differs?: string;
  /** Why the servers still differ. It is played all the same, and may fail. */
  readonly todo?: string;
  /** The application's own request handler, registered before the server is attached. */
  readonly page?: (request: IncomingMessage, response: ServerResponse) => void;
  /** Sets the server up. Uses only the documented API. */
  server(io: ServerUnderTest, stage: Stage): void;
  /** Plays the clients. Resolves when everything worth noting has been noted. */
  client(connect: Connect, stage: Stage): Promise<void>;
}

export const ALL_VERSIONS: readonly ClientVersion[] = ['4', '3', '2', '1.7'];
