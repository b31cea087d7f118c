import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClient, hostOf, surfacing, turn } from '../../test/fake-client.ts';
import type { DefaultEventsMap } from './event-map.ts';
import type { Namespace } from './namespace.ts';
import { NamespaceRegistry } from './namespace-registry.ts';

interface Stage {
  registry: NamespaceRegistry<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, unknown>;
  opened: string[];
  find: (name: string, auth?: Record<string, unknown>) => Namespace | undefined | 'waits';
}

function open(): Stage {
  const opened: string[] = [];
  const host = hostOf({ onEmptied: (namespace) => registry.closeChild(namespace) });
  const registry: Stage['registry'] = new NamespaceRegistry(host, ({ name }) => opened.push(name));
  return {
    registry,
    opened,
    find: (name, auth = {}) => {
      let result: Namespace | undefined | 'waits' = 'waits';
      registry.find(name, auth, (namespace) => (result = namespace));
      return result;
    },
  };
}

describe('NamespaceRegistry', () => {
  it('makes a child for a client when a pattern matches, and finds it again', () => {
    const { registry, opened, find } = open();
    registry.ofPattern(/^\/room-\d+$/);
    assert.equal(find('/room-x'), undefined);
    const child = find('/room-1');
    assert.equal(find('/room-1'), child);
    assert.equal(registry.ofName('room-1'), child);
    assert.deepEqual(opened, ['/room-1']);
  });

  it('asks functions with the name and the auth, in order, until one agrees', () => {
    const { registry, find } = open();
    const asked: unknown[] = [];
    registry.ofPattern((name, auth, decide) => {
      asked.push(['first', name, auth['token']]);
      decide(new Error('not mine'), true);
    });
    const second = registry.ofPattern((name, _auth, decide) => {
      asked.push(['second', name]);
      decide(null, true);
      decide(null, false);
    });
    const child = find('/any', { token: 'x' });
    assert.ok(child !== undefined && child !== 'waits');
    assert.ok(second.children.has(child));
    assert.deepEqual(asked, [
      ['first', '/any', 'x'],
      ['second', '/any'],
    ]);
  });

  it('a function that throws refuses, and surfaces', async () => {
    const { registry, find } = open();
    registry.ofPattern(() => {
      throw new Error('of the user');
    });
    const errors = await surfacing(() => assert.equal(find('/any'), undefined));
    assert.equal(errors.length, 1);
  });

  it('two clients whose function takes its time get the same child', () => {
    const { registry } = open();
    const waiting: (() => void)[] = [];
    registry.ofPattern((_name, _auth, decide) => waiting.push(() => decide(null, true)));
    const found: unknown[] = [];
    for (const _ of [1, 2]) registry.find('/slow', {}, (namespace) => found.push(namespace));
    for (const decide of waiting) decide();
    assert.equal(found[0], found[1]);
    assert.ok(found[0] !== undefined);
  });

  it('children have the door and the listeners of their parent; what the parent sends reaches them all', () => {
    const { registry } = open();
    const parent = registry.ofPattern(/^\/p/);
    const heard: string[] = [];
    parent.use((socket, next) => next(socket.handshake.auth['ok'] === true ? undefined : new Error('no')));
    parent.on('connection', (socket) => heard.push(socket.nsp.name));
    const clients = ['/p1', '/p2'].map((name) => {
      const client = new FakeClient();
      client.enter(registry.ofName(name), { ok: true });
      return client;
    });
    const refused = new FakeClient();
    refused.enter(registry.ofName('/p1'), { ok: false });
    assert.equal(refused.refusals, 1);
    parent.emit('to all', 1);
    parent.except('nobody').emit('by operator', 2);
    for (const client of clients)
      assert.deepEqual(client.events, [
        ['to all', 1],
        ['by operator', 2],
      ]);
    assert.deepEqual(heard, ['/p1', '/p2']);
  });

  it('closes a child when the last one has left, but not while somebody stands at its door', async () => {
    const { registry } = open();
    const parent = registry.ofPattern(/^\/p/);
    const doors: (() => void)[] = [];
    parent.use((_socket, next) => doors.push(next));
    const child = registry.ofName('/p1');
    const [first, second] = [new FakeClient(), new FakeClient()];
    first.enter(child);
    doors.shift()?.();
    await turn();
    second.enter(child);
    first.lose();
    assert.ok(registry.byName.has('/p1'));
    doors.shift()?.();
    await turn();
    assert.equal(child.sockets.size, 1);
    second.lose();
    assert.deepEqual([registry.byName.size, parent.children.size], [0, 0]);
    const named = registry.ofName('/named');
    const client = new FakeClient();
    client.enter(named);
    client.lose();
    assert.ok(registry.byName.has('/named'));
  });
});
