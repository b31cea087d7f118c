/** `engine.use`: Express-style middlewares for requests and upgrades, real ones among them, beside `engine.io`. */
import { createRequire } from 'node:module';
import { describe } from 'node:test';
import helmet from 'helmet';
import type * as ours from 'websockets.io/engine';
import { ask, noteErrors, POLLING, same, type Stage, told, WEBSOCKET } from './engine-pair.ts';

// It brings no types.
const session = createRequire(import.meta.url)('express-session') as (options: object) => ours.Middleware;

describe('middlewares beside engine.io', () => {
  const paths: [string, Record<string, string>][] = [
    [POLLING, {}],
    ['/engine.io/', {}],
    ['/engine.io/?EIO=4&transport=websocket', WEBSOCKET],
  ];

  async function noteAll(stage: Stage): Promise<void> {
    noteErrors(stage);
    for (const [path, headers] of paths) {
      const answer = await ask(stage, path, headers);
      stage.notes.note('client', path, answer.status, told(answer));
    }
  }

  same('helmet', {}, async (stage) => {
    stage.engine.use(helmet());
    await noteAll(stage);
  });

  same('cors on upgrades too', { cors: { origin: 'https://a.example', credentials: true } }, noteAll);

  same('express-session', {}, async (stage) => {
    const { engine, notes } = stage;
    engine.use(
      session({
        secret: 'x',
        resave: false,
        saveUninitialized: true,
        cookie: { path: '/' },
      }),
    );
    engine.on('connection', (socket: ours.Socket) => {
      notes.note('server', 'session', typeof (socket.request as { sessionID?: unknown }).sessionID);
    });
    for (const [path, headers] of paths) {
      const answer = await ask(stage, path, headers);
      notes.note(
        'client',
        path,
        answer.status,
        answer.headers['set-cookie']?.length,
        answer.headers['set-cookie']?.[0]?.slice(0, 12),
      );
    }
  });

  const failing: Record<string, ours.Middleware> = {
    'an error': (_request, _response, next) => next(new Error('no')),
    'an exception': () => {
      throw new Error('no');
    },
    'a rejection': () => Promise.reject(new Error('no')),
    'an error, later': (_request, _response, next) => void setImmediate(() => next(new Error('no'))),
  };
  for (const [name, middleware] of Object.entries(failing)) {
    same(name, {}, async (stage) => {
      stage.engine.use(middleware);
      stage.engine.use((_request, _response, next) => {
        stage.notes.note('middleware', 'is not asked');
        next();
      });
      noteErrors(stage);
      for (const [path, headers] of paths) {
        const { status, body } = await ask(stage, path, headers);
        stage.notes.note('client', path, status, body);
      }
    });
  }

  same('one after the other, before all checks', {}, async (stage) => {
    const { engine, notes } = stage;
    engine.use((incoming, response, next) => {
      notes.note('middlewares', 'one', (incoming as ours.EngineRequest)._query?.['transport']);
      response.setHeader('x-one', 'a');
      next();
      next(new Error('twice'));
    });
    engine.use(async (_incoming, response, next) => {
      await Promise.resolve();
      notes.note('middlewares', 'two');
      response.setHeader('x-two', 'b');
      next();
    });
    await noteAll(stage);
  });

  same('one that answers by itself', {}, async (stage) => {
    stage.engine.use((_request, response) => {
      response.statusCode = 401;
      response.setHeader('www-authenticate', 'Basic');
      response.end('who?');
    });
    noteErrors(stage);
    for (const [path, headers] of paths.slice(0, 2)) {
      const answer = await ask(stage, path, headers);
      stage.notes.note('client', path, answer.status, answer.body, answer.headers['www-authenticate']);
    }
  });
});
