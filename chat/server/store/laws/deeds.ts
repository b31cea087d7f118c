import assert from 'node:assert/strict';
import { DEFAULT_ROOM, LIMITS } from '../../../shared/limits.ts';
import { type MakePlace, lawSuite, person } from './place.ts';

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
        assert.deepEqual(await deeds.before(null, 10), []);
        const [ada, bob] = [await people.get(1), await people.get(2)];
        assert.ok(ada !== null && bob !== null);
        await deeds.note({ what: 'recovery link made', by: null, at: 1, about: ada.id });
        await deeds.note({ what: 'role given', by: ada.id, at: 2, about: bob.id, detail: 'admin' });
        await deeds.note({ what: 'room archived', by: bob.id, at: 3, room: DEFAULT_ROOM });
        const all = await deeds.before(null, 10);
        assert.partialDeepStrictEqual(all, [
          { at: 3, what: 'room archived', by: { name: 'Bob' }, room: DEFAULT_ROOM },
          { at: 2, what: 'role given', by: { name: 'Ada' }, about: { name: 'Bob' }, detail: 'admin' },
          { at: 1, what: 'recovery link made', by: null, about: { name: 'Ada' } },
        ]);
        assert.ok(!('room' in (all[1] ?? {})) && !('detail' in (all[0] ?? {})));
        const first = await deeds.before(null, 2);
        const rest = await deeds.before(first[1]?.id ?? 0, 2);
        assert.deepEqual([...first, ...rest], all);
      },
    );

    law('2. A detail is cut to `LIMITS.deedDetailChars`.', async ({ open }) => {
      const store = await open();
      const ada = await person(store, 'Ada');
      await store.deeds.note({ what: 'person renamed', by: ada.id, at: 1, detail: 'x'.repeat(10_000) });
      const [deed] = await store.deeds.before(null, 1);
      assert.equal(deed?.detail?.length, LIMITS.deedDetailChars);
    });
  });
}
