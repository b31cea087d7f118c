/** The Express part: the page, `/api` and what the operator asks. The library answers `/socket.io/` by itself. */
/* oxlint-disable oxc/no-async-endpoint-handlers -- Express 5 passes rejections to the error handler */
import type { Express, NextFunction, Request, Response } from 'express';
import { MANIFEST_PATH, parsePlace, WORKER_PATH } from '../shared/routes.ts';
import { explain } from './actions/perform.ts';
import { apiRoutes } from './api-routes.ts';
import { bootFor } from './boot.ts';
import { deviceRoutes } from './device-routes.ts';
import { type EntryRoutesOptions, entryRoutes } from './entry-routes.ts';
import { callerOf, refuse, refuseWith } from './http-caller.ts';
import { hookRoutes } from './hook-routes.ts';
import { answerManifest } from './manifest.ts';
import { isFailure } from './naming.ts';
import { type OperatorRoutesOptions, operatorRoutes } from './operator-routes.ts';
import { languagesOf, type PageDrawing, viewOf } from './page-drawing.ts';
import type { PageFiles } from './page-files.ts';
import { passkeyRoutes } from './passkey-routes.ts';
import { mayChange } from './same-origin.ts';
import { previewRoutes } from './preview-routes.ts';
import { recoveryRoutes } from './recovery-routes.ts';
import { answerRetired } from './retired-worker.ts';
import { type SessionRoutesOptions, sessionRoutes } from './session-routes.ts';

export interface HttpAppOptions extends SessionRoutesOptions, EntryRoutesOptions, OperatorRoutesOptions {
  page: PageFiles;
  drawing: PageDrawing;
}

export function addRoutes(app: Express, options: HttpAppOptions): void {
  const { chat, sessions, page, drawing } = options;
  app.disable('x-powered-by');
  app.set('query parser', 'simple');

  app.use((request, response, next) => {
    if (isRead(request) || mayChange(request)) next();
    else refuseWith(response, 403, 'invalid', 'Requests from other sites are not accepted.');
  });

  app.use(operatorRoutes(options));

  app.get(MANIFEST_PATH, answerManifest(chat));
  if (!chat.offline) app.get(WORKER_PATH, answerRetired);

  app.use('/api', (_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  app.use('/api', sessionRoutes(options), passkeyRoutes(options), entryRoutes(options));
  app.use('/api', recoveryRoutes(options), deviceRoutes(options), apiRoutes(options));

  app.use('/hooks', hookRoutes(options));
  app.use('/previews', previewRoutes(options));

  app.use(async (request, response, next) => {
    if (!isRead(request) || request.path.startsWith('/api/')) {
      next();
      return;
    }
    const place = parsePlace(request.path);
    if (place !== null) {
      if (!page.isBuilt) {
        response
          .status(503)
          .type('text')
          .send('The page is not built yet: run "npm run build" and start again.\n');
        return;
      }
      // The page speaks by its socket, which cannot set cookies: without this a daily visitor's would run out.
      const caller = await callerOf(options, request);
      if (!isFailure(caller) && caller.session?.isBot === false) sessions.renewCookie(request, response);
      // The address of an invite is as good as the invite: no other site may learn it.
      if (/^\/(i|claim|recover|device)\//.test(request.path)) response.set('Referrer-Policy', 'no-referrer');
      const view = viewOf(request);
      const boot = isFailure(caller) ? null : await bootFor(chat, caller, place, view.room);
      const canDraw = boot !== null && page.canBeDrawn;
      const drawn = canDraw ? await drawing.draw(boot, request.path, view, languagesOf(request)) : null;
      await page.answerPage(request, response, boot, drawn);
      return;
    }
    if (!page.answer(request, response, request.path)) next();
  });

  app.use((request, response) => {
    if (request.path.startsWith('/api/')) {
      refuseWith(response, 404, 'invalid', 'There is nothing at this address.');
    } else response.status(404).type('text').send('There is nothing at this address.\n');
  });

  // Express knows an error handler by its four parameters.
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = statusOf(error);
    if (status < 500) {
      refuseWith(response, status, status === 413 ? 'too long' : 'invalid', sentenceFor(status, error));
      return;
    }
    refuse(response, explain(chat, 'request', error));
  });
}

function isRead(request: Request): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

function sentenceFor(status: number, error: unknown): string {
  if (status === 413) return 'This is too long.';
  if (status === 415) return 'This encoding cannot be read.';
  // By its body parser, or by its reader of paths, which knows no broken percent signs.
  return error instanceof SyntaxError ? 'This is not valid JSON.' : 'This request cannot be read.';
}

/** Express and its body parser put the status of a client's mistake on the error. */
function statusOf(error: unknown): number {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return 500;
  return error.status >= 400 && error.status < 500 ? error.status : 500;
}
