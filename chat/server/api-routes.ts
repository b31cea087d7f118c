/** `/api/rooms` and `/api/search`: reading and speaking for programs, by the same actions that sockets use. */
/* oxlint-disable oxc/no-async-endpoint-handlers -- Express 5 passes rejections to the error handler */
import { type Request, type Response, Router } from 'express';
import type { Answer } from '../shared/failures.ts';
import { LIMITS } from '../shared/limits.ts';
import { readQuery } from '../shared/routes.ts';
import { type Action, NO_SUCH_ROOM, inRoom, named, parseNothing } from './actions/action.ts';
import { perform } from './actions/perform.ts';
import { changes, history } from './actions/reading.ts';
import { members } from './actions/rooms.ts';
import { search } from './actions/search.ts';
import { post } from './actions/speaking.ts';
import { type HttpParts, acceptJsonOnly, answer, callerOf, readJson, refuse } from './http-caller.ts';
import { isFailure } from './naming.ts';
import { type MyRoom, type Room, parseRoomAsk } from '../shared/rooms.ts';

const myRooms: Action = named({
  parse: parseNothing,
  async run(chat, { person }): Promise<Answer<{ rooms: MyRoom[] }>> {
    return { ok: true, rooms: await chat.store.rooms.allMine(person.id) };
  },
});

const oneRoom: Action = inRoom({
  parse: parseRoomAsk,
  needs: 'sight',
  archived: 'too',
  async run(_chat, { room }): Promise<Answer<{ room: Room }>> {
    return { ok: true, room };
  },
});

export function apiRoutes(parts: HttpParts): Router {
  const routes = Router();

  const serve = async (
    request: Request,
    response: Response,
    name: string,
    action: Action,
    payload: object,
  ): Promise<void> => {
    const caller = await callerOf(parts, request);
    if (isFailure(caller)) {
      refuse(response, caller);
      return;
    }
    answerTagged(request, response, await perform(parts.chat, caller, `http ${name}`, action, payload));
  };

  routes.get('/rooms', (request, response) => serve(request, response, 'rooms', myRooms, {}));
  routes.get('/rooms/:room', (request, response) =>
    serve(request, response, 'room', oneRoom, { room: request.params.room }),
  );
  routes.get('/rooms/:room/messages', async (request, response) => {
    const { room } = request.params;
    const query = readQuery(request.query);
    if (query['rev'] !== undefined) {
      await serve(request, response, 'changes', changesSince, { room, rev: query['rev'] });
      return;
    }
    const hasPlace = ['before', 'after', 'around', 'at'].some((name) => query[name] !== undefined);
    const place = hasPlace ? {} : { before: Number.MAX_SAFE_INTEGER };
    await serve(request, response, 'messages', history, { ...query, ...place, room });
  });
  routes.post('/rooms/:room/messages', acceptJsonOnly, readJson, (request, response) =>
    serve(request, response, 'post', post, { ...(request.body as object), room: request.params['room'] }),
  );
  routes.get('/rooms/:room/members', (request, response) =>
    serve(request, response, 'members', members, { ...readQuery(request.query), room: request.params.room }),
  );
  routes.get('/search', (request, response) =>
    serve(request, response, 'search', search, readQuery(request.query)),
  );

  return routes;
}

const changesSince: Action = async (chat, caller, payload) => {
  const { room, rev } = payload as { room: string; rev: unknown };
  if (typeof rev !== 'number' || room.length > LIMITS.slugChars) return NO_SUCH_ROOM;
  return changes(chat, caller, room, rev);
};

/** What depends on a room changes with its rev: whoever has that already is told so in a few bytes. */
function answerTagged(request: Request, response: Response, result: Answer<object>): void {
  if (request.method === 'GET' && result.ok && 'rev' in result && typeof result.rev === 'number') {
    const etag = `W/"${result.rev}"`;
    response.set('ETag', etag);
    if (request.headers['if-none-match'] === etag) {
      response.status(304).end();
      return;
    }
  }
  answer(response, result);
}
