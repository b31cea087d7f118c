/** `/healthz`, `/readyz`, `/metrics`: for whoever runs the chat. */
/* oxlint-disable oxc/no-async-endpoint-handlers -- Express 5 passes rejections to the error handler */
import { type Response, Router } from 'express';
import type { Conversation } from './conversation.ts';
import type { Sockets } from './sockets.ts';
import { isAtThisMachine } from './visitor-address.ts';

export interface OperatorRoutesOptions {
  chat: Conversation;
  sockets: Sockets;
  /** Whether `/metrics` answers visitors who are not at this machine. */
  publicMetrics: boolean;
}

export function operatorRoutes({ chat, sockets, publicMetrics }: OperatorRoutesOptions): Router {
  const routes = Router();

  /** The process lives. A supervisor that restarts it for a full disk would make things worse. */
  routes.get('/healthz', (_request, response) => say(response, 200, 'ok\n'));

  /** It can do its work. */
  routes.get('/readyz', async (_request, response) => {
    const isReady = await chat.store.check().then(
      () => true,
      () => false,
    );
    if (isReady) say(response, 200, 'ok\n');
    else say(response, 503, 'The database does not answer.\n');
  });

  routes.get('/metrics', async (request, response) => {
    if (!publicMetrics && !isAtThisMachine(request)) {
      say(response, 403, 'Ask from this machine, or start with --public-metrics.\n');
      return;
    }
    const { people, rooms, messages } = await chat.store.counts();
    const text = chat.metrics.format({
      connections: sockets.connections,
      online: chat.presence.count,
      people,
      rooms,
      storedMessages: messages,
      flushes: chat.io.engine.flushes.toJSON(),
    });
    say(response.type('text/plain; version=0.0.4'), 200, text);
  });

  return routes;
}

function say(response: Response, status: number, text: string): void {
  if (response.get('Content-Type') === undefined) response.type('text');
  response.set('Cache-Control', 'no-store').status(status).send(text);
}
