/** Stories that the simulation told once, when something was wrong: each short, and the same each time. */
import { describe, it } from 'node:test';
import { World } from './recovery-world.ts';
import { SurvivingLog } from './watched-log.ts';

function open(clients: number, hasDoor = false): World {
  const log = new SurvivingLog();
  const world = new World({
    openLog: () => log,
    clients,
    polling: false,
    keepsAll: true,
    maxEvents: Infinity,
    hasDoor,
  });
  for (const client of world.clients) world.comeBack(client);
  return world;
}

function tell(world: World, ...rooms: readonly string[]): void {
  world.say({ rooms, except: [] }, true, (namespace, id) => namespace.to([...rooms]).emit('said', id));
}

function passOn(world: World): void {
  world.endTurn();
  for (const client of world.clients) client.read(Infinity);
}

describe('recovery, stories', () => {
  it('the last that it heard was a repetition, which it had asked for: nothing is told twice', async () => {
    const world = open(1);
    const client = world.client(0);
    passOn(world);
    tell(world);
    tell(world, 'red');
    tell(world);
    passOn(world);
    world.joinSince(client, 'red', 1);
    passOn(world);
    client.drop();
    await world.settle();
  });

  it('and a heartbeat says that it has got the rest: then it gets its session back', async () => {
    const world = open(2);
    const [asking, other] = [world.client(0), world.client(1)];
    asking.drop();
    passOn(world);
    tell(world);
    tell(world, 'red');
    tell(world);
    passOn(world);
    world.comeBack(asking);
    passOn(world);
    asking.positions.push(...other.positions.slice(0, 1));
    world.joinSince(asking, 'red', 0);
    asking.link?.ping();
    passOn(world);
    for (const at of [0, 1, 2]) world.pong(at);
    const before = asking.sid;
    asking.drop();
    tell(world);
    await world.settle();
    if (asking.sid !== before) throw new Error('did not get its session back');
  });

  it('the process dies while it waits at the door: its data is there the next time', async () => {
    const world = open(1, true);
    const client = world.client(0);
    await world.admit();
    passOn(world);
    world.speak(client);
    passOn(world);
    client.drop();
    world.notice(0);
    passOn(world);
    world.comeBack(client);
    passOn(world);
    client.drop();
    world.crash();
    await world.settle();
  });
});
