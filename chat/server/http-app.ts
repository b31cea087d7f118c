/** The Express part: the page, `/api/session` and `/healthz`. The library answers `/socket.io/` by itself. */
/* oxlint-disable oxc/no-async-endpoint-handlers -- Express 5 passes rejections to the error handler */
import type { Express, NextFunction, Request, Response } from 'express';
import { DEFAULT_ROOM } from '../shared/events.ts';
import { type Log, formatError } from './log.ts';
import type { PageFiles } from './page-files.ts';
import { mayChange } from './same-origin.ts';
import { type SessionRoutesOptions, refuse, sessionRoutes } from './session-routes.ts';

export interface HttpAppOptions extends SessionRoutesOptions {
  page: PageFiles;
  log: Log;
}

export function addRoutes(app: Express, options: HttpAppOptions): void {
  const { store, sessions, page, log } = options;
  app.disable('x-powered-by');

  app.use((request, response, next) => {
    if (isRead(request) || mayChange(request)) next();
    else refuse(response, 403, 'invalid', 'Requests from other sites are not accepted.');
  });

  app.get('/healthz', async (_request, response) => {
    const room = await store.room(DEFAULT_ROOM).catch(() => null);
    response
      .set('Cache-Control', 'no-store')
      .type('text')
      .status(room === null ? 503 : 200);
    response.send(room === null ? 'The database does not answer.\n' : 'ok\n');
  });

  app.use('/api/session', sessionRoutes(options));

  app.use(async (request, response, next) => {
    if (!isRead(request) || request.path.startsWith('/api/')) {
      next();
      return;
    }
    if (request.path === '/') {
      if (!page.isBuilt) {
        response
          .status(503)
          .type('text')
          .send('The page is not built yet: run "npm run build" and start again.\n');
        return;
      }
      // The page speaks by its socket, which cannot set cookies: without this a daily visitor's would run out.
      const session = await sessions.resume(request);
      if (session !== null) sessions.renewCookie(request, response, session);
    }
    if (!page.answer(request, response, request.path)) next();
  });

  app.use((request, response) => {
    if (request.path.startsWith('/api/'))
      refuse(response, 404, 'invalid', 'There is nothing at this address.');
    else response.status(404).type('text').send('There is nothing at this address.\n');
  });

  // Express knows an error handler by its four parameters.
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = statusOf(error);
    if (status < 500) {
      refuse(response, status, 'invalid', status === 413 ? 'This is too long.' : 'This is not valid JSON.');
      return;
    }
    log.error(formatError('Cannot answer a request', error));
    refuse(response, 500, 'failed', 'Something went wrong on the server: try again in a moment.');
  });
}

function isRead(request: Request): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

/** Express and its body parser put the status of a client's mistake on the error. */
function statusOf(error: unknown): number {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return 500;
  return error.status >= 400 && error.status < 500 ? error.status : 500;
}
