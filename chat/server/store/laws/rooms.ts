import assert from 'node:assert/strict';
import { DEFAULT_ROOM } from '../../../shared/limits.ts';
import type { Store } from '../store.ts';
import { type MakePlace, lawSuite, made, person, say } from './place.ts';

export function roomLaws(name: string, makePlace: MakePlace): void {
  const make = async (store: Store, by: number, roomName: string, kind: 'public' | 'private' = 'public') =>
    (await made(store.rooms.create({ name: roomName, keys: [], kind, topic: 'about', by, at: 5 }))).slug;
  const slugs = async (store: Store, of: number): Promise<string[]> =>
    (await store.rooms.allMine(of)).map((room) => room.slug);

  lawSuite(`${name} keeps the laws of Rooms`, makePlace, (law) => {
    law(
      '1. A room that somebody made has them as its host and first member. Its slug is new: a public room’s is made of its name, any other’s of nothing that one could know.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        assert.equal(await make(store, ada.id, 'Ärzte & Co. 会議'), 'ärzte-co-会議');
        assert.equal(await make(store, ada.id, 'General'), 'general-2');
        assert.equal(await make(store, ada.id, 'general!'), 'general-3');
        assert.equal(await make(store, ada.id, '!?'), 'room');
        assert.partialDeepStrictEqual(await store.rooms.mine('general-2', ada.id), {
          name: 'General',
          topic: 'about',
          host: true,
          isDefault: false,
          lastSeq: 0,
          at: 5,
        });
        assert.deepEqual(await store.rooms.memberIds('general-2'), [ada.id]);
        const bob = await person(store, 'Bob');
        const dens = [
          await make(store, ada.id, 'Den', 'private'),
          await make(store, ada.id, 'Den', 'private'),
        ];
        const { room } = await store.rooms.direct([bob.id], ada.id, 1);
        for (const slug of [...dens, room.slug]) assert.match(slug, /^[a-z2-9]{12}$/);
        assert.equal(new Set([...dens, room.slug]).size, 3);
        assert.equal(await make(store, bob.id, 'Den'), 'den', 'which tells nothing of the others');
      },
    );

    law('2. Public rooms are seen by everybody, others by their members only.', async ({ open }) => {
      const store = await open();
      const ada = await person(store, 'Ada');
      const bob = await person(store, 'Bob');
      await make(store, ada.id, 'Open');
      const den = await make(store, ada.id, 'Den', 'private');
      const seen = async (slug: string, by: number | null): Promise<boolean | null> => {
        const found = await store.rooms.seenBy(slug, by);
        return found === null ? null : found.membership !== null;
      };
      assert.deepEqual(await Promise.all([ada.id, bob.id, null].map((by) => seen('open', by))), [
        true,
        false,
        false,
      ]);
      assert.deepEqual(await Promise.all([ada.id, bob.id, null].map((by) => seen(den, by))), [
        true,
        null,
        null,
      ]);
      assert.equal((await store.rooms.seenBy(den, ada.id))?.membership?.host, true);
    });

    law(
      '3. The same two people have one direct room, whoever opens it; the same several have one group.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        const bob = await person(store, 'Bob');
        const cy = await person(store, 'Cy');
        const first = await store.rooms.direct([bob.id], ada.id, 1);
        assert.equal(first.made, true);
        assert.deepEqual(
          [await store.rooms.hasDirect([ada.id], bob.id), await store.rooms.hasDirect([cy.id], bob.id)],
          [true, false],
        );
        assert.partialDeepStrictEqual(first.room, { kind: 'dm', name: '' });
        assert.deepEqual(first.room.people?.map((one) => one.id).sort(), [ada.id, bob.id]);
        const again = await store.rooms.direct([ada.id, bob.id], bob.id, 2);
        assert.deepEqual([again.room.slug, again.made], [first.room.slug, false]);
        const group = await store.rooms.direct([bob.id, cy.id], ada.id, 3);
        assert.equal(group.room.kind, 'group');
        assert.equal((await store.rooms.direct([cy.id, ada.id], bob.id, 4)).room.slug, group.room.slug);
        await store.rooms.leave(group.room.slug, cy.id);
        await store.rooms.direct([bob.id, ada.id], cy.id, 5);
        assert.ok(
          (await store.rooms.memberIds(group.room.slug)).includes(cy.id),
          'who writes again is in again',
        );
      },
    );

    law('4. Joining twice is joining once; who joins has read what was said before.', async ({ open }) => {
      const store = await open();
      const ada = await person(store, 'Ada');
      const bob = await person(store, 'Bob');
      const room = await make(store, ada.id, 'Open');
      await say(store, ada.id, 'before', { room });
      assert.equal(await store.rooms.join(room, bob.id, 7), true);
      assert.equal(await store.rooms.join(room, bob.id, 8), false);
      assert.partialDeepStrictEqual(await store.rooms.mine(room, bob.id), {
        read: 1,
        unread: 0,
        host: false,
      });
      await assert.rejects(store.rooms.join('nowhere', bob.id, 1));
    });

    law(
      '5. Who left is no member, and does not have the room among theirs; who joins again is no host.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        const room = await make(store, ada.id, 'Open');
        assert.deepEqual(await store.rooms.slugsOf(ada.id), [DEFAULT_ROOM, room]);
        assert.equal(await store.rooms.leave(room, ada.id), true);
        assert.equal(await store.rooms.leave(room, ada.id), false);
        assert.deepEqual(await store.rooms.slugsOf(ada.id), [DEFAULT_ROOM]);
        assert.deepEqual(await slugs(store, ada.id), [DEFAULT_ROOM]);
        assert.equal(await store.rooms.mine(room, ada.id), null);
        await store.rooms.join(room, ada.id, 2);
        assert.equal((await store.rooms.mine(room, ada.id))?.host, false);
      },
    );

    law(
      '6. Members are paged by name, public rooms by slug, without doubles and without gaps.',
      async ({ open }) => {
        const store = await open();
        const names = ['ada', 'Bob', 'cy', 'Dee', 'eve'];
        for (const one of ['eve', 'Bob', 'ada', 'Dee', 'cy']) await person(store, one);
        const paged: string[] = [];
        for (let after: number | null = null; ;) {
          const page = await store.rooms.members(DEFAULT_ROOM, after, 2);
          if (page.length === 0) break;
          paged.push(...page.map((member) => member.person.name));
          after = page.at(-1)?.person.id ?? null;
        }
        assert.deepEqual(paged, names);
        assert.equal((await store.rooms.membersAmong(DEFAULT_ROOM, [1, 3, 99])).length, 2);
        const [first] = await store.people.list({ like: 'ada', room: null, limit: 1 });
        assert.ok(first !== undefined);
        for (const one of ['b', 'a', 'c']) await make(store, first.id, one);
        await make(store, first.id, 'Hidden', 'private');
        await store.rooms.change(await make(store, first.id, 'd'), { archived: true }, 1);
        const listed = async (after: string): Promise<[string, number, boolean][]> =>
          (await store.rooms.listed(first.id, after, 3)).map((room) => [
            room.slug,
            room.members,
            room.joined,
          ]);
        assert.deepEqual(await listed(''), [
          ['a', 1, true],
          ['b', 1, true],
          ['c', 1, true],
        ]);
        assert.deepEqual(await listed('c'), [[DEFAULT_ROOM, 5, true]]);
      },
    );

    law('7. A changed room has what was changed and keeps the rest.', async ({ open }) => {
      const store = await open();
      const ada = await person(store, 'Ada');
      const room = await make(store, ada.id, 'Open');
      assert.partialDeepStrictEqual(await store.rooms.change(room, { topic: '' }, 1), {
        name: 'Open',
        topic: '',
      });
      assert.partialDeepStrictEqual(
        await store.rooms.change(room, { name: { name: 'Closed', keys: [] }, archived: true }, 1),
        {
          slug: room,
          name: 'Closed',
          archived: true,
        },
      );
      assert.equal((await store.rooms.change(room, { archived: false }, 1))?.archived, false);
      await store.rooms.setLevel(room, ada.id, { level: 'mentions' });
      await store.rooms.setLevel(room, ada.id, { quietUntil: 8.64e15 });
      assert.partialDeepStrictEqual(await store.rooms.mine(room, ada.id), {
        level: 'mentions',
        quietUntil: 8.64e15,
      });
      await store.rooms.setLevel(room, ada.id, { quietUntil: 0 });
      assert.equal((await store.rooms.mine(room, ada.id))?.quietUntil, undefined);
      await assert.rejects(store.rooms.change('nowhere', { topic: 'x' }, 1));
    });

    law(
      '8. A direct room in which nothing was said is among the rooms of who opened it only.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        const bob = await person(store, 'Bob');
        const { room } = await store.rooms.direct([bob.id], ada.id, 1);
        assert.deepEqual(await slugs(store, ada.id), [DEFAULT_ROOM, room.slug]);
        assert.deepEqual(await slugs(store, bob.id), [DEFAULT_ROOM]);
        await say(store, ada.id, 'hello', { room: room.slug });
        assert.deepEqual(await slugs(store, bob.id), [DEFAULT_ROOM, room.slug]);
      },
    );

    law(
      '9. No two rooms have a key in common: one that wants a key that is taken is not made, or keeps the old name.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        const wish = { kind: 'public' as const, topic: '', by: ada.id, at: 1 };
        const tea = await made(store.rooms.create({ ...wish, name: 'Tea', keys: ['tea', 'te4'] }));
        const den = await made(store.rooms.create({ ...wish, name: 'Den', keys: ['den'] }));
        assert.equal(await store.rooms.create({ ...wish, name: 'TEA', keys: ['tea'] }), null);
        assert.equal(await store.rooms.create({ ...wish, name: 'T', keys: ['t', 'te4'] }), null);
        assert.equal(await store.rooms.create({ ...wish, name: 'general', keys: ['general'] }), null);
        const rename = async (slug: string, name: string, keys: string[]): Promise<string | undefined> =>
          (await store.rooms.change(slug, { name: { name, keys }, topic: 'new' }, 1))?.name;
        assert.equal(await rename(den.slug, 'tea', ['tea']), undefined);
        assert.partialDeepStrictEqual(await store.rooms.mine(den.slug, ada.id), { name: 'Den', topic: '' });
        assert.equal(await rename(tea.slug, 'TEA', ['tea']), 'TEA', 'one’s own key is free');
        assert.equal(await rename(tea.slug, 'Cup', ['cup']), 'Cup');
        assert.equal(await rename(den.slug, 'tea', ['tea']), 'tea', 'the old key is free again');
      },
    );

    law(
      '10. Who comes in is in the default rooms: the given public ones that are not archived, and always the first room. Choosing others brings nobody in and takes nobody out; an archived room is none, also when it is opened again.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        const tea = await make(store, ada.id, 'Tea');
        const news = await make(store, ada.id, 'News');
        const den = await make(store, ada.id, 'Den', 'private');
        const choose = async (...wanted: string[]): Promise<string[]> =>
          (await store.rooms.setDefaults(wanted))
            .map(({ slug, isDefault }) => `${slug} ${isDefault}`)
            .toSorted();
        const comesInto = async (name: string): Promise<string[]> =>
          (await slugs(store, (await person(store, name)).id)).toSorted();
        assert.deepEqual(await choose(tea, news, den, 'nowhere'), ['news true', 'tea true']);
        assert.deepEqual(await choose(tea, news, DEFAULT_ROOM), [], 'nothing has changed');
        assert.deepEqual(await comesInto('Bob'), [DEFAULT_ROOM, 'news', 'tea']);
        const bob = (await store.people.byKeys(['bob']))[0]?.person.id ?? 0;
        await store.rooms.leave(news, bob);
        assert.deepEqual(await choose(news), ['tea false']);
        assert.deepEqual((await slugs(store, bob)).toSorted(), [DEFAULT_ROOM, 'tea']);
        assert.deepEqual(await comesInto('Cy'), [DEFAULT_ROOM, 'news']);
        await store.rooms.change(news, { archived: true }, 9);
        await store.rooms.change(news, { archived: false }, 9);
        assert.deepEqual(await comesInto('Dee'), [DEFAULT_ROOM]);
        await store.rooms.change(tea, { archived: true }, 9);
        assert.deepEqual(await choose(tea), []);
      },
    );
  });
}
