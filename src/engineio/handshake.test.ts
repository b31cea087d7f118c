import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Server } from 'engine.io';
import { V3, V3_BASE64, V3_EARLY, V4, V4_BASE64 } from './dialect.ts';
import { checkRequest, ENGINE_ERRORS, formatRefusal } from './handshake.ts';
import type { CheckedRequest, EngineRequest } from './handshake.ts';

const SESSIONS = new Map([
  ['polling-session', { transport: 'polling', revision: 4 }],
  ['websocket-session', { transport: 'websocket', revision: 4 }],
  ['old-session', { transport: 'polling', revision: 3 }],
]);

function check(query: string, request: Partial<EngineRequest> = {}): CheckedRequest {
  return checkRequest({
    method: 'GET',
    query: new URLSearchParams(query),
    isUpgrade: false,
    transports: ['polling', 'websocket'],
    allowV3: false,
    findSession: (sid) => SESSIONS.get(sid),
    ...request,
  });
}

function refusal(code: keyof typeof ENGINE_ERRORS, context: Record<string, unknown>): CheckedRequest {
  return { type: 'refused', code, ...ENGINE_ERRORS[code], context };
}

const POST = { method: 'POST' };
const UPGRADE = { isUpgrade: true };

describe('handshake: opening', () => {
  test('polling', () => {
    assert.deepEqual(check('EIO=4&transport=polling'), { type: 'open', transport: 'polling', dialect: V4 });
  });

  test('websocket', () => {
    assert.deepEqual(check('EIO=4&transport=websocket', UPGRADE), {
      type: 'open',
      transport: 'websocket',
      dialect: V4,
    });
  });

  test('an empty sid is none', () => {
    assert.deepEqual(check('EIO=4&transport=polling&sid='), {
      type: 'open',
      transport: 'polling',
      dialect: V4,
    });
  });

  test('0 for a transport that is unknown, missing, or not allowed', () => {
    assert.deepEqual(check('EIO=4&transport=abc'), refusal(0, { transport: 'abc' }));
    assert.deepEqual(check('EIO=4'), refusal(0, { transport: undefined }));
    assert.deepEqual(
      check('transport=polling', { transports: ['websocket'] }),
      refusal(0, { transport: 'polling' }),
    );
    assert.deepEqual(check('transport=webtransport', { transports: ['webtransport'] }).type, 'refused');
    assert.deepEqual(check('transport=__proto__'), refusal(0, { transport: '__proto__' }));
  });

  test('2 for any method but GET', () => {
    assert.deepEqual(check('EIO=4&transport=polling', POST), refusal(2, { method: 'POST' }));
    assert.deepEqual(check('EIO=4&transport=polling', { method: 'HEAD' }), refusal(2, { method: 'HEAD' }));
  });

  test('3 for websocket without an upgrade, and an upgrade without websocket', () => {
    const refused = refusal(3, { name: 'TRANSPORT_HANDSHAKE_ERROR' });
    assert.deepEqual(check('EIO=4&transport=websocket'), refused);
    assert.deepEqual(check('EIO=4&transport=polling', UPGRADE), refused);
  });

  test('5 for any revision but 4, unless revision 3 is allowed', () => {
    for (const query of ['transport=polling', 'EIO=3&transport=polling', 'EIO=5&transport=polling']) {
      assert.deepEqual(check(query), refusal(5, { protocol: 3 }));
      const allowed = check(query, { allowV3: true });
      assert.deepEqual(allowed, { type: 'open', transport: 'polling', dialect: V3 });
    }
  });

  test('3 for JSONP, of either revision', () => {
    for (const query of [
      'EIO=4&transport=polling&j=0',
      'EIO=3&transport=polling&j=12&b64=1',
      'transport=polling&j',
    ]) {
      assert.deepEqual(check(query, { allowV3: true }), refusal(3, { name: 'JSONP_NOT_SUPPORTED' }));
    }
  });

  test('the dialect follows from EIO, b64 and t', () => {
    for (const [query, dialect] of [
      ['EIO=4&t=1448323232323-0', V4],
      ['EIO=4&b64=1', V4_BASE64],
      ['EIO=4&b64=', V4],
      ['EIO=3&t=OpvJxVN', V3],
      ['EIO=3&t=OpvJxVN.1', V3],
      ['EIO=3&t=123-4', V3],
      ['EIO=3&t=1448323232323', V3],
      ['EIO=3&t=1448323232323-x', V3],
      ['EIO=3&b64=1&t=OpvJxVN', V3_BASE64],
      ['EIO=3&t=1448323232323-0', V3_EARLY],
      ['EIO=3&t=1448323232323-17', V3_EARLY],
      ['EIO=3&t=1448323232323-0&b64=1', V3_BASE64],
    ] as const) {
      const checked = check(`transport=polling&${query}`, { allowV3: true });
      assert.equal(checked.type === 'open' && checked.dialect, dialect, query);
    }
  });

  test('the first fault in the order of Engine.IO counts', () => {
    assert.equal(check('EIO=3&transport=abc&sid=unknown', POST).type, 'refused');
    assert.deepEqual(check('EIO=3&transport=abc&sid=unknown', POST), refusal(0, { transport: 'abc' }));
    assert.deepEqual(check('EIO=3&transport=polling&sid=unknown', POST), refusal(1, { sid: 'unknown' }));
    assert.deepEqual(check('EIO=3&transport=websocket', POST), refusal(2, { method: 'POST' }));
    assert.deepEqual(check('EIO=3&transport=websocket'), refusal(3, { name: 'TRANSPORT_HANDSHAKE_ERROR' }));
  });
});

describe('handshake: resuming', () => {
  test('a poll, and data for it', () => {
    const resumed = { type: 'resume', sid: 'polling-session', transport: 'polling', dialect: V4 };
    assert.deepEqual(check('EIO=4&transport=polling&sid=polling-session'), resumed);
    assert.deepEqual(check('EIO=4&transport=polling&sid=polling-session', POST), resumed);
  });

  test('an upgrade to websocket', () => {
    const resumed = { type: 'resume', sid: 'polling-session', transport: 'websocket', dialect: V4 };
    assert.deepEqual(check('EIO=4&transport=websocket&sid=polling-session', UPGRADE), resumed);
  });

  test('1 for an unknown session', () => {
    assert.deepEqual(check('EIO=4&transport=polling&sid=unknown'), refusal(1, { sid: 'unknown' }));
  });

  test('3 for another transport without an upgrade', () => {
    const context = { name: 'TRANSPORT_MISMATCH', transport: 'polling', previousTransport: 'websocket' };
    assert.deepEqual(check('EIO=4&transport=polling&sid=websocket-session'), refusal(3, context));
    assert.deepEqual(
      check('EIO=4&transport=websocket&sid=polling-session'),
      refusal(3, { name: 'TRANSPORT_MISMATCH', transport: 'websocket', previousTransport: 'polling' }),
    );
  });

  test('3 for a session of another revision', () => {
    assert.deepEqual(
      check('EIO=4&transport=polling&sid=old-session'),
      refusal(3, { name: 'PROTOCOL_MISMATCH', protocol: 4, previousProtocol: 3 }),
    );
    assert.deepEqual(
      check('EIO=3&transport=websocket&sid=polling-session', UPGRADE),
      refusal(3, { name: 'PROTOCOL_MISMATCH', protocol: 3, previousProtocol: 4 }),
    );
  });

  test('3 for what cannot be served: a second websocket, a plain request to one, an upgrade to polling', () => {
    for (const [query, request] of [
      ['EIO=4&transport=websocket&sid=websocket-session', UPGRADE],
      ['EIO=4&transport=websocket&sid=websocket-session', {}],
      ['EIO=4&transport=polling&sid=polling-session', UPGRADE],
    ] as const) {
      const checked = check(query, request);
      assert.equal(checked.type === 'refused' && checked.code, 3);
    }
  });

  test('the last of several sids counts, as in Engine.IO', () => {
    assert.deepEqual(check('EIO=4&transport=polling&sid=polling-session&sid=b'), refusal(1, { sid: 'b' }));
    const checked = check('EIO=4&transport=polling&sid=b&sid=polling-session');
    assert.equal(checked.type === 'resume' && checked.sid, 'polling-session');
  });

  for (const sid of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    test(`advisory: "${sid}" as sid finds no session`, () => {
      assert.deepEqual(check(`EIO=4&transport=polling&sid=${sid}`), refusal(1, { sid }));
    });

    test(`advisory: "${sid}" as sid opens nothing even where sessions are kept in an object`, () => {
      const sessions: Record<string, { transport: string; revision: number }> = {};
      const findSession = (sid: string) => sessions[sid];
      for (const isUpgrade of [true, false]) {
        for (const transport of ['polling', 'websocket']) {
          const checked = check(`EIO=4&transport=${transport}&sid=${sid}`, { findSession, isUpgrade });
          assert.equal(checked.type, 'refused');
        }
      }
    });
  }
});

test('the table is that of engine.io', () => {
  const { errorMessages } = Server as unknown as { errorMessages: Record<string, string> };
  const messages = Object.entries(ENGINE_ERRORS).map(([code, { message }]) => [code, message]);
  assert.deepEqual(Object.fromEntries(messages), errorMessages);
});

test('a refusal is formatted as JSON', () => {
  assert.equal(
    formatRefusal({ code: 1, message: 'Session ID unknown' }),
    '{"code":1,"message":"Session ID unknown"}',
  );
});

test('differential: engine.io refuses the same requests with the same code and context', () => {
  const engine = new Server() as unknown as {
    clients: Record<string, unknown>;
    verify(
      request: object,
      isUpgrade: boolean,
      done: (code?: number, context?: Record<string, unknown>) => void,
    ): void;
  };
  for (const [sid, session] of SESSIONS) {
    engine.clients[sid] = { transport: { name: session.transport }, protocol: session.revision };
  }
  let refused = 0;
  for (const EIO of ['3', '4', undefined])
    for (const transport of ['polling', 'websocket', 'abc', undefined])
      for (const sid of [...SESSIONS.keys(), 'unknown', '__proto__', '', undefined])
        for (const method of ['GET', 'POST', 'HEAD'])
          for (const isUpgrade of [true, false]) {
            const parameters = { EIO, transport, sid };
            const given = Object.entries(parameters).filter(
              (entry): entry is [string, string] => entry[1] !== undefined,
            );
            const ours = checkRequest({
              method,
              query: new URLSearchParams(given),
              isUpgrade,
              transports: ['polling', 'websocket'],
              allowV3: true,
              findSession: (sid) => SESSIONS.get(sid),
            });
            const request = { method, headers: {}, _query: Object.fromEntries(given) };
            engine.verify(request, isUpgrade, (code, context) => {
              if (code === undefined) return;
              refused++;
              assert.equal(ours.type, 'refused');
              assert.deepEqual(ours.type === 'refused' && [ours.code, ours.context], [code, context]);
            });
          }
  assert.ok(refused > 200);
});
