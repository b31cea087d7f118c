/** The public names, one by one: adding, renaming or removing one is a decision that shows here. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as library from 'websockets.io';
import * as testing from 'websockets.io/testing';
import * as websocket from 'websockets.io/websocket';

describe('exports', () => {
  it('of websockets.io', () => {
    assert.deepEqual(Object.keys(library).sort(), ['BroadcastOperator', 'Namespace', 'Server', 'Socket']);
  });

  it('of websockets.io/websocket', () => {
    assert.deepEqual(Object.keys(websocket).sort(), [
      'CloseCode',
      'FrameDecoder',
      'Opcode',
      'PreparedMessage',
      'ReadyState',
      'ServerWebSocket',
      'StateError',
      'WebSocketProtocol',
      'WebSocketServer',
      'acceptDeflate',
      'applyMask',
      'checkUpgrade',
      'encodeFrame',
      'formatAcceptResponse',
      'formatRefusal',
      'negotiateDeflate',
      'offerDeflate',
    ]);
  });

  it('of websockets.io/testing', () => {
    assert.deepEqual(Object.keys(testing).sort(), ['ManualClock']);
  });

  it('types of websockets.io', () => {
    const index = readFileSync(new URL('../src/index.ts', import.meta.url), 'utf8');
    const types = [...index.matchAll(/\btype ([A-Z]\w+)|export type \{([^}]+)\}/g)]
      .flatMap(([, one, many]) => (one === undefined ? (many ?? '').split(',') : [one]))
      .map((name) => name.trim())
      .filter((name) => name !== '');
    assert.deepEqual(types.sort(), [
      'AllowRequest',
      'Clock',
      'DefaultEventsMap',
      'DisconnectReason',
      'EventsMap',
      'Handshake',
      'MiddlewareError',
      'MiddlewareError as ExtendedError',
      'Rejection',
      'ServerOptions',
      'TransportName',
    ]);
  });

  it('subpaths of the package', () => {
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      exports: Record<string, unknown>;
      dependencies: Record<string, string>;
    };
    assert.deepEqual(Object.keys(manifest.exports), ['.', './websocket', './testing', './package.json']);
    assert.deepEqual(Object.keys(manifest.dependencies), ['socket.io-client']);
  });
});
