/** The load generator's process: takes orders over IPC, one at a time, and ends with its parent. */
import { Group } from './group.ts';
import type { Answer, Order } from './orders.ts';

const groups = new Map<string, Group>();

async function carryOut(order: Order): Promise<Answer> {
  const group = groups.get(order.group) ?? new Group();
  groups.set(order.group, group);
  if (order.type === 'fanout') return group.fanOut(order.inFlight, order.ms, order.shape);
  if (order.type === 'echo') return group.echo(order.ms, order.shape);
  if (order.type === 'rooms') return group.rooms(order.ms, order.shape);
  if (order.type === 'open') {
    await group.open(order.port, order.count, order.dialect, order.link);
  } else if (order.type === 'stall') {
    group.stall();
  } else {
    group.close();
    groups.delete(order.group);
  }
  return { type: 'done' };
}

process.on('message', (message) => {
  // Only our own parent has the other end.
  carryOut(message as Order).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ type: 'failed', reason: String(error) } satisfies Answer),
  );
});
process.on('disconnect', () => process.exit());
