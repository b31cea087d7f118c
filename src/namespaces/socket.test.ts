import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { enter, FakeClient, openNamespace, say, surfacing, turn } from '../../test/fake-client.ts';

describe('events from a client', () => {
  it('may be named by a number, or like a part of Object', () => {
    const { socket } = enter(openNamespace('/'));
    const heard: unknown[] = [];
    for (const name of ['42', '__proto__', 'constructor', '']) {
      socket.on(name, (value: unknown) => heard.push([name, value]));
      say(socket, [name === '42' ? 42 : name, 1]);
    }
    assert.deepEqual(heard, [
      ['42', 1],
      ['__proto__', 1],
      ['constructor', 1],
      ['', 1],
    ]);
  });

  it('named "error" are heard by who listens, and harm nobody who does not', async () => {
    const { socket } = enter(openNamespace('/'));
    const errors = await surfacing(() => say(socket, ['error', 'boo']));
    assert.deepEqual(errors, []);
    const heard: unknown[] = [];
    socket.on('error', (error) => heard.push(error));
    say(socket, ['error', 'boo']);
    assert.deepEqual(heard, ['boo']);
  });

  it('whose handler throws surface, and the next event is heard', async () => {
    const { socket } = enter(openNamespace('/'));
    const thrown = new Error('of the user');
    let heard = 0;
    socket.on('bad', () => {
      throw thrown;
    });
    socket.on('good', () => (heard += 1));
    const errors = await surfacing(() => {
      say(socket, ['bad']);
      say(socket, ['good']);
    });
    assert.deepEqual(errors, [thrown]);
    assert.equal(heard, 1);
  });

  it('whose handler rejects end as unhandled rejections', async () => {
    const { socket } = enter(openNamespace('/'));
    const thrown = new Error('of the user');
    socket.on('bad', async () => {
      await Promise.reject(thrown);
    });
    // Without a listener of `unhandledRejection`, which Node would ask first, these are uncaught exceptions.
    const listeners = process.rawListeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    try {
      assert.deepEqual(await surfacing(() => say(socket, ['bad'])), [thrown]);
    } finally {
      for (const listener of listeners) process.on('unhandledRejection', listener as () => void);
    }
  });

  it('are heard twice by a listener added twice, and by those there when it was emitted', () => {
    const { socket } = enter(openNamespace('/'));
    const heard: string[] = [];
    const twice = (): number => heard.push('twice');
    const late = (): number => heard.push('late');
    socket.on('event', () => {
      socket.off('event', twice);
      socket.on('event', late);
    });
    socket.on('event', twice).on('event', twice);
    say(socket, ['event']);
    assert.deepEqual(heard, ['twice', 'twice']);
    say(socket, ['event']);
    assert.deepEqual(heard, ['twice', 'twice', 'twice', 'late']);
  });

  it('are not heard once the socket has left', () => {
    const { client, socket } = enter(openNamespace('/'));
    socket.on('event', assert.fail);
    client.lose();
    say(socket, ['event']);
  });
});

describe('onAny', () => {
  it('hears events before middleware does, refused ones as well, and has the socket as `this`', () => {
    const { socket } = enter(openNamespace('/'));
    const heard: unknown[] = [];
    socket.onAny(function (this: unknown, ...event: unknown[]) {
      heard.push(['any', this === socket, ...event]);
    });
    socket.use(([name], next) => {
      heard.push(['middleware', name]);
      next(new Error('refused'));
    });
    socket.on('error', (error) => heard.push(['error', error.message]));
    socket.on('event', assert.fail);
    say(socket, ['event', 1]);
    assert.deepEqual(heard, [
      ['any', true, 'event', 1],
      ['middleware', 'event'],
      ['error', 'refused'],
    ]);
  });

  it('which throws surfaces, and ends that event alone', async () => {
    const { socket } = enter(openNamespace('/'));
    const thrown = new Error('of the user');
    socket.onAny((name) => {
      if (name === 'bad') throw thrown;
    });
    const heard: string[] = [];
    socket.on('bad', () => heard.push('bad'));
    socket.on('good', () => heard.push('good'));
    const errors = await surfacing(() => {
      say(socket, ['bad']);
      say(socket, ['good']);
    });
    assert.deepEqual(errors, [thrown]);
    assert.deepEqual(heard, ['good']);
  });

  it('which disconnects keeps the event from its handlers', () => {
    const { socket } = enter(openNamespace('/'));
    socket.onAny(() => socket.disconnect());
    socket.on('event', assert.fail);
    say(socket, ['event']);
  });

  it('can be stopped by name, one registration at a time, or all at once', () => {
    const { socket } = enter(openNamespace('/'));
    const heard: string[] = [];
    const any = (): number => heard.push('any');
    socket
      .onAny(any)
      .onAny(any)
      .prependAny(() => heard.push('first'));
    socket.offAny(any).offAny(() => {});
    assert.equal(socket.listenersAny().length, 2);
    say(socket, ['event']);
    assert.deepEqual(heard, ['first', 'any']);
    assert.deepEqual(socket.offAny().listenersAny(), []);
  });
});

describe('onAnyOutgoing', () => {
  it('hears what is sent, broadcasts too, and, as with Socket.IO, what this socket sends in vain', () => {
    const namespace = openNamespace('/');
    const { client, socket } = enter(namespace);
    const heard: unknown[] = [];
    socket.onAnyOutgoing((...event: unknown[]) => heard.push(event));
    socket.emit('one', 1);
    namespace.emit('two', 2);
    client.writable = false;
    socket.volatile.emit('dropped');
    client.lose();
    socket.emit('too late');
    namespace.emit('too late');
    assert.deepEqual(heard, [['one', 1], ['two', 2], ['dropped'], ['too late']]);
  });

  it('may change rooms while a broadcast is on its way', () => {
    const namespace = openNamespace('/');
    const { client, socket } = enter(namespace);
    socket.join('room');
    socket.onAnyOutgoing(() => {
      socket.leave('room');
      socket.join('room'); // last in the room's set again: a walk that is not over would come back to it for ever
    });
    namespace.to('room').emit('event');
    assert.deepEqual(client.events, [['event']]);
  });

  it('which throws surfaces, and the others get the broadcast', async () => {
    const namespace = openNamespace('/');
    const first = enter(namespace);
    const second = enter(namespace);
    first.socket.onAnyOutgoing(() => {
      throw new Error('of the user');
    });
    const errors = await surfacing(() => namespace.emit('event'));
    assert.equal(errors.length, 1);
    assert.deepEqual([first.client.events, second.client.events], [[['event']], [['event']]]);
  });
});

describe('socket.use', () => {
  it('may change an event; an added one applies to the next', () => {
    const { socket } = enter(openNamespace('/'));
    const heard: unknown[] = [];
    socket.use((event, next) => {
      event[1] = 'changed';
      socket.use((_event, next) => next(new Error('no more')));
      next();
    });
    socket.on('event', (value: unknown) => heard.push(value));
    say(socket, ['event', 'original']);
    say(socket, ['event', 'original']);
    assert.deepEqual(heard, ['changed']);
  });

  it('which throws surfaces, and the next event is heard', async () => {
    const { socket } = enter(openNamespace('/'));
    socket.use(([name], next) => {
      if (name === 'bad') throw new Error('of the user');
      next();
    });
    let heard = 0;
    socket.on('good', () => (heard += 1));
    const errors = await surfacing(() => {
      say(socket, ['bad']);
      say(socket, ['good']);
    });
    assert.equal(errors.length, 1);
    assert.equal(heard, 1);
  });

  it('which lets pass after the socket has left lets nothing pass', async () => {
    const { client, socket } = enter(openNamespace('/'));
    socket.use((_event, next) => queueMicrotask(next));
    socket.on('event', assert.fail);
    say(socket, ['event']);
    client.lose();
    await turn();
  });
});

describe('emit', () => {
  it('refuses reserved names, whoever sends', () => {
    const namespace = openNamespace('/');
    const { client, socket } = enter(namespace);
    for (const name of [
      'connect',
      'connect_error',
      'disconnect',
      'disconnecting',
      'newListener',
      'removeListener',
    ]) {
      const message = `"${name}" is a reserved event name`;
      for (const sender of [socket, socket.volatile, socket.broadcast, namespace, namespace.to('room')]) {
        assert.throws(() => sender.emit(name), { message });
      }
    }
    assert.deepEqual(client.events, []);
  });

  it('of what cannot be serialised throws to the caller, and reaches nobody', () => {
    const namespace = openNamespace('/');
    const one = enter(namespace);
    const other = enter(namespace);
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    for (const sender of [one.socket, one.socket.broadcast, namespace]) {
      for (const bad of [cycle, 1n]) assert.throws(() => sender.emit('event', bad), TypeError);
    }
    namespace.emit('fine');
    assert.deepEqual([one.client.events, other.client.events], [[['fine']], [['fine']]]);
  });

  it('in middleware reaches the client before it is in, as with Socket.IO', () => {
    const namespace = openNamespace('/');
    namespace.use((socket, next) => {
      socket.emit('welcome');
      namespace.emit('not for who is not in');
      next();
    });
    const { client } = enter(namespace);
    assert.deepEqual(
      client.received.map(({ type }) => type),
      ['event', 'connect'],
    );
  });

  it('after the socket has left sends nothing', () => {
    const { client, socket } = enter(openNamespace('/'));
    socket.disconnect();
    const before = client.received.length;
    assert.equal(socket.emit('too late'), true);
    assert.equal(client.received.length, before);
  });

  it('modifiers can be kept and combined, and broadcast as well', () => {
    const namespace = openNamespace('/');
    const alice = enter(namespace);
    const bob = enter(namespace);
    bob.socket.join('room');
    const { volatile } = alice.socket;
    volatile.compress(false).emit('to alice');
    volatile.to('room').emit('to the room');
    volatile.broadcast.except('room').emit('to nobody');
    alice.socket.compress(true).send('text');
    bob.client.writable = false;
    volatile.to('room').emit('dropped');
    alice.socket.local.emit('local');
    assert.deepEqual(alice.client.events, [['to alice'], ['message', 'text']]);
    assert.deepEqual(bob.client.events, [['to the room'], ['local']]);
  });
});

describe('disconnect', () => {
  it('inside `disconnecting` is once: the client is told once, each event is heard once', () => {
    const { client, socket } = enter(openNamespace('/'));
    const heard: unknown[] = [];
    socket.on('disconnecting', (reason) => {
      heard.push(['disconnecting', reason, socket.connected, socket.rooms.size]);
      socket.disconnect();
    });
    socket.on('disconnect', (reason) => {
      heard.push(['disconnect', reason, socket.connected, socket.rooms.size]);
      socket.disconnect();
    });
    socket.disconnect();
    socket.disconnect();
    assert.deepEqual(heard, [
      ['disconnecting', 'server namespace disconnect', true, 1],
      ['disconnect', 'server namespace disconnect', false, 0],
    ]);
    assert.equal(client.received.filter(({ type }) => type === 'disconnect').length, 1);
  });

  it('with `true` inside `disconnecting` still ends the connection', () => {
    const { client, socket } = enter(openNamespace('/'));
    socket.on('disconnecting', () => socket.disconnect(true));
    socket.onPacket({ type: 'disconnect', namespace: '/' });
    assert.equal(client.isOpen, false);
  });

  it('goes on when handlers of `disconnecting` and `disconnect` throw', async () => {
    const namespace = openNamespace('/');
    const { client, socket } = enter(namespace);
    for (const event of ['disconnecting', 'disconnect'] as const) {
      socket.on(event, () => {
        throw new Error(event);
      });
    }
    const errors = await surfacing(() => client.lose());
    assert.deepEqual(errors.map(String), ['Error: disconnecting', 'Error: disconnect']);
    assert.deepEqual([namespace.sockets.size, namespace.adapter.sids.size, client.sockets.size], [0, 0, 0]);
  });

  it('in middleware does nothing: there is nothing to leave yet', () => {
    const namespace = openNamespace('/');
    namespace.use((socket, next) => {
      socket.disconnect();
      next();
    });
    assert.equal(enter(namespace).socket.connected, true);
  });

  it('lets `disconnecting` say good-bye to its rooms', () => {
    const namespace = openNamespace('/');
    const alice = enter(namespace);
    const bob = enter(namespace);
    for (const { socket } of [alice, bob]) socket.join('room');
    alice.socket.on('disconnecting', () => {
      for (const room of alice.socket.rooms) alice.socket.to(room).emit('left', room);
    });
    alice.client.lose();
    assert.deepEqual(bob.client.events, [['left', 'room']]);
  });
});

describe('handshake', () => {
  it('tells the moment of arrival, however late it is asked for, and is one object', async () => {
    const client = new FakeClient();
    client.request.url = '/socket.io/?EIO=4&a=1&a=2&__proto__=x';
    client.request.headers = { origin: 'https://example.org' };
    const socket = client.enter(openNamespace('/'), { token: 't' });
    assert.ok(socket);
    const entered = Date.now();
    await turn();
    const { handshake } = socket;
    assert.equal(handshake, socket.handshake);
    assert.ok(handshake.issued <= entered);
    assert.equal(new Date(handshake.time).getTime(), Math.floor(handshake.issued / 1000) * 1000);
    const { address, xdomain, secure, auth, query } = handshake;
    assert.deepEqual(
      { address, xdomain, secure, auth },
      {
        address: '192.0.2.1',
        xdomain: true,
        secure: false,
        auth: { token: 't' },
      },
    );
    assert.deepEqual(Object.entries(query), [
      ['EIO', '4'],
      ['a', '2'],
      ['__proto__', 'x'],
    ]);
  });
});
