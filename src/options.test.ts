import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { resolveOptions } from './options.ts';

const resolve = (options: Record<string, unknown>) => () => resolveOptions(options);

describe('resolveOptions', () => {
  it('fills in the defaults, and cannot be changed afterwards', () => {
    const options = resolveOptions();
    assert.equal(options.path, '/socket.io');
    assert.deepEqual(options.transports, ['polling', 'websocket']);
    assert.ok(Object.isFrozen(options) && Object.isFrozen(options.transports));
    assert.deepEqual(resolveOptions({}), options);
  });

  it('takes `undefined` and `null` for "not given"', () => {
    const nothing = {
      path: undefined,
      transports: null,
      serveClient: undefined,
      pingTimeout: null,
      allowRequest: undefined,
    };
    assert.deepEqual(resolve(nothing)(), resolveOptions());
  });

  it('takes Infinity for "no limit", and nothing else', () => {
    assert.equal(resolveOptions({ maxHttpBufferSize: Infinity }).maxMessageBytes, Infinity);
    for (const value of [0, -1, NaN]) assert.throws(resolve({ maxHttpBufferSize: value }), RangeError);
  });

  it('brings a path into one form', () => {
    for (const [given, path] of [
      ['/chat/', '/chat'],
      ['chat', '/chat'],
      ['/a/b', '/a/b'],
      ['/', '/'],
      ['', '/socket.io'],
    ] as const) {
      assert.equal(resolveOptions({ path: given }).path, path);
    }
    assert.throws(resolve({ path: 1 }), /"path" must be a string, got number/);
  });

  it('refuses what cannot be, by its name', () => {
    assert.throws(resolve({ transports: 'websocket' }), /"transports" must list/);
    assert.throws(resolve({ transports: [] }), /"transports" must list/);
    assert.throws(resolve({ cors: 'https://a' }), /"cors" must be true, false or an object, got string/);
    assert.throws(resolve({ cookie: 'io' }), /"cookie" must be true, false or an object, got string/);
    assert.throws(resolve({ httpCompression: { threshold: -1 } }), /"threshold" must be greater than 0/);
    assert.throws(resolve({ addTrailingSlash: 1 }), /"addTrailingSlash" must be true or false/);
    assert.throws(resolve({ allowRequest: true }), /"allowRequest" must be a function, got boolean/);
    assert.throws(resolve({ allowUpgrades: 'no' }), /"allowUpgrades" must be true or false, got "no"/);
  });

  it('warns of an option that has no effect, not of one that is off', async () => {
    const warned = once(process, 'warning');
    resolve({ maxPayload: undefined, cleanupEmptyRooms: false, wsEngine: 'eiows' })();
    const [warning] = (await warned) as [Error];
    assert.match(warning.message, /Option "wsEngine" .* has no effect/);
  });
});
