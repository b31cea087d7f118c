import assert from 'node:assert/strict';
import { DEFAULT_ROOM } from '../../../shared/limits.ts';
import type { Message } from '../../../shared/messages.ts';
import { type MakePlace, append, bodies, lawSuite, nonce, person, say, sayMany, seqs } from './place.ts';

export function messageLaws(name: string, makePlace: MakePlace): void {
  lawSuite(`${name} keeps the laws of Messages`, makePlace, (law) => {
    law(
      '1. Each append takes the room’s next seq and next rev: 1, 2, 3… without a hole.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        for (const expected of [1, 2, 3]) {
          const message = await say(store, ada.id, `number ${expected}`);
          assert.deepEqual([message.seq, message.rev], [expected, expected]);
          const { room } = (await store.rooms.seenBy(DEFAULT_ROOM, null)) ?? {};
          assert.deepEqual([room?.lastSeq, room?.rev], [expected, expected]);
        }
      },
    );

    law('2. Appends that were called one after the other resolve in that order.', async ({ open }) => {
      const store = await open();
      const ada = await person(store, 'Ada');
      const resolved: Message[] = [];
      const wanted = Array.from({ length: 20 }, (_, index) => `number ${index}`);
      await Promise.all(wanted.map(async (body) => resolved.push(await say(store, ada.id, body))));
      assert.deepEqual(bodies(resolved), wanted);
      assert.deepEqual(
        seqs(resolved),
        [...wanted.keys()].map((index) => index + 1),
      );
    });

    law(
      '3. A repeated nonce of the same person stores nothing and returns the stored message, marked as repeated.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        const first = await append(store, ada.id, 'once', { nonce: nonce(1) });
        assert.equal(first.repeated, false);
        const again = await append(store, ada.id, 'another text', { nonce: nonce(1) });
        assert.deepEqual(again, { message: first.message, repeated: true });
        assert.equal(await store.messages.knows(ada.id, nonce(1)), true);
        assert.equal(await store.messages.knows(ada.id, nonce(2)), false);
        assert.equal(await store.messages.knows((await person(store, 'Bob')).id, nonce(1)), false);
        assert.partialDeepStrictEqual(await store.rooms.mine(DEFAULT_ROOM, ada.id), { lastSeq: 1, rev: 1 });
      },
    );

    law('4. The same nonce of another person is another message.', async ({ open }) => {
      const store = await open();
      const ada = await person(store, 'Ada');
      const bob = await person(store, 'Bob');
      await say(store, ada.id, 'from Ada', { nonce: nonce(1) });
      const { message, repeated } = await append(store, bob.id, 'from Bob', { nonce: nonce(1) });
      assert.partialDeepStrictEqual(message, { seq: 2, body: 'from Bob', from: { id: bob.id } });
      assert.equal(repeated, false);
    });

    law('5. Messages without a nonce are never taken for repeated.', async ({ open }) => {
      const store = await open();
      const ada = await person(store, 'Ada');
      await say(store, ada.id, 'same');
      assert.partialDeepStrictEqual(await append(store, ada.id, 'same'), {
        message: { seq: 2 },
        repeated: false,
      });
    });

    law('6. A body comes back as it was given, whatever characters are in it.', async ({ open }) => {
      const store = await open();
      const ada = await person(store, 'Ada');
      const wanted = [
        '  spaces \n\t',
        'a\0b',
        '👩‍👩‍👧 ﷽ שלום 会議',
        "'; DROP TABLE message; --",
        '\u2028\uFEFF\uFFFF',
      ];
      for (const body of wanted) assert.equal((await say(store, ada.id, body)).body, body);
      assert.deepEqual(bodies((await store.reading.before(DEFAULT_ROOM, null, 10)).messages), wanted);
    });

    law(
      '7. Every edit, deletion, restoration and reaction takes the room’s next rev and no seq; what changes nothing takes none.',
      async ({ open }) => {
        const store = await open();
        const { messages } = store;
        const ada = await sayMany(store, 2);
        const like = { person: ada.id, emoji: '👍', on: true, at: 9 };
        const revs: (number | undefined)[] = [];
        const changed = (message: Message | null): void => void revs.push(message?.rev);
        changed(await messages.edit(DEFAULT_ROOM, 1, { body: 'new', mentions: [] }, 9));
        changed(await messages.edit(DEFAULT_ROOM, 1, { body: 'new', mentions: [] }, 9));
        changed(await messages.react(DEFAULT_ROOM, 1, like, 5));
        changed(await messages.react(DEFAULT_ROOM, 1, like, 5));
        changed(await messages.react(DEFAULT_ROOM, 1, { ...like, on: false }, 5));
        changed(await messages.react(DEFAULT_ROOM, 1, { ...like, on: false }, 5));
        changed(await messages.delete(DEFAULT_ROOM, 1, ada.id, 9, 20));
        changed(await messages.delete(DEFAULT_ROOM, 1, ada.id, 9, 20));
        changed(await messages.restore(DEFAULT_ROOM, 1, 10));
        changed(await messages.restore(DEFAULT_ROOM, 1, 10));
        assert.deepEqual(revs, [3, 3, 4, 4, 5, 5, 6, 6, 7, undefined]);
        assert.partialDeepStrictEqual(await store.rooms.mine(DEFAULT_ROOM, ada.id), { lastSeq: 2, rev: 7 });
      },
    );

    law(
      '8. An edited message has the new text; the old ones are kept, the oldest first.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        await say(store, ada.id, 'one', { at: 1 });
        await store.messages.edit(DEFAULT_ROOM, 1, { body: 'two', mentions: [] }, 2);
        const edited = await store.messages.edit(DEFAULT_ROOM, 1, { body: 'three', mentions: [] }, 3);
        assert.partialDeepStrictEqual(edited, { seq: 1, body: 'three', at: 1, edited: 3 });
        assert.deepEqual(await store.messages.get(DEFAULT_ROOM, 1), edited);
        assert.deepEqual(await store.messages.revisions(DEFAULT_ROOM, 1), [
          { body: 'one', at: 1 },
          { body: 'two', at: 2 },
        ]);
        await assert.rejects(store.messages.edit(DEFAULT_ROOM, 2, { body: 'x', mentions: [] }, 3));
        await store.messages.delete(DEFAULT_ROOM, 1, ada.id, 4, 5);
        await assert.rejects(store.messages.edit(DEFAULT_ROOM, 1, { body: 'x', mentions: [] }, 5));
      },
    );

    law(
      '9. A deleted message keeps its place and nothing else; until the given time it can be brought back whole.',
      async ({ open }) => {
        const store = await open();
        const { messages } = store;
        const ada = await person(store, 'Ada');
        const said = await say(store, ada.id, 'oops @Ada', { mentions: [{ person: ada.id, as: 'Ada' }] });
        const like = { person: ada.id, emoji: '👍', on: true, at: 2 };
        const whole = await messages.react(DEFAULT_ROOM, 1, like, 5);
        const { hasPassword: _, ...by } = ada;
        const tombstone = await messages.delete(DEFAULT_ROOM, 1, ada.id, 3, 30);
        assert.deepEqual(tombstone, {
          room: DEFAULT_ROOM,
          seq: 1,
          rev: 3,
          from: said.from,
          at: said.at,
          body: '',
          deleted: { at: 3, by },
        });
        assert.deepEqual(await messages.revisions(DEFAULT_ROOM, 1), []);
        assert.deepEqual(await messages.restore(DEFAULT_ROOM, 1, 30), { ...whole, rev: 4 });
        await messages.delete(DEFAULT_ROOM, 1, ada.id, 40, 70);
        assert.equal(await messages.restore(DEFAULT_ROOM, 1, 71), null);
        assert.equal((await messages.get(DEFAULT_ROOM, 1))?.body, '');
      },
    );

    law('10. After the sweep no call gives anything of a deleted message.', async ({ open }) => {
      const store = await open();
      const ada = await person(store, 'Ada');
      await say(store, ada.id, 'secret one');
      await store.messages.edit(DEFAULT_ROOM, 1, { body: 'secret two', mentions: [] }, 2);
      await store.messages.delete(DEFAULT_ROOM, 1, ada.id, 3, 30);
      await store.messages.sweep(30);
      await store.messages.sweep(31);
      assert.equal(await store.messages.restore(DEFAULT_ROOM, 1, 30), null);
      assert.deepEqual(await store.messages.revisions(DEFAULT_ROOM, 1), []);
      assert.partialDeepStrictEqual(await store.messages.get(DEFAULT_ROOM, 1), {
        body: '',
        deleted: { at: 3 },
      });
    });

    law(
      '11. A reaction is there once for each person, in the order in which the emoji first came.',
      async ({ open }) => {
        const store = await open();
        const ada = await sayMany(store, 1);
        const bob = await person(store, 'Bob');
        const react = (by: number, emoji: string, on = true, most = 2): Promise<Message | null> =>
          store.messages.react(DEFAULT_ROOM, 1, { person: by, emoji, on, at: 1 }, most);
        await react(bob.id, '🎉');
        await react(ada.id, '👍');
        await react(bob.id, '👍');
        assert.equal(await react(ada.id, '🚀'), null, 'too many kinds');
        assert.deepEqual((await react(ada.id, '🎉'))?.reactions, [
          { emoji: '🎉', people: [bob.id, ada.id] },
          { emoji: '👍', people: [ada.id, bob.id] },
        ]);
        await react(bob.id, '🎉', false);
        await react(ada.id, '🎉', false);
        assert.deepEqual(
          (await react(ada.id, '🚀'))?.reactions?.map((one) => one.emoji),
          ['👍', '🚀'],
        );
        await assert.rejects(
          store.messages.react(DEFAULT_ROOM, 2, { person: 1, emoji: 'x', on: true, at: 1 }, 2),
        );
      },
    );

    law(
      '12. A reply carries the beginning of what it replies to, and nothing of it once that is deleted.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        await say(store, ada.id, 'x'.repeat(1_000));
        const { replyTo } = await say(store, ada.id, 'indeed', { replyTo: 1 });
        assert.partialDeepStrictEqual(replyTo, { seq: 1, from: { name: 'Ada' } });
        assert.equal(replyTo?.excerpt.length, 140);
        assert.equal((await say(store, ada.id, 'what?', { replyTo: 99 })).replyTo, undefined);
        await store.messages.delete(DEFAULT_ROOM, 1, ada.id, 3, 30);
        assert.equal((await store.messages.get(DEFAULT_ROOM, 2))?.replyTo?.excerpt, '');
      },
    );

    law(
      '13. Mentions come back as they were bound, also when the person has another name by then.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        const bob = await person(store, 'Bob');
        const mentions = [{ person: bob.id, as: 'Bob' }];
        await say(store, ada.id, 'hi @Bob', { mentions, mentionsRoom: true, kind: 'action' });
        await store.people.rename(bob.id, 'Robert', ['robert']);
        assert.partialDeepStrictEqual(await store.messages.get(DEFAULT_ROOM, 1), {
          mentions,
          mentionsRoom: true,
          kind: 'action',
        });
        const edited = await store.messages.edit(DEFAULT_ROOM, 1, { body: 'hi', mentions: [] }, 2);
        assert.equal(edited.mentions, undefined);
        const event = await store.messages.appendEvent(
          DEFAULT_ROOM,
          ada.id,
          { what: 'added', person: bob.id },
          3,
        );
        assert.partialDeepStrictEqual(event, {
          kind: 'system',
          body: '',
          event: { what: 'added', person: { id: bob.id, name: 'Robert' } },
        });
        const topic = { what: 'topic', topic: 'Tea' } as const;
        assert.deepEqual((await store.messages.appendEvent(DEFAULT_ROOM, ada.id, topic, 4)).event, topic);
      },
    );

    law(
      '14. Saying something moves one’s own read pointer behind it, and nobody else’s.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        const bob = await person(store, 'Bob');
        await say(store, bob.id, 'hello');
        await say(store, ada.id, 'hello');
        assert.equal((await store.rooms.mine(DEFAULT_ROOM, ada.id))?.read, 2);
        assert.equal((await store.rooms.mine(DEFAULT_ROOM, bob.id))?.read, 1);
      },
    );

    law(
      '15. An edit mentions whom it names, each once; who was mentioned with the whole room still is.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        const bob = await person(store, 'Bob');
        const inbox = async (): Promise<string[]> =>
          (await store.reading.mentions(bob.id, null, 9)).mentions.map(({ message }) => message.body);
        const edit = (seq: number, body: string, as: string[]): Promise<unknown> =>
          store.messages.edit(
            DEFAULT_ROOM,
            seq,
            { body, mentions: as.map((name) => ({ person: bob.id, as: name })) },
            2,
          );
        await say(store, ada.id, 'hi');
        await say(store, ada.id, '@room', { mentionsRoom: true });
        await edit(1, 'hi @Bob', ['Bob']);
        await edit(1, 'hi @bob', ['bob']);
        assert.deepEqual(await inbox(), ['@room', 'hi @bob']);
        await edit(2, '@room and @Bob', ['Bob']);
        await edit(2, '@room!', []);
        await edit(1, 'hi', []);
        assert.deepEqual(await inbox(), ['@room!']);
      },
    );

    law(
      '16. The nonces of somebody’s messages are found by their seqs, those of others are not.',
      async ({ open }) => {
        const store = await open();
        const [ada, bob] = [await person(store, 'Ada'), await person(store, 'Bob')];
        await say(store, ada.id, 'one', { nonce: nonce(1) });
        await say(store, bob.id, 'two', { nonce: nonce(2) });
        await say(store, ada.id, 'three');
        await say(store, ada.id, 'four', { nonce: nonce(4) });
        const found = await store.messages.nonces(DEFAULT_ROOM, ada.id, [1, 2, 3, 9]);
        assert.deepEqual([...found], [[1, nonce(1)]]);
      },
    );
  });
}
