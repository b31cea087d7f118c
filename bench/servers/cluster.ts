/** Several processes of one program behind one port: `cluster.ts <program> <mode> <link>`. To our parent it is one server. */
import cluster, { type Worker } from 'node:cluster';
import { setupPrimary } from '@socket.io/cluster-adapter';
import type { Link } from '../generator/orders.ts';

const [exec = '', ...args] = process.argv.slice(2);
const { processes = 1 } = JSON.parse(args[1] ?? '{}') as Link;

setupPrimary();
cluster.setupPrimary({ exec, args, silent: true });
const workers: Worker[] = [];
let port = 0;
cluster.on('listening', (worker, address) => {
  workers.push(worker);
  port = address.port;
  if (workers.length < processes) return;
  const pids = workers.map((worker) => worker.process.pid).join(' ');
  process.stdout.write(`listening ${port} ${pids}\n`);
});
for (let count = 0; count < processes; count += 1) cluster.fork();
process.stdin.on('end', () => process.exit()).resume();
