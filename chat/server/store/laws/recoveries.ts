import assert from 'node:assert/strict';
import { type MakePlace, hash, lawSuite, made, person } from './place.ts';

export function recoveryLaws(name: string, makePlace: MakePlace): void {
  lawSuite(`${name} keeps the laws of Recoveries`, makePlace, (law) => {
    law(
      '1. A link leads to its person until it expires, is used, a newer one is made for the same person, or they get a new password; to a person who is revoked or forgotten none does.',
      async ({ open }) => {
        const store = await open();
        const { recoveries } = store;
        const ada = (await person(store, 'Ada')).id;
        const bob = (await person(store, 'Bob')).id;
        await recoveries.make({ codeHash: hash(1), person: ada, by: bob, at: 1, expires: 10 });
        await recoveries.make({ codeHash: hash(2), person: bob, by: null, at: 1, expires: 20 });
        assert.deepEqual(
          [await recoveries.find(hash(1), 9), await recoveries.find(hash(1), 10)],
          [{ person: ada, by: bob }, null],
        );
        assert.equal(await recoveries.use(hash(1), 10), null);
        await recoveries.make({ codeHash: hash(3), person: ada, by: bob, at: 2, expires: 30 });
        assert.equal(await recoveries.find(hash(1), 9), null);
        assert.equal(await recoveries.use(hash(3), 9), ada);
        assert.equal(await recoveries.find(hash(3), 9), null);
        assert.deepEqual(await recoveries.find(hash(2), 19), { person: bob, by: null });
        await store.people.setPassword(bob, 'hash');
        assert.equal(await recoveries.find(hash(2), 19), null);
        const make = (person: number, byte: number): Promise<boolean> =>
          recoveries.make({ codeHash: hash(byte), person, by: null, at: 1, expires: 9 });
        assert.equal(await make(bob + 1, 4), false);
        const guest = { name: 'Gus', keys: ['gus'], role: 'guest', at: 1 } as const;
        const gus = (await made(store.people.create(guest))).id;
        assert.equal(await make(gus, 5), true);
        await store.people.forgetGuests({ seenBefore: 50, present: [], after: 0, limit: 9 });
        assert.equal(await recoveries.find(hash(5), 5), null);
        assert.equal(await make(gus, 6), false);
      },
    );

    law('2. A link is used once, also when several use it at once.', async ({ open }) => {
      const store = await open();
      const ada = (await person(store, 'Ada')).id;
      await store.recoveries.make({ codeHash: hash(1), person: ada, by: null, at: 1, expires: 10 });
      const uses = await Promise.all([1, 2, 3].map(() => store.recoveries.use(hash(1), 5)));
      assert.deepEqual(uses, [ada, null, null]);
    });

    law('3. The sweep forgets what has expired and nothing else.', async ({ open }) => {
      const store = await open();
      const ada = (await person(store, 'Ada')).id;
      const bob = (await person(store, 'Bob')).id;
      await store.recoveries.make({ codeHash: hash(1), person: ada, by: null, at: 1, expires: 10 });
      await store.recoveries.make({ codeHash: hash(2), person: bob, by: null, at: 1, expires: 20 });
      await store.recoveries.sweep(10);
      assert.equal(await store.recoveries.find(hash(1), 1), null);
      assert.equal((await store.recoveries.find(hash(2), 1))?.person, bob);
    });
  });
}
