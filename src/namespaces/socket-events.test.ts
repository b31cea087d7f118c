import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { enter, openNamespace } from '../../test/fake-client.ts';

describe('what a socket tells its user', () => {
  it('onAnyOutgoing is before the event is sent: what it sends itself goes first', () => {
    const namespace = openNamespace('/');
    const { client, socket } = enter(namespace);
    socket.onAnyOutgoing((event) => event !== 'inner' && socket.emit('inner'));
    socket.emit('outer');
    namespace.emit('to all');
    assert.deepEqual(client.events, [['inner'], ['outer'], ['inner'], ['to all']]);
  });

  it('describes an error of the transport by an error, other endings by words', () => {
    for (const [reason, expected] of [
      ['transport error', new Error('why')],
      ['parse error', 'why'],
    ] as const) {
      const { socket } = enter(openNamespace('/'));
      const told: unknown[][] = [];
      for (const event of ['disconnecting', 'disconnect'] as const) {
        socket.on(event, (...details: unknown[]) => told.push([event, ...details]));
      }
      socket.onClose(reason, 'why');
      assert.deepEqual(told, [
        ['disconnecting', reason, expected],
        ['disconnect', reason, expected],
      ]);
    }
  });
});
