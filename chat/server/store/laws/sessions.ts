import assert from 'node:assert/strict';
import type { Store } from '../store.ts';
import { type MakePlace, hash, lawSuite, person } from './place.ts';

export function sessionLaws(name: string, makePlace: MakePlace): void {
  const begin = (store: Store, byte: number, owner: number, at = 1): Promise<number> =>
    store.sessions.open({
      tokenHash: hash(byte),
      person: owner,
      agent: `agent ${byte}`,
      address: 'here',
      at,
    });
  const resume = async (store: Store, byte: number, at: number, idle = 100): Promise<number | null> =>
    (await store.sessions.resume(hash(byte), at, idle, 'there'))?.person ?? null;

  lawSuite(`${name} keeps the laws of SessionStore`, makePlace, (law) => {
    law(
      '1. A session leads to its person until it has not been resumed for the idle time; each resume starts that anew.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        await begin(store, 1, ada.id, 1_000);
        assert.equal(await resume(store, 1, 1_050), ada.id);
        assert.equal(await resume(store, 1, 1_150), ada.id);
        assert.equal(await resume(store, 1, 1_251), null);
        assert.equal(await resume(store, 2, 1_000), null);
      },
    );

    law('2. A closed session leads to nobody, and the person’s other sessions go on.', async ({ open }) => {
      const store = await open();
      const ada = await person(store, 'Ada');
      const first = await begin(store, 1, ada.id);
      await begin(store, 2, ada.id);
      assert.equal(await store.sessions.close(ada.id, first), true);
      assert.equal(await store.sessions.close(ada.id, first), false);
      assert.equal(await resume(store, 1, 1), null);
      assert.equal(await resume(store, 2, 1), ada.id);
    });

    law(
      '3. Dropping idle sessions drops those not seen since the given time and no others; a bot’s is never idle.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        await begin(store, 1, ada.id, 10);
        await begin(store, 2, ada.id, 20);
        const bot = {
          name: 'Bot',
          keys: ['bot'],
          role: 'member',
          at: 1,
          by: ada.id,
          tokenHash: hash(3),
        } as const;
        const made = await store.people.createBot(bot);
        await store.sessions.dropIdle(20);
        assert.equal(await resume(store, 1, 20), null);
        assert.equal(await resume(store, 2, 20), ada.id);
        assert.equal(await resume(store, 3, 1_000_000), made?.id);
      },
    );

    law(
      '4. A session that was given another token keeps its id, and the old token leads to nobody.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        const id = await begin(store, 1, ada.id);
        await store.sessions.replaceToken(id, hash(2));
        assert.equal(await resume(store, 1, 1), null);
        assert.partialDeepStrictEqual(await store.sessions.resume(hash(2), 1, 100, ''), {
          id,
          person: ada.id,
        });
      },
    );

    law('5. Somebody can see and close their own sessions only.', async ({ open }) => {
      const store = await open();
      const ada = await person(store, 'Ada');
      const bob = await person(store, 'Bob');
      const first = await begin(store, 1, ada.id, 1);
      const second = await begin(store, 2, ada.id, 2);
      const bobs = await begin(store, 3, bob.id, 3);
      await resume(store, 1, 4);
      assert.deepEqual(await store.sessions.list(ada.id), [
        { id: first, agent: 'agent 1', address: 'there', created: 1, seen: 4 },
        { id: second, agent: 'agent 2', address: 'here', created: 2, seen: 2 },
      ]);
      assert.equal(await store.sessions.close(ada.id, bobs), false);
      assert.deepEqual(await store.sessions.closeOthers(ada.id, first), [second]);
      assert.equal(await resume(store, 1, 5), ada.id);
      assert.equal(await resume(store, 3, 5), bob.id);
    });
  });
}
