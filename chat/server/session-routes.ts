/** `/api/session`: who am I, call me so, forget me. */
/* oxlint-disable oxc/no-async-endpoint-handlers -- Express 5 passes rejections to the error handler */
import { type Request, type Response, Router, json } from 'express';
import type { Failure, Person } from '../shared/events.ts';
import { parseName } from '../shared/names.ts';
import { field } from '../shared/payloads.ts';
import { FloodGate } from './flood-gate.ts';
import type { Sessions } from './sessions.ts';
import type { Sockets } from './sockets.ts';
import type { Store } from './store.ts';

const MAX_BODY_BYTES = 4 * 1_024;
/** A whole class behind one address must be able to come in at once. */
const NAMING = { burst: 60, perSecond: 1 };

export interface SessionRoutesOptions {
  store: Store;
  sessions: Sessions;
  sockets: Sockets;
  now: () => number;
}

export function sessionRoutes({ store, sessions, sockets, now }: SessionRoutesOptions): Router {
  const routes = Router();
  const naming = new FloodGate(NAMING, now);

  routes.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });

  routes.get('/', async (request, response: Response<{ me: Person | null }>) => {
    const session = await sessions.resume(request);
    if (session !== null) sessions.renewCookie(request, response, session);
    response.json({ me: session?.person ?? null });
  });

  routes.post(
    '/',
    acceptJsonOnly,
    json({ limit: MAX_BODY_BYTES }),
    async (request, response: Response<{ me: Person } | Failure>) => {
      if (!naming.pass(request.socket.remoteAddress ?? '')) {
        refuse(response, 429, 'too fast', 'Too many names from your address: wait a moment.');
        return;
      }
      const parsed = parseName(field(request.body, 'name'));
      if (!parsed.ok) {
        refuse(response, 400, 'invalid', parsed.text);
        return;
      }
      const session = await sessions.resume(request);
      const renamed = session === null ? null : await store.renamePerson(session.person.id, parsed.name);
      if (session === null || renamed === null) {
        response.json({ me: await sessions.open(request, response, parsed.name) });
        return;
      }
      sessions.renewCookie(request, response, session);
      await sockets.rename(renamed);
      response.json({ me: renamed });
    },
  );

  routes.delete('/', async (request, response: Response<{ me: null }>) => {
    const session = await sessions.resume(request);
    await sessions.close(request, response);
    if (session !== null) sockets.signOut(session.id);
    response.json({ me: null });
  });

  return routes;
}

/** Forms of other sites can post texts, but not `application/json`. */
function acceptJsonOnly(request: Request, response: Response<Failure>, next: () => void): void {
  if (request.is('application/json') !== 'application/json') {
    refuse(response, 415, 'invalid', 'Send JSON: Content-Type must be application/json.');
    return;
  }
  next();
}

export function refuse(
  response: Response<Failure>,
  status: number,
  code: Failure['code'],
  text: string,
): void {
  response.status(status).json({ ok: false, code, text });
}
