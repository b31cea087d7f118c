/** `GET /previews/:id`: the pictures of previews, from here, so that nobody who reads tells another site who they are. */
/* oxlint-disable oxc/no-async-endpoint-handlers -- Express 5 passes rejections to the error handler */
import { Router } from 'express';
import { type HttpParts, callerOf } from './http-caller.ts';
import { isFailure } from './naming.ts';

/** Whatever is in the bytes: nothing of it runs, loads, or is part of this site. */
const SANDBOX = "sandbox; default-src 'none'";

export function previewRoutes(parts: HttpParts): Router {
  const routes = Router();

  routes.get('/:id', async (request, response, next) => {
    const caller = await callerOf(parts, request);
    const isSomebody = !isFailure(caller) && caller.person !== null;
    const image = isSomebody ? await parts.chat.store.previews.image(request.params.id) : null;
    if (image === null) {
      response.set('Cache-Control', 'no-store');
      next();
      return;
    }
    response.set({
      'Content-Type': image.type,
      'Content-Security-Policy': SANDBOX,
      'Cache-Control': 'private, max-age=31536000, immutable',
    });
    response.send(Buffer.from(image.bytes));
  });

  return routes;
}
