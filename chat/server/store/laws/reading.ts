import assert from 'node:assert/strict';
import { DEFAULT_ROOM } from '../../../shared/limits.ts';
import type { Message } from '../../../shared/messages.ts';
import type { ReadState } from '../../../shared/reading.ts';
import type { Page } from '../reading.ts';
import { type MakePlace, made, bodies, lawSuite, person, say, sayMany, seqs } from './place.ts';

export function readingLaws(name: string, makePlace: MakePlace): void {
  const short = ({ messages, older, newer }: Page): [number[], boolean, boolean] => [
    seqs(messages),
    older,
    newer,
  ];

  lawSuite(`${name} keeps the laws of Reading`, makePlace, (law) => {
    law(
      '1. A page holds the messages just before or just after a seq, the oldest first, at most `limit`, and tells whether there are older and newer ones.',
      async ({ open }) => {
        const store = await open();
        await sayMany(store, 5);
        const before = async (seq: number | null, limit: number) =>
          short(await store.reading.before(DEFAULT_ROOM, seq, limit));
        const after = async (seq: number, limit: number) =>
          short(await store.reading.after(DEFAULT_ROOM, seq, limit));
        assert.deepEqual(await before(null, 2), [[4, 5], true, false]);
        assert.deepEqual(await before(4, 2), [[2, 3], true, true]);
        assert.deepEqual(await before(2, 2), [[1], false, true]);
        assert.deepEqual(await before(3, 2), [[1, 2], false, true]);
        assert.deepEqual(await before(1, 2), [[], false, true]);
        assert.deepEqual(await before(99, 5), [[1, 2, 3, 4, 5], false, false]);
        assert.deepEqual(await after(0, 2), [[1, 2], false, true]);
        assert.deepEqual(await after(2, 2), [[3, 4], true, true]);
        assert.deepEqual(await after(3, 2), [[4, 5], true, false]);
        assert.deepEqual(await after(5, 2), [[], true, false]);
        assert.deepEqual(short(await store.reading.before('nowhere', null, 5)), [[], false, false]);
      },
    );

    law('2. A page around a seq has it in its middle, or the nearest one there is.', async ({ open }) => {
      const store = await open();
      assert.equal((await store.reading.around(DEFAULT_ROOM, 3, 4)).focus, null);
      await sayMany(store, 9);
      const around = async (
        seq: number,
        limit: number,
      ): Promise<[number[], boolean, boolean, number | null]> => {
        const page = await store.reading.around(DEFAULT_ROOM, seq, limit);
        return [...short(page), page.focus];
      };
      assert.deepEqual(await around(5, 4), [[3, 4, 5, 6], true, true, 5]);
      assert.deepEqual(await around(1, 4), [[1, 2, 3, 4], false, true, 1]);
      assert.deepEqual(await around(9, 4), [[6, 7, 8, 9], true, false, 9]);
      assert.deepEqual(await around(99, 4), [[6, 7, 8, 9], true, false, 9]);
      assert.deepEqual(await around(0, 4), [[1, 2, 3, 4], false, true, 1]);
      assert.deepEqual(await around(5, 20), [[1, 2, 3, 4, 5, 6, 7, 8, 9], false, false, 5]);
    });

    law(
      '3. The first message at or after a time is found; without one, the last message is.',
      async ({ open }) => {
        const store = await open();
        assert.equal(await store.reading.firstAt(DEFAULT_ROOM, 1), null);
        const ada = await person(store, 'Ada');
        for (const at of [10, 20, 20, 30]) await say(store, ada.id, 'x', { at });
        const found = await Promise.all(
          [0, 10, 11, 20, 30, 31].map((at) => store.reading.firstAt(DEFAULT_ROOM, at)),
        );
        assert.deepEqual(found, [1, 1, 2, 2, 4, 4]);
      },
    );

    law(
      '4. Changes since a rev are all messages with a greater rev, by seq, or null if they are more than `limit`.',
      async ({ open }) => {
        const store = await open();
        await sayMany(store, 5);
        const since = async (rev: number, limit: number): Promise<number[] | null> => {
          const changes = await store.reading.since(DEFAULT_ROOM, rev, limit);
          return changes === null ? null : seqs(changes);
        };
        assert.deepEqual(await since(2, 3), [3, 4, 5]);
        assert.deepEqual(await since(0, 5), [1, 2, 3, 4, 5]);
        assert.deepEqual(await since(5, 3), []);
        assert.equal(await since(1, 3), null);
        await store.messages.edit(DEFAULT_ROOM, 2, { body: 'new', mentions: [] }, 9);
        assert.deepEqual(await since(4, 3), [2, 5]);
      },
    );

    law(
      '5. A read pointer moves forward only, unless it is asked to move back; never beyond the last message.',
      async ({ open }) => {
        const store = await open();
        const bob = await person(store, 'Bob');
        await sayMany(store, 5);
        const read = async (seq: number, back = false): Promise<[number, number]> => {
          const state = await store.reading.read(DEFAULT_ROOM, bob.id, seq, back);
          return [state.read, state.unread];
        };
        assert.deepEqual(await read(3), [3, 2]);
        assert.deepEqual(await read(1), [3, 2]);
        assert.deepEqual(await read(1, true), [1, 4]);
        assert.deepEqual(await read(99), [5, 0]);
        await read(0, true);
        assert.partialDeepStrictEqual(await store.reading.readAll(bob.id), [
          { room: DEFAULT_ROOM, read: 5, unread: 0, mentions: 0 },
        ]);
        await assert.rejects(store.reading.read(DEFAULT_ROOM, 99, 1, false));
        await assert.rejects(store.reading.read('nowhere', bob.id, 1, false));
      },
    );

    law(
      '6. Unread are the messages of others behind the pointer, without system messages and tombstones.',
      async ({ open }) => {
        const store = await open();
        const bob = await person(store, 'Bob');
        const ada = await sayMany(store, 3);
        await store.messages.appendEvent(DEFAULT_ROOM, ada.id, { what: 'joined' }, 4);
        await store.messages.delete(DEFAULT_ROOM, 2, ada.id, 5, 6);
        const unread = async (of: number) => (await store.rooms.mine(DEFAULT_ROOM, of))?.unread;
        assert.equal(await unread(bob.id), 2);
        assert.equal(await unread(ada.id), 0);
        await store.reading.read(DEFAULT_ROOM, ada.id, 0, true);
        assert.equal(await unread(ada.id), 0, 'one’s own are never unread');
        for (let count = 0; count < 120; count += 1) await say(store, ada.id, 'more');
        assert.equal(await unread(bob.id), 100, 'nobody counts further');
      },
    );

    law(
      '7. Those who are mentioned have the message in their inbox, the newest first; a deleted one is in nobody’s.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        const bob = await person(store, 'Bob');
        const mentions = [{ person: bob.id, as: 'Bob' }];
        await say(store, ada.id, 'one', { mentions });
        await say(store, ada.id, 'two', { mentionsRoom: true });
        await say(store, ada.id, 'three', { mentions });
        await say(store, ada.id, 'four');
        const den = await made(
          store.rooms.create({ name: 'Den', keys: [], kind: 'private', topic: '', by: ada.id, at: 1 }),
        );
        await say(store, ada.id, 'not for Bob', { room: den.slug, mentions });
        const inbox = async (
          of: number,
          before: number | null,
          limit: number,
        ): Promise<[string[], number | null]> => {
          const page = await store.reading.mentions(of, before, limit);
          return [page.mentions.map(({ message, seen }) => `${message.body} ${seen}`), page.cursor];
        };
        await store.reading.read(DEFAULT_ROOM, bob.id, 1, false);
        const [first, cursor] = await inbox(bob.id, null, 2);
        assert.deepEqual(first, ['three false', 'two false']);
        assert.deepEqual(await inbox(bob.id, cursor, 2), [['one true'], null]);
        assert.deepEqual(await inbox(ada.id, null, 2), [[], null], 'nobody mentions themselves by the room');
        assert.equal((await store.rooms.mine(DEFAULT_ROOM, bob.id))?.mentions, 2);
        await store.messages.delete(DEFAULT_ROOM, 3, ada.id, 5, 6);
        assert.deepEqual((await inbox(bob.id, null, 5))[0], ['two false', 'one true']);
        assert.equal((await store.rooms.mine(DEFAULT_ROOM, bob.id))?.mentions, 1);
      },
    );

    law(
      '12. Whom an edit mentions in what they have read already has it new in their inbox, and counted, until they read up to the newest message or say something there.',
      async ({ open }) => {
        const store = await open();
        const [ada, bob] = [await person(store, 'Ada'), await person(store, 'Bob')];
        const edit = (body: string, mentioned = true): Promise<Message> =>
          store.messages.edit(
            DEFAULT_ROOM,
            1,
            { body, mentions: mentioned ? [{ person: bob.id, as: 'Bob' }] : [] },
            9,
          );
        const state = async (): Promise<unknown[]> => {
          const { mentions } = await store.reading.mentions(bob.id, null, 9);
          return [
            (await store.rooms.mine(DEFAULT_ROOM, bob.id))?.mentions,
            ...mentions.map(({ seen }) => seen),
          ];
        };
        const read = (seq: number): Promise<ReadState> =>
          store.reading.read(DEFAULT_ROOM, bob.id, seq, false);
        await say(store, ada.id, 'one');
        await say(store, ada.id, 'two');
        await read(1);
        await edit('@Bob');
        assert.deepEqual(await state(), [1, false]);
        assert.equal((await read(1)).mentions, 1, 'what is above was read, and nothing newer');
        await edit('@Bob, again');
        assert.deepEqual(await state(), [1, false], 'counted once');
        assert.equal((await read(2)).mentions, 0);
        assert.deepEqual(await state(), [0, true]);
        await edit('@Bob, once more');
        assert.deepEqual(await state(), [0, true], 'they were mentioned already');
        await edit('nobody', false);
        assert.deepEqual(await state(), [0]);
        await edit('@Bob');
        assert.deepEqual(await state(), [1, false]);
        await say(store, bob.id, 'seen');
        assert.deepEqual(await state(), [0, true]);
        await edit('nobody', false);
        await edit('@Bob');
        await store.messages.delete(DEFAULT_ROOM, 1, ada.id, 9, 9);
        assert.deepEqual(await state(), [0]);
        await store.messages.restore(DEFAULT_ROOM, 1, 9);
        assert.equal((await store.reading.readAll(bob.id))[0]?.mentions, 0);
        assert.deepEqual(await state(), [0, true]);
      },
    );

    law('8. Between two times something was said, or not.', async ({ open }) => {
      const store = await open();
      const ada = await person(store, 'Ada');
      for (const at of [10, 25, 40]) await say(store, ada.id, 'x', { at });
      assert.deepEqual(await store.reading.days(DEFAULT_ROOM, [0, 10, 20, 25, 30, 40, 50]), [
        false,
        true,
        false,
        true,
        false,
        true,
      ]);
      assert.deepEqual(await store.reading.days('nowhere', [0, 100]), [false]);
      assert.deepEqual(bodies((await store.reading.before(DEFAULT_ROOM, null, 1)).messages), ['x']);
    });
  });
}
