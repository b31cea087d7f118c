/** Which requests of an HTTP server are an engine's, and who gets the others. */
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TimerWheel } from './clock.ts';
import { isClaimed, watchForeignUpgrade } from './foreign-upgrades.ts';

/** Called first with each request under the path; true means that it has been answered, or will be. */
export type ServeFirst = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface Attachment {
  /** As resolved: with a leading slash, and without one at the end. */
  readonly path: string;
  readonly addTrailingSlash: boolean;
  readonly takesUpgrades: boolean;
  /** Upgrades of other paths that nobody has answered by then are ended. `Infinity`: never. */
  readonly foreignUpgradeMs: number;
}

/** What is attached. */
export interface Attached {
  readonly wheel: TimerWheel;
  serve(request: IncomingMessage, response: ServerResponse): void;
  handleUpgrade(request: IncomingMessage, tcp: Duplex, head: Buffer): void;
  open(): void;
  close(): void;
}

/** Serves the requests of one path. Listeners that were there before get all others. */
export function attachTo(server: HttpServer, engine: Attached, attachment: Attachment): void {
  const isOurs = matcherOf(attachment);
  const others = server.listeners('request').slice();
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (isOurs(request)) engine.serve(request, response);
    else for (const listener of others) Reflect.apply(listener, server, [request, response]);
  });
  // Without a listener, Node serves a request that asks for an upgrade as a plain one.
  if (attachment.takesUpgrades) {
    server.on('upgrade', (request: IncomingMessage, tcp: Duplex, head: Buffer) => {
      if (isClaimed(tcp)) return;
      if (isOurs(request)) engine.handleUpgrade(request, tcp, head);
      else watchForeignUpgrade(tcp, engine.wheel, attachment.foreignUpgradeMs);
    });
  }
  // A server may listen again after it has closed.
  server.on('listening', () => engine.open());
  server.on('close', () => engine.close());
}

/** Without the trailing slash, `/socket.io` and `/socket.io?…` are ours too; `/socket.iox` is not. */
function matcherOf({ path, addTrailingSlash }: Attachment): (request: IncomingMessage) => boolean {
  const bare = path === '/' ? '' : path;
  return ({ url = '' }) => {
    if (!url.startsWith(bare)) return false;
    const behind = url[bare.length];
    return behind === '/' || (!addTrailingSlash && (behind === undefined || behind === '?'));
  };
}
