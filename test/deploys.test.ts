/** The server's process is replaced under traffic, and its clients notice a pause. `deploys.long.ts` does it with 1,000. */
import { it } from 'node:test';
import { checkRecords, playDeploys, type DeployOptions } from './deploys/deploy.ts';

it('three deploys in a row: nobody stays away, nothing is lost, doubled, or out of order', async () => {
  const options: DeployOptions = {
    clients: 60,
    processes: 1,
    rooms: 4,
    deploys: 3,
    words: 150,
    paceMs: 200,
    reconnectionDelay: 50,
    reconnectionDelayMax: 200,
  };
  checkRecords(await playDeploys(options), options);
});
