/** What carries a broadcast to other processes, where there are any. */
import { createAdapter as createClusterAdapter } from '@socket.io/cluster-adapter';
import { createAdapter as createRedisAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import { link } from './control.ts';

type CreateAdapter = ReturnType<typeof createRedisAdapter> | ReturnType<typeof createClusterAdapter>;

/** @param key tells the servers of one peer from those of another that share a Redis */
export function createAdapter(key: string): CreateAdapter | undefined {
  if (link.redis !== undefined)
    return createRedisAdapter(new Redis(link.redis), new Redis(link.redis), { key });
  return link.processes === undefined ? undefined : createClusterAdapter();
}
