/** `npm run test:long`: three deploys in a row with 1,000 official clients, under traffic. */
import { it } from 'node:test';
import { checkRecords, playDeploys, type DeployOptions } from './deploys/deploy.ts';

it(
  '1,000 clients: nobody stays away, nothing is lost, doubled, or out of order',
  { timeout: 600_000 },
  async () => {
    const options: DeployOptions = {
      clients: 1_000,
      processes: 4,
      rooms: 20,
      deploys: 3,
      words: 1_000,
      paceMs: 10_000,
      reconnectionDelay: 1_000,
      reconnectionDelayMax: 5_000,
    };
    checkRecords(await playDeploys(options), options);
  },
);
