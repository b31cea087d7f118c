import assert from 'node:assert/strict';
import { DEFAULT_ROOM } from '../../../shared/limits.ts';
import { type MakePlace, made, hash, lawSuite, person, say, sayMany } from './place.ts';

export function peopleLaws(name: string, makePlace: MakePlace): void {
  lawSuite(`${name} keeps the laws of People`, makePlace, (law) => {
    law(
      '1. A new person is in every default room, with all read that was said there before.',
      async ({ open }) => {
        const store = await open();
        await sayMany(store, 3);
        const bob = await person(store, 'Bob');
        const rooms = await store.rooms.allMine(bob.id);
        assert.equal(rooms.length, 1);
        assert.partialDeepStrictEqual(rooms[0], { slug: DEFAULT_ROOM, read: 3, unread: 0, host: false });
      },
    );

    law(
      '2. No two people have a key in common; who wants a name with a key that is taken is not made, or keeps the old name.',
      async ({ open }) => {
        const store = await open();
        const { people } = store;
        const ada = await person(store, 'Ada');
        const bob = await person(store, 'Bob');
        assert.equal(
          await people.create({ name: 'ADA', keys: ['other', 'ada'], role: 'guest', at: 1 }),
          null,
        );
        assert.equal(await people.rename(bob.id, 'ada', ['ada']), null);
        assert.deepEqual(await people.get(bob.id), bob);
        assert.equal((await people.byKeys(['bob'])).length, 1, 'the old key is still theirs');
        assert.partialDeepStrictEqual(await people.rename(ada.id, 'ADA', ['ada', 'aqa']), { name: 'ADA' });
        assert.deepEqual(
          (await people.byKeys(['bob', 'nobody', 'ada', 'aqa']))
            .map(({ key, person }) => `${key} ${person.name}`)
            .sort(),
          ['ada ADA', 'bob Bob'],
        );
      },
    );

    law('3. A renamed person has the new name on everything that they said.', async ({ open }) => {
      const store = await open();
      const ada = await person(store, 'Ada');
      await say(store, ada.id, 'before');
      assert.partialDeepStrictEqual(await store.people.rename(ada.id, 'Countess', ['countess']), {
        id: ada.id,
        name: 'Countess',
      });
      await say(store, ada.id, 'after');
      const { messages } = await store.reading.before(DEFAULT_ROOM, null, 10);
      assert.deepEqual(
        messages.map((message) => message.from.name),
        ['Countess', 'Countess'],
      );
      await assert.rejects(store.people.rename(ada.id + 1, 'Nobody', ['nobody']));
    });

    law(
      '4. There is at most one owner, also when two claim at once, and when it is handed over.',
      async ({ open }) => {
        const store = await open();
        const people = [await person(store, 'Ada'), await person(store, 'Bob')];
        const claims = await Promise.all(people.map(({ id }) => store.people.claim(id)));
        assert.deepEqual(claims, [true, false]);
        assert.equal(await store.people.owner(), people[0]?.id);
        assert.equal((await store.people.get(people[0]?.id ?? 0))?.role, 'owner');
        assert.equal((await store.people.get(people[1]?.id ?? 0))?.role, 'member');
        await assert.rejects(store.people.setRole(people[1]?.id ?? 0, 'owner'));
        assert.equal((await store.people.setRole(people[1]?.id ?? 0, 'admin')).role, 'admin');
        const [ada = 0, bob = 0] = people.map(({ id }) => id);
        assert.equal(await store.people.handOver(bob, ada), false, 'not theirs to give');
        assert.equal(await store.people.handOver(ada, ada), false);
        await assert.rejects(store.people.handOver(ada, bob + 1));
        assert.equal((await store.people.get(ada))?.role, 'owner');
        assert.deepEqual(await Promise.all([1, 2].map(() => store.people.handOver(ada, bob))), [true, false]);
        assert.deepEqual(
          [(await store.people.get(ada))?.role, (await store.people.get(bob))?.role],
          ['admin', 'owner'],
        );
      },
    );

    law(
      '5. A password is found by the first key of its person’s name, and no other way.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        await person(store, 'Bob');
        await store.people.setPassword(ada.id, 'hash');
        assert.deepEqual(await store.people.password('ada'), { person: ada.id, hash: 'hash' });
        assert.equal(await store.people.password('bob'), null);
        assert.equal(await store.people.password('nobody'), null);
        assert.equal((await store.people.get(ada.id))?.hasPassword, true);
        assert.ok(!JSON.stringify(await store.people.get(ada.id)).includes('hash"'));
      },
    );

    law(
      '6. People are listed by name, members of the given room first; revoked bots are not listed.',
      async ({ open }) => {
        const store = await open();
        const { people, rooms } = store;
        const ada = await person(store, 'Ada');
        const names = async (like: string, room: string | null = null): Promise<string[]> =>
          (await people.list({ like, room, limit: 10 })).map((one) => one.name);
        const bot = await people.createBot({
          name: 'Al Bot',
          keys: ['albot'],
          role: 'member',
          at: 1,
          by: ada.id,
          tokenHash: hash(1),
        });
        assert.ok(bot !== null);
        await person(store, 'al%');
        await made(rooms.create({ name: 'Den', keys: [], kind: 'private', topic: '', by: ada.id, at: 1 }));
        assert.deepEqual(await names(''), ['Ada', 'al%', 'Al Bot'].sort(foldCase));
        assert.deepEqual(await names('AL'), ['Al Bot', 'al%'].sort(foldCase));
        assert.deepEqual(await names('bo'), ['Al Bot'], 'by the beginning of any word');
        assert.deepEqual(await names('al%'), ['al%'], 'what is typed is no pattern');
        assert.deepEqual((await names('', 'den'))[0], 'Ada');
        assert.partialDeepStrictEqual(await people.bots(), [
          { bot, by: { id: ada.id }, created: 1, seen: null },
        ]);
        assert.partialDeepStrictEqual(await store.sessions.resume(hash(1), 5, 1, ''), {
          person: bot.id,
          isBot: true,
        });
        assert.equal((await people.bots())[0]?.seen, 5);
        assert.equal(await people.revokeBot(ada.id), false);
        assert.equal(await people.revokeBot(bot.id), true);
        assert.equal(await people.revokeBot(bot.id), false);
        assert.equal(await store.sessions.resume(hash(1), 5, 1, ''), null);
        assert.deepEqual(await names('bo'), []);
        assert.deepEqual(await people.bots(), []);
        assert.equal(await people.get(bot.id), null);
      },
    );

    law(
      '7. A guest who said nothing, was not seen and was sent no link for the given time is forgotten, and nobody else is: they are in no room, and their name is free.',
      async ({ open }) => {
        const store = await open();
        const { people, rooms, sessions } = store;
        const ada = await person(store, 'Ada');
        const guest = async (guestName: string, at = 1): Promise<number> =>
          (await people.create({ name: guestName, keys: [guestName.toLowerCase()], role: 'guest', at }))
            ?.id ?? 0;
        const idle = await guest('Idle');
        await guest('New', 90);
        await guest('Idle without a session');
        const [seen, gone] = [await guest('Seen'), await guest('Seen long ago')];
        for (const [id, at] of [
          [seen, 90],
          [gone, 5],
          [idle, 5],
        ] as const) {
          await sessions.open({ tokenHash: hash(id), person: id, agent: '', address: '', at });
        }
        await say(store, await guest('Spoke'), 'hello');
        const present = await guest('Present');
        await people.setPassword(await guest('Password'), 'hash');
        const sent = { codeHash: hash(99), person: await guest('Has a link'), by: null, at: 60, expires: 99 };
        await store.recoveries.make(sent);
        await rooms.direct([await guest('Friend')], ada.id, 2);
        const wish = { name: 'Den', keys: [], kind: 'private', topic: '', by: ada.id, at: 1 } as const;
        const den = await made(rooms.create(wish));
        await rooms.join(den.slug, gone, 2);
        await rooms.join(den.slug, await guest('Invited without a session'), 2);
        const names: string[] = [];
        let after: number | null = 0;
        for (let calls = 0; after !== null; calls += 1) {
          assert.ok(calls < 20);
          const found = await people.forgetGuests({ seenBefore: 50, present: [present], after, limit: 2 });
          for (const { person: who, rooms: left } of found.forgotten) {
            names.push(who.name);
            assert.equal(left.includes(DEFAULT_ROOM), true);
          }
          after = found.after;
        }
        assert.deepEqual(names, ['Idle', 'Idle without a session', 'Invited without a session']);
        const listed = (await people.list({ like: '', room: null, limit: 99 })).map(({ name: one }) => one);
        assert.ok(!listed.some((one) => names.includes(one)));
        assert.equal(listed.length, 9);
        assert.equal(await sessions.resume(hash(idle), 60, 1_000, ''), null);
        assert.deepEqual(await rooms.slugsOf(idle), []);
        assert.notEqual(await guest('Idle'), 0, 'the name is free');
      },
    );

    law(
      '8. Quiet hours come back as they were set, and are gone when they are taken away.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        const quiet = { from: 1_320, to: 0, zone: 'Asia/Tokyo' };
        assert.deepEqual((await store.people.setQuietHours(ada.id, quiet)).quiet, quiet);
        assert.deepEqual((await store.people.get(ada.id))?.quiet, quiet);
        assert.equal((await store.people.setQuietHours(ada.id, null)).quiet, undefined);
      },
    );
  });
}

function foldCase(a: string, b: string): number {
  return a.toLowerCase() < b.toLowerCase() ? -1 : 1;
}
