import assert from 'node:assert/strict';
import { DEFAULT_ROOM, LIMITS } from '../../../shared/limits.ts';
import type { Deed, DeedName } from '../../../shared/deeds.ts';
import { type MakePlace, lawSuite, made, person } from './place.ts';

export function deedLaws(name: string, makePlace: MakePlace): void {
  lawSuite(`${name} keeps the laws of Deeds`, makePlace, (law) => {
    law(
      '1. What was noted is read again, the newest first, in pages without doubles and without gaps.',
      async ({ open }) => {
        const { people, deeds } = await open().then(async (store) => {
          await person(store, 'Ada');
          await person(store, 'Bob');
          return store;
        });
        const read = (before: number | null, limit: number): Promise<Deed[]> =>
          deeds.list({ reader: 1, before, limit });
        assert.deepEqual(await read(null, 10), []);
        const [ada, bob] = [await people.get(1), await people.get(2)];
        assert.ok(ada !== null && bob !== null);
        await deeds.note({ what: 'recovery link made', by: null, at: 1, about: ada.id });
        await deeds.note({ what: 'role given', by: ada.id, at: 2, about: bob.id, detail: 'admin' });
        await deeds.note({ what: 'room archived', by: bob.id, at: 3, room: DEFAULT_ROOM });
        const all = await read(null, 10);
        assert.partialDeepStrictEqual(all, [
          {
            at: 3,
            what: 'room archived',
            by: { name: 'Bob' },
            room: { slug: DEFAULT_ROOM, name: 'General' },
          },
          { at: 2, what: 'role given', by: { name: 'Ada' }, about: { name: 'Bob' }, detail: 'admin' },
          { at: 1, what: 'recovery link made', by: null, about: { name: 'Ada' } },
        ]);
        assert.ok(!('room' in (all[1] ?? {})) && !('detail' in (all[0] ?? {})));
        const first = await read(null, 2);
        const rest = await read(first[1]?.id ?? 0, 2);
        assert.deepEqual([...first, ...rest], all);
      },
    );

    law('2. A detail is cut to `LIMITS.deedDetailChars`.', async ({ open }) => {
      const store = await open();
      const ada = await person(store, 'Ada');
      await store.deeds.note({ what: 'person renamed', by: ada.id, at: 1, detail: 'x'.repeat(10_000) });
      const [deed] = await store.deeds.list({ reader: ada.id, before: null, limit: 1 });
      assert.equal(deed?.detail?.length, LIMITS.deedDetailChars);
    });

    law(
      '3. Somebody’s deeds are those that they did and those that were done to them, each once; a filter by kind leaves out all other kinds.',
      async ({ open }) => {
        const store = await open();
        const [ada, bob, cy] = [
          await person(store, 'Ada'),
          await person(store, 'Bob'),
          await person(store, 'Cy'),
        ];
        const note = (what: DeedName, by: number, about: number): Promise<void> =>
          store.deeds.note({ what, by, about, at: 1 });
        await note('role given', ada.id, bob.id);
        await note('person renamed', bob.id, bob.id);
        await note('role given', ada.id, cy.id);
        await note('person removed', bob.id, cy.id);
        const ids = async (
          filter: { person?: number; what?: DeedName },
          before: number | null = null,
          limit = 10,
        ) => (await store.deeds.list({ reader: ada.id, before, limit, ...filter })).map(({ id }) => id);
        assert.deepEqual(await ids({ person: bob.id }), [4, 2, 1]);
        assert.deepEqual(await ids({ person: bob.id }, 4, 1), [2]);
        assert.deepEqual(await ids({ person: cy.id, what: 'role given' }), [3]);
        assert.deepEqual(await ids({ what: 'role given' }), [3, 1]);
        assert.deepEqual(await ids({ person: 99 }), []);
      },
    );

    law('4. The name of a room is told to who can see the room, and to nobody else.', async ({ open }) => {
      const store = await open();
      const [ada, bob] = [await person(store, 'Ada'), await person(store, 'Bob')];
      const den = await made(
        store.rooms.create({ name: 'Den', keys: [], kind: 'private', topic: '', by: ada.id, at: 1 }),
      );
      await store.deeds.note({ what: 'room archived', by: ada.id, at: 1, room: den.slug });
      const seen = async (reader: number): Promise<Deed['room']> =>
        (await store.deeds.list({ reader, before: null, limit: 1 }))[0]?.room;
      assert.deepEqual(await seen(ada.id), { slug: den.slug, name: 'Den' });
      assert.equal(await seen(bob.id), null);
    });

    law(
      '5. A sweep forgets deeds older than the given time and no others, at most `most` of them, the oldest first.',
      async ({ open }) => {
        const store = await open();
        const { id } = await person(store, 'Ada');
        for (let at = 1; at <= 5; at += 1) await store.deeds.note({ what: 'chat configured', by: id, at });
        const times = async (): Promise<number[]> =>
          (await store.deeds.list({ reader: id, before: null, limit: 10 })).map(({ at }) => at);
        assert.equal(await store.deeds.sweep(4, 2), 2);
        assert.deepEqual(await times(), [5, 4, 3]);
        assert.equal(await store.deeds.sweep(4, 2), 1);
        assert.equal(await store.deeds.sweep(4, 2), 0);
        assert.deepEqual(await times(), [5, 4]);
      },
    );
  });
}
