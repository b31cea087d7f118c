import assert from 'node:assert/strict';
import { DEFAULT_ROOM } from '../../../shared/limits.ts';
import type { Invite } from '../../../shared/people.ts';
import type { Store } from '../store.ts';
import { type MakePlace, hash, lawSuite, person } from './place.ts';

export function inviteLaws(name: string, makePlace: MakePlace): void {
  const make = (
    store: Store,
    byte: number,
    by: number,
    uses = 1,
    room: string | null = null,
  ): Promise<Invite> =>
    store.invites.create({ codeHash: hash(byte), room, role: 'guest', by, at: 1, expires: 100, uses });

  lawSuite(`${name} keeps the laws of Invites`, makePlace, (law) => {
    law(
      '1. An invite is found by the hash of its code until it expires, is used up or is revoked.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        const made = await make(store, 1, ada.id, 1, DEFAULT_ROOM);
        assert.partialDeepStrictEqual(made, {
          room: DEFAULT_ROOM,
          role: 'guest',
          by: { name: 'Ada' },
          usesLeft: 1,
        });
        assert.deepEqual(await store.invites.find(hash(1), 99), made);
        assert.equal(await store.invites.find(hash(1), 100), null);
        assert.equal(await store.invites.find(hash(2), 1), null);
        await store.invites.use(hash(1), 2);
        assert.equal(await store.invites.find(hash(1), 3), null);
        const other = await make(store, 2, ada.id);
        assert.equal(await store.invites.revoke(other.id, ada.id + 1), false);
        assert.equal(await store.invites.revoke(other.id, ada.id), true);
        assert.equal(await store.invites.find(hash(2), 1), null);
      },
    );

    law('2. Using an invite takes one use, also when several use it at once.', async ({ open }) => {
      const store = await open();
      const ada = await person(store, 'Ada');
      await make(store, 1, ada.id, 2);
      const uses = await Promise.all([1, 2, 3].map(() => store.invites.use(hash(1), 2)));
      assert.deepEqual(
        uses.map((invite) => invite?.usesLeft ?? null),
        [1, 0, null],
      );
      await make(store, 2, ada.id, 2);
      assert.equal(await store.invites.use(hash(2), 100), null);
    });

    law(
      '3. Somebody’s list has their own invites that can still be used; with null it has everybody’s.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        const bob = await person(store, 'Bob');
        const first = await make(store, 1, ada.id);
        const second = await make(store, 2, bob.id);
        assert.deepEqual(await store.invites.list(ada.id, 1), [first]);
        assert.deepEqual(await store.invites.list(null, 1), [second, first]);
        assert.deepEqual(await store.invites.list(null, 100), []);
        assert.equal(await store.invites.revoke(second.id, null), true);
      },
    );
  });
}
