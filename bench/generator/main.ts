/** A load generator's process: takes orders over IPC, one at a time, and ends with its parent. */
import { Group } from './group.ts';
import type { Answer, Order } from './orders.ts';

const group = new Group();

async function carryOut(order: Order): Promise<Answer> {
  if (order.type === 'heartbeats') return { type: 'heartbeats', count: group.takeHeartbeats() };
  if (order.type === 'open') await group.open(order.count, order);
  else if (order.type === 'close') group.close();
  else if (order.type === 'stall') group.stall();
  else return group.run(order);
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
