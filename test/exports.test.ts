/** The public names, one by one: adding, renaming or removing one is a decision that shows here. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as library from 'websockets.io';
import * as engine from 'websockets.io/engine';
import * as history from 'websockets.io/history';
import * as sqlite from 'websockets.io/history/sqlite';
import * as testing from 'websockets.io/testing';
import * as websocket from 'websockets.io/websocket';

function typesOf(file: string): string[] {
  const text = readFileSync(new URL(`../src/${file}`, import.meta.url), 'utf8');
  return [...text.matchAll(/\btype ([A-Z]\w+(?: as \w+)?)|export type \{([^}]+)\}/g)]
    .flatMap(([, one, many]) => (one === undefined ? (many ?? '').split(',') : [one]))
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .sort();
}

describe('exports', () => {
  it('of websockets.io', () => {
    assert.deepEqual(Object.keys(library).sort(), [
      'BroadcastOperator',
      'Namespace',
      'RemoteSocket',
      'Server',
      'Socket',
    ]);
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

  it('of websockets.io/engine', () => {
    assert.deepEqual(Object.keys(engine).sort(), ['Server', 'Socket', 'attach', 'listen', 'protocol']);
  });

  it('of websockets.io/history', () => {
    assert.deepEqual(Object.keys(history), ['MemoryLog']);
  });

  it('of websockets.io/history/sqlite', () => {
    assert.deepEqual(Object.keys(sqlite), ['SqliteLog']);
  });

  it('of websockets.io/testing', () => {
    assert.deepEqual(Object.keys(testing).sort(), ['ManualClock', 'historyLaws']);
  });

  it('types of websockets.io', () => {
    assert.deepEqual(typesOf('index.ts'), [
      'Adapter',
      'AdapterFactory',
      'AllowRequest',
      'Clock',
      'CloseOptions',
      'DefaultEventsMap',
      'DisconnectReason',
      'DrainOptions',
      'EventsMap',
      'Handshake',
      'HistoryEvent',
      'HistoryOptions',
      'HistoryPage',
      'HistoryQuery',
      'JoinOptions',
      'Joined',
      'KeepOptions',
      'MiddlewareError',
      'MiddlewareError as ExtendedError',
      'Parser',
      'PresenceChange',
      'PresenceEvents',
      'PresenceOptions',
      'PresentPerson',
      'ReceiveOnceOptions',
      'RecoveryOptions',
      'Rejection',
      'RoomPresence',
      'ServerOptions',
      'SlowReaderPolicy',
      'TransportName',
    ]);
  });

  it('types of websockets.io/engine', () => {
    assert.deepEqual(
      typesOf('engine-api.ts'),
      [
        'AllowRequest',
        'AttachOptions',
        'Clock',
        'CloseReason',
        'CookieOptions',
        'CorsDelegate',
        'CorsOptions',
        'CorsOrigin',
        'EnginePacket as Packet',
        'EngineMiddleware as Middleware',
        'EngineRequest',
        'EngineServerOptions as ServerOptions',
        'HttpCompressionOptions',
        'MessageData',
        'Rejection',
        'SendOptions',
        'SentCallback',
        'Transport',
        'TransportName',
      ].sort(),
    );
  });

  it('subpaths of the package', () => {
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      exports: Record<string, unknown>;
      dependencies: Record<string, string>;
    };
    assert.deepEqual(Object.keys(manifest.exports), [
      '.',
      './engine',
      './websocket',
      './testing',
      './history',
      './history/sqlite',
      './package.json',
    ]);
    assert.deepEqual(Object.keys(manifest.dependencies), ['socket.io-client']);
  });
});
