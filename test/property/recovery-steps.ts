/** What may happen in a world, and in which measure. */
import * as fc from 'fast-check';
import type { Socket } from '../../src/namespaces/socket.ts';
import { BRIEF_ROOM, PASSING_ROOM, type World } from './recovery-world.ts';

/** One thing that happens. Ends the turn or leaves it open for the next. */
export interface Step {
  /** For whoever reads a counterexample. */
  readonly [fc.toStringMethod]: () => string;
  readonly act: (world: World) => unknown;
  readonly endsTurn: boolean;
}

const ROOMS = ['red', 'green', BRIEF_ROOM, PASSING_ROOM];
const rooms = fc.uniqueArray(fc.constantFrom(...ROOMS), { minLength: 1, maxLength: 3 });
const room = fc.constantFrom(...ROOMS);
const number = fc.nat(7);
/** What stands behind an event's number: the official client takes a text at the end for a position. */
const payload = fc.constantFrom([], ['text'], [{ a: 1 }], [Buffer.from('bytes')], ['text', 7]);

function step<Parameter>(
  name: string,
  parameter: fc.Arbitrary<Parameter>,
  act: (world: World, parameter: Parameter) => unknown,
): fc.Arbitrary<Step> {
  return fc.record({ parameter, endsTurn: fc.boolean() }).map(({ parameter, endsTurn }) => ({
    [fc.toStringMethod]: () => `${name} ${JSON.stringify(parameter)}${endsTurn ? ';' : ''}`,
    act: (world) => act(world, parameter),
    endsTurn,
  }));
}

/** Tells one client something, if the server knows it. */
function tellOne(
  name: string,
  isKept: boolean,
  tell: (socket: Socket, id: number, args: readonly unknown[]) => void,
): fc.Arbitrary<Step> {
  return step(name, fc.tuple(number, payload), (world, [index, args]) => {
    const socket = world.socketOf(world.client(index));
    if (socket === undefined) return;
    world.say({ rooms: [socket.id], except: [] }, isKept, (_namespace, id) => tell(socket, id, args));
  });
}

const saying = [
  step('tell all', payload, (world, args) =>
    world.say({ rooms: [], except: [] }, true, (namespace, id) => namespace.emit('said', id, ...args)),
  ),
  step('tell rooms', fc.tuple(rooms, payload), (world, [rooms, args]) =>
    world.say({ rooms, except: [] }, true, (namespace, id) => namespace.to(rooms).emit('said', id, ...args)),
  ),
  step('tell some', fc.tuple(rooms, rooms, payload), (world, [rooms, except, args]) =>
    world.say({ rooms, except }, true, (namespace, id) =>
      namespace
        .to(rooms)
        .except(except)
        .emit('said', id, ...args),
    ),
  ),
  step('tell but', fc.tuple(rooms, payload), (world, [except, args]) =>
    world.say({ rooms: [], except }, true, (namespace, id) =>
      namespace.except(except).emit('said', id, ...args),
    ),
  ),
  step('tell absent', fc.tuple(number, payload), (world, [index, args]) => {
    const { sid } = world.client(index);
    if (sid === undefined) return;
    world.say({ rooms: [sid], except: [] }, true, (namespace, id) =>
      namespace.to(sid).emit('said', id, ...args),
    );
  }),
  step('tell others', number, (world, index) => {
    const socket = world.socketOf(world.client(index));
    if (socket === undefined) return;
    world.say({ rooms: [], except: [socket.id] }, true, (_namespace, id) =>
      socket.broadcast.emit('said', id),
    );
  }),
  step('volatile', payload, (world, args) =>
    world.say({ rooms: [], except: [] }, false, (namespace, id) =>
      namespace.volatile.emit('said', id, ...args),
    ),
  ),
  step('not kept', payload, (world, args) =>
    world.say({ rooms: [], except: [] }, false, (namespace, id) => namespace.emit('passing', id, ...args)),
  ),
  step('tell many', fc.integer({ min: 250, max: 600 }), (world, count) => {
    for (let left = count; left > 0; left -= 1) {
      world.say({ rooms: [], except: [] }, true, (namespace, id) => namespace.emit('said', id));
    }
  }),
  tellOne('tell one', true, (socket, id, args) => socket.emit('said', id, ...args)),
  tellOne('ask one', false, (socket, id, args) => socket.emit('said', id, ...args, () => {})),
];

const moving = [
  step('join', fc.tuple(number, room), (world, [index, room]) =>
    world.move(world.client(index), 'join', room),
  ),
  step('leave', fc.tuple(number, room), (world, [index, room]) =>
    world.move(world.client(index), 'leave', room),
  ),
  step('join since', fc.tuple(number, room, fc.nat(5)), (world, [index, room, ago]) =>
    world.joinSince(world.client(index), room, ago),
  ),
  step('speak', number, (world, index) => world.speak(world.client(index))),
];

const travelling = [
  step('read', fc.tuple(number, fc.nat(9)), (world, [index, count]) => world.client(index).read(count)),
  step('read all', number, (world, index) => world.client(index).read(Infinity)),
  step('ping', number, (world, index) => world.client(index).link?.ping()),
  step('pong', number, (world, at) => world.pong(at)),
  step('clog', number, (world, index) => {
    const { link } = world.client(index);
    if (link !== undefined) link.server.isFull = true;
  }),
  step('write', fc.constant(null), (world) => world.write()),
];

const breaking = [
  step('drop', number, (world, index) => world.client(index).drop()),
  step('notice', number, (world, at) => world.notice(at)),
  step('come back', number, (world, index) => world.comeBack(world.client(index))),
  step('drop and come back', number, (world, index) => {
    const client = world.client(index);
    client.drop();
    world.comeBack(client);
  }),
  step('admit', fc.constant(null), (world) => world.admit()),
  step('time', fc.constantFrom(10, 400, 1_100), (world, ms) => world.clock.advance(ms)),
];

const dying = [
  step('crash', fc.constant(null), (world) => world.crash()),
  step('redeploy', fc.constant(null), (world) => world.redeploy()),
];

const weighed = (weight: number, steps: readonly fc.Arbitrary<Step>[]): fc.WeightedArbitrary<Step> => ({
  weight,
  arbitrary: fc.oneof(...steps),
});

/** @param mayDie whether the log outlives the process */
export function stepsOf(mayDie: boolean): fc.Arbitrary<Step[]> {
  const step = fc.oneof(
    weighed(6, saying),
    weighed(4, moving),
    weighed(6, travelling),
    weighed(6, breaking),
    ...(mayDie ? [weighed(1, dying)] : []),
  );
  return fc.array(step, { minLength: 5, maxLength: 80, size: 'max' });
}
