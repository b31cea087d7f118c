import assert from 'node:assert/strict';
import { DEFAULT_ROOM } from '../../../shared/limits.ts';
import type { Keep } from '../keeping.ts';
import type { Store } from '../store.ts';
import { type MakePlace, lawSuite, person, say, seqs } from './place.ts';

export function keepingLaws(name: string, makePlace: MakePlace): void {
  const keep = (by: number, seq: number, more: Partial<Keep> = {}): Keep => ({
    room: DEFAULT_ROOM,
    person: by,
    seq,
    on: true,
    at: seq,
    ...more,
  });

  lawSuite(`${name} keeps the laws of Keeping`, makePlace, (law) => {
    law(
      "1. A pinned message says since when and by whom, and takes the room's next rev; what changes nothing takes none.",
      async ({ open }) => {
        const { keeping, messages, whole } = await openWith(open);
        const ada = await person(whole, 'Ada');
        await say(whole, ada.id, 'one');
        const pinned = await keeping.pin(keep(ada.id, 1, { at: 5 }), 9);
        assert.partialDeepStrictEqual(pinned, { seq: 1, rev: 2, pinned: { at: 5, by: { id: ada.id } } });
        assert.deepEqual(await messages.get(DEFAULT_ROOM, 1), pinned);
        assert.equal((await keeping.pin(keep(ada.id, 1, { at: 6 }), 9))?.rev, 2);
        const unpinned = await keeping.pin(keep(ada.id, 1, { on: false }), 9);
        assert.deepEqual([unpinned?.rev, unpinned?.pinned], [3, undefined]);
        assert.equal((await keeping.pin(keep(ada.id, 1, { on: false }), 9))?.rev, 3);
        await assert.rejects(keeping.pin(keep(ada.id, 9), 9));
      },
    );

    law(
      '2. The pins of a room come with the last pinned first, and are at most so many.',
      async ({ open }) => {
        const { keeping, whole } = await openWith(open);
        const ada = await person(whole, 'Ada');
        for (const body of ['one', 'two', 'three']) await say(whole, ada.id, body);
        await keeping.pin(keep(ada.id, 2, { at: 1 }), 2);
        await keeping.pin(keep(ada.id, 1, { at: 2 }), 2);
        assert.equal(await keeping.pin(keep(ada.id, 3), 2), null);
        assert.notEqual(await keeping.pin(keep(ada.id, 1), 2), null, 'it is there already');
        assert.deepEqual(seqs(await keeping.pins(DEFAULT_ROOM)), [1, 2]);
        await keeping.pin(keep(ada.id, 1, { on: false }), 2);
        assert.notEqual(await keeping.pin(keep(ada.id, 3), 2), null);
        assert.deepEqual(seqs(await keeping.pins(DEFAULT_ROOM)), [3, 2]);
        assert.deepEqual(await keeping.pins('nowhere'), []);
      },
    );

    law(
      "3. Saved messages come with the last said first, in pages, and are at most so many; nobody has another's.",
      async ({ open }) => {
        const { keeping, whole } = await openWith(open);
        const ada = await person(whole, 'Ada');
        const bob = await person(whole, 'Bob');
        for (const body of ['one', 'two', 'three', 'four']) await say(whole, ada.id, body);
        for (const seq of [2, 1, 3]) assert.equal(await keeping.save(keep(bob.id, seq), 3), true);
        assert.equal(await keeping.save(keep(bob.id, 4), 3), false);
        assert.equal(await keeping.save(keep(bob.id, 3), 3), true, 'it is there already');
        const first = await keeping.saved(bob.id, null, 2);
        assert.deepEqual(seqs(first.messages), [3, 2]);
        const rest = await keeping.saved(bob.id, first.cursor, 2);
        assert.deepEqual([seqs(rest.messages), rest.cursor], [[1], null]);
        assert.deepEqual(new Set(await keeping.savedIn(DEFAULT_ROOM, bob.id)), new Set([1, 2, 3]));
        assert.deepEqual(await keeping.savedIn(DEFAULT_ROOM, ada.id), []);
        await keeping.save(keep(bob.id, 2, { on: false }), 3);
        assert.deepEqual(new Set(await keeping.savedIn(DEFAULT_ROOM, bob.id)), new Set([1, 3]));
        await assert.rejects(keeping.save(keep(bob.id, 9), 3));
      },
    );

    law(
      '4. A deleted message is neither pinned nor saved; a restored one is as before.',
      async ({ open }) => {
        const { keeping, messages, whole } = await openWith(open);
        const ada = await person(whole, 'Ada');
        for (const body of ['one', 'two']) await say(whole, ada.id, body);
        for (const seq of [1, 2]) {
          await keeping.pin(keep(ada.id, seq), 2);
          await keeping.save(keep(ada.id, seq), 2);
          await messages.delete(DEFAULT_ROOM, seq, ada.id, 10, 20);
        }
        assert.deepEqual(await keeping.pins(DEFAULT_ROOM), []);
        assert.deepEqual((await keeping.saved(ada.id, null, 9)).messages, []);
        await assert.rejects(keeping.pin(keep(ada.id, 1), 9));
        await assert.rejects(keeping.save(keep(ada.id, 1), 9));
        assert.equal((await messages.restore(DEFAULT_ROOM, 1, 15))?.pinned?.at, 1);
        await messages.sweep(30);
        assert.deepEqual(seqs(await keeping.pins(DEFAULT_ROOM)), [1]);
        assert.deepEqual(await keeping.savedIn(DEFAULT_ROOM, ada.id), [1]);
      },
    );

    law('5. Saved messages of rooms that the person cannot see any more do not come.', async ({ open }) => {
      const { keeping, whole } = await openWith(open);
      const ada = await person(whole, 'Ada');
      const { room } = await whole.rooms.direct(
        [(await person(whole, 'Bob')).id, (await person(whole, 'Cem')).id],
        ada.id,
        1,
      );
      await say(whole, ada.id, 'one', { room: room.slug });
      await keeping.save(keep(ada.id, 1, { room: room.slug }), 9);
      assert.equal((await keeping.saved(ada.id, null, 9)).messages.length, 1);
      await whole.rooms.leave(room.slug, ada.id);
      assert.deepEqual((await keeping.saved(ada.id, null, 9)).messages, []);
    });
  });
}

async function openWith(
  open: () => Promise<Store>,
): Promise<Pick<Store, 'keeping' | 'messages'> & { whole: Store }> {
  const whole = await open();
  return { whole, keeping: whole.keeping, messages: whole.messages };
}
