/** `/api/device-links`: from a device on which one is signed in to another one, by a link or its QR code. */
/* oxlint-disable oxc/no-async-endpoint-handlers -- Express 5 passes rejections to the error handler */
import { type Request, Router } from 'express';
import { type Failure, failure } from '../shared/failures.ts';
import type { DeviceLinkInfo, Me } from '../shared/people.ts';
import { slowDown } from './actions/action.ts';
import { networkUrl } from './address-line.ts';
import { DEVICE_LINK_LIFETIME_MS, DeviceLinks } from './device-links.ts';
import { acceptJsonOnly, readJson, refuse, signedInCaller } from './http-caller.ts';
import { isFailure } from './naming.ts';
import type { SessionRoutesOptions } from './session-routes.ts';
import { signInHere } from './signing-in.ts';
import { isAtThisMachine, isLocalHost } from './visitor-address.ts';

const GONE = failure('gone', 'This link was used, or its minute is over: make another one.');
const NOWHERE = failure(
  'not allowed',
  'Other devices cannot reach the chat at this address: open it here by the address that they would use.',
);

export function deviceRoutes(options: SessionRoutesOptions): Router {
  const { chat, addressOf } = options;
  const { store, gates, log } = chat;
  const routes = Router();
  const links = new DeviceLinks(chat.now);

  routes.post('/device-links', acceptJsonOnly, readJson, async (request, response) => {
    const caller = await signedInCaller(options, request);
    if (isFailure(caller)) {
      refuse(response, caller);
      return;
    }
    const { person, session } = caller;
    const origin = isLocalHost(request) ? onNetwork(request) : undefined;
    const waitMs = gates.waitMs('linkingDevices', person.id);
    if (origin === null || waitMs > 0) {
      refuse(response, origin === null ? NOWHERE : slowDown(waitMs));
      return;
    }
    log.info('Sign-in link made', { person: person.id });
    const made: DeviceLinkInfo = {
      code: links.make(person.id, session.id),
      lastsMs: DEVICE_LINK_LIFETIME_MS,
      ...(origin !== undefined && { origin }),
    };
    response.json(made);
  });

  /** Where other devices find what is `localhost` here; null if that is not known, as behind a proxy. */
  function onNetwork(request: Request): string | null {
    const address = chat.io.httpServer?.address() ?? null;
    if (!chat.claimableHere || !isAtThisMachine(request)) return null;
    return address === null || typeof address === 'string' ? null : networkUrl(address.port, address.address);
  }

  routes.get('/device-links/:code', async (request, response) => {
    const found = await ledTo(request);
    if (isFailure(found)) refuse(response, found);
    else response.json({ name: found.name });
  });

  routes.post('/device-links/:code', acceptJsonOnly, readJson, async (request, response) => {
    const found = await ledTo(request);
    // Several may have come this far: one of them is let through.
    const me = isFailure(found) || links.use(codeOf(request)) !== null ? found : GONE;
    if (isFailure(me)) {
      refuse(response, me);
      return;
    }
    await signInHere(options, request, response, me);
    log.info('Signed in', { person: me.id, by: 'link' });
    response.json({ me });
  });

  async function ledTo(request: Request): Promise<Me | Failure> {
    const waitMs = gates.waitMs('guessingCodes', addressOf(request));
    if (waitMs > 0) return slowDown(waitMs);
    const link = links.find(codeOf(request));
    if (link === null) return GONE;
    const sessions = await store.sessions.list(link.person);
    if (!sessions.some(({ id }) => id === link.session)) return GONE;
    return (await store.people.get(link.person)) ?? GONE;
  }

  return routes;
}

function codeOf(request: Request): string {
  return String(request.params['code']);
}
