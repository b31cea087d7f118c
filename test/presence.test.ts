/** Presence as its user has it: a server, and official clients that come, drop out and go. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Adapter } from 'socket.io-adapter';
import type { Socket as ClientSocket } from 'socket.io-client';
import type { PresenceChange, RoomPresence, ServerOptions } from 'websockets.io';
import { ManualClock } from 'websockets.io/testing';
import { enter, heard, openStage, type Stage } from './compatibility/stage.ts';

interface Room extends Stage {
  readonly clock: ManualClock;
  readonly come: (name: string) => Promise<ClientSocket>;
  /** The client loses its connection, and the server knows. */
  readonly drop: (client: ClientSocket) => Promise<void>;
}

/** Everybody is let into one room, and hears of its changes. */
async function openRoom(t: TestContext, options: ServerOptions = {}): Promise<Room> {
  const clock = new ManualClock();
  const stage = await openStage(t, {
    clock,
    presence: { identity: (socket) => socket.handshake.auth['name'] },
    ...options,
  });
  const { io } = stage;
  io.presence.on('change', (room, change) => io.to(room).emit('presence', change));
  io.on('connection', (socket) => {
    void socket.join('red');
    socket.on('leave', () => socket.leave('red'));
    socket.on('who', async (answer) => answer(await io.in('red').presence()));
  });
  const drop = async (client: ClientSocket): Promise<void> => {
    const socket = io.sockets.sockets.get(client.id ?? '');
    assert.ok(socket !== undefined);
    const lost = once(socket, 'disconnect');
    client.io.engine.close();
    await lost;
  };
  return { ...stage, clock, drop, come: (name) => stage.enter('/', { auth: { name }, reconnection: false }) };
}

/** The next change that a client hears of. */
async function nextChange(client: ClientSocket): Promise<PresenceChange> {
  const [change] = (await heard(client, 'presence')) as [PresenceChange];
  return change;
}

async function who(client: ClientSocket): Promise<[name: string, sockets: number][]> {
  const { people } = (await client.emitWithAck('who')) as RoomPresence;
  return (people ?? []).map(({ identity, sockets }) => [identity, sockets]);
}

async function reconnect(client: ClientSocket): Promise<void> {
  const back = heard(client, 'connect');
  client.connect();
  await back;
}

for (const [what, options] of [
  ['alone', {}],
  ['with recovery', { connectionStateRecovery: true }],
  ['with an official adapter', { adapter: Adapter }],
] as const) {
  it(`${what}: tabs are one person, a reconnection is no leave, leaving is one`, async (t) => {
    const { come, drop, clock } = await openRoom(t, options);
    const bob = await come('bob');
    assert.deepEqual(await who(bob), [['bob', 1]]);
    const joined = nextChange(bob);
    const tab = await come('ann');
    assert.deepEqual(await joined, { joined: ['ann'], left: [], count: 2 });
    const other = await come('ann');
    assert.deepEqual(await who(bob), [
      ['bob', 1],
      ['ann', 2],
    ]);

    // From here to the end bob hears of one change only.
    const changes: PresenceChange[] = [];
    bob.on('presence', (change) => changes.push(change));
    await drop(tab);
    await drop(other);
    clock.advance(4_000);
    assert.deepEqual(await who(bob), [
      ['bob', 1],
      ['ann', 0],
    ]);
    await reconnect(tab);
    clock.advance(6_000);
    assert.deepEqual(await who(bob), [
      ['bob', 1],
      ['ann', 1],
    ]);
    assert.deepEqual(changes, []);

    const left = nextChange(bob);
    tab.emit('leave');
    assert.deepEqual(await left, { joined: [], left: ['ann'], count: 1 });
    assert.equal(changes.length, 1);
  });

  it(`${what}: who does not come back has left after the grace, who disconnects at once`, async (t) => {
    const { come, drop, clock } = await openRoom(t, options);
    const bob = await come('bob');
    const [ann, cat] = [await come('ann'), await come('cat')];
    assert.equal((await who(bob)).length, 3);
    await drop(ann);
    const first = nextChange(bob);
    clock.advance(5_010);
    assert.deepEqual(await first, { joined: [], left: ['ann'], count: 2 });
    const second = nextChange(bob);
    cat.disconnect();
    assert.deepEqual(await second, { joined: [], left: ['cat'], count: 1 });
  });
}

it('is of one namespace; each made for a pattern has its own', async (t) => {
  const { io, enter: come } = await openStage(t, { presence: true });
  io.of(/^\/room-/).on('connection', (socket) => socket.join('red'));
  const changes: string[] = [];
  io.on('new_namespace', ({ name }) => {
    io.of(name).presence.on('change', (room, { count }) => changes.push(`${name} ${room} ${count}`));
  });
  await come('/room-1');
  await come('/room-2');
  assert.deepEqual(changes, ['/room-1 red 1', '/room-2 red 1']);
  assert.equal((await io.of('/room-1').in('red').presence()).count, 1);
  assert.equal((await io.in('red').presence()).count, 0);
  assert.throws(() => io.of(/^\/room-/).presence, /ask each namespace/);
});

it('takes no name from the events of servers', async (t) => {
  const { io } = await openStage(t, { presence: true });
  for (const name of ['presence', 'change']) assert.deepEqual(await io.serverSideEmitWithAck(name), []);
});

it('examples/presence tells who is there', async (t) => {
  const file = fileURLToPath(new URL('../examples/presence/server.ts', import.meta.url));
  const server = spawn(process.execPath, ['--conditions=source', file], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => server.kill());
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  const url = `http://127.0.0.1:${/\d+/.exec(line.toString())?.[0]}`;
  const ann = await enter(t, url, { auth: { name: 'ann' } });
  const { people } = (await ann.emitWithAck('enter', 'red')) as RoomPresence;
  assert.deepEqual(
    people?.map(({ identity }) => identity),
    ['ann'],
  );
  const both = new Promise<unknown[]>((resolve) => {
    ann.on('presence', (...told: [string, PresenceChange]) => {
      if (told[1].count === 2) resolve(told);
    });
  });
  const bob = await enter(t, url, { auth: { name: 'bob' } });
  bob.emit('enter', 'red');
  assert.deepEqual(await both, ['red', { joined: ['bob'], left: [], count: 2 }]);
});
