/** The suite that every store must pass: one test per law of store.ts, with its number and words. */
import assert from 'node:assert/strict';
import { type TestContext, suite, test } from 'node:test';
import { DEFAULT_ROOM, type Message } from '../shared/events.ts';
import type { Appended, Store } from './store.ts';

/** An empty place for a store, which opens it and, once closed, opens it again. The test removes it. */
export type StorePlace = (context: TestContext) => { open: () => Promise<Store> };

export function storeLaws(name: string, place: StorePlace): void {
  void suite(`${name} keeps the laws of Store`, () => {
    const law = (words: string, check: (open: () => Promise<Store>) => Promise<void>): void => {
      void test(words, async (context) => {
        const opened: Store[] = [];
        const { open } = place(context);
        try {
          await check(async () => {
            const store = await open();
            opened.push(store);
            return store;
          });
        } finally {
          await Promise.all(opened.map((store) => store.close()));
        }
      });
    };

    law(
      '1. What a promise has confirmed is still there after the store was closed and opened again.',
      async (open) => {
        const first = await open();
        const ada = await first.createPerson('Ada', 1);
        await first.openSession(hash(1), ada.id, 1);
        const { message } = await say(first, ada.id, 'kept');
        await first.close();
        const second = await open();
        assert.deepEqual(await second.resumeSession(hash(1), 2, 10), ada);
        assert.deepEqual((await second.before(DEFAULT_ROOM, null, 10)).messages, [message]);
        assert.partialDeepStrictEqual(await second.room(DEFAULT_ROOM), { lastSeq: 1, rev: 1 });
      },
    );

    law('2. A new store has the default room, without messages, at seq 0 and rev 0.', async (open) => {
      const store = await open();
      assert.partialDeepStrictEqual(await store.room(DEFAULT_ROOM), {
        slug: DEFAULT_ROOM,
        lastSeq: 0,
        rev: 0,
      });
      assert.deepEqual(await store.before(DEFAULT_ROOM, null, 10), { messages: [], older: false });
      assert.equal(await store.room('nowhere'), null);
    });

    law('3. Each append takes the room’s next seq and next rev: 1, 2, 3… without a hole.', async (open) => {
      const store = await open();
      const ada = await store.createPerson('Ada', 1);
      for (const expected of [1, 2, 3]) {
        const { message } = await say(store, ada.id, `number ${expected}`);
        assert.deepEqual([message.seq, message.rev], [expected, expected]);
        assert.partialDeepStrictEqual(await store.room(DEFAULT_ROOM), { lastSeq: expected, rev: expected });
      }
    });

    law('4. Appends that were called one after the other resolve in that order.', async (open) => {
      const store = await open();
      const ada = await store.createPerson('Ada', 1);
      const resolved: Message[] = [];
      const bodies = Array.from({ length: 20 }, (_, index) => `number ${index}`);
      await Promise.all(bodies.map(async (body) => resolved.push((await say(store, ada.id, body)).message)));
      assert.deepEqual(
        resolved.map((message) => message.body),
        bodies,
      );
      assert.deepEqual(
        seqs(resolved),
        bodies.map((_, index) => index + 1),
      );
    });

    law(
      '5. A repeated nonce of the same person stores nothing and returns the stored message, marked as repeated.',
      async (open) => {
        const store = await open();
        const ada = await store.createPerson('Ada', 1);
        const first = await say(store, ada.id, 'once', nonce(1));
        assert.equal(first.repeated, false);
        const again = await say(store, ada.id, 'another text', nonce(1));
        assert.deepEqual(again, { message: first.message, repeated: true });
        assert.partialDeepStrictEqual(await store.room(DEFAULT_ROOM), { lastSeq: 1, rev: 1 });
      },
    );

    law('6. The same nonce of another person is another message.', async (open) => {
      const store = await open();
      const ada = await store.createPerson('Ada', 1);
      const bob = await store.createPerson('Bob', 1);
      await say(store, ada.id, 'from Ada', nonce(1));
      const { message, repeated } = await say(store, bob.id, 'from Bob', nonce(1));
      assert.partialDeepStrictEqual(message, { seq: 2, body: 'from Bob', from: bob });
      assert.equal(repeated, false);
    });

    law('7. Messages without a nonce are never taken for repeated.', async (open) => {
      const store = await open();
      const ada = await store.createPerson('Ada', 1);
      await say(store, ada.id, 'same');
      assert.partialDeepStrictEqual(await say(store, ada.id, 'same'), {
        message: { seq: 2 },
        repeated: false,
      });
    });

    law(
      '8. An append that fails leaves no trace: the next one takes the seq that it would have taken.',
      async (open) => {
        const store = await open();
        const ada = await store.createPerson('Ada', 1);
        await assert.rejects(say(store, ada.id + 1, 'from nobody', nonce(1)));
        await assert.rejects(
          store.append({ room: 'nowhere', person: ada.id, nonce: null, body: 'lost', at: 1 }),
        );
        assert.partialDeepStrictEqual(await store.room(DEFAULT_ROOM), { lastSeq: 0, rev: 0 });
        assert.equal((await say(store, ada.id, 'first')).message.seq, 1);
      },
    );

    law('9. A body comes back as it was given, whatever characters are in it.', async (open) => {
      const store = await open();
      const ada = await store.createPerson('Ada', 1);
      const bodies = [
        '  spaces \n\t',
        'a\0b',
        '👩‍👩‍👧 ﷽ שלום 会議',
        "'; DROP TABLE message; --",
        '\u2028\uFEFF\uFFFF',
      ];
      for (const body of bodies) assert.equal((await say(store, ada.id, body)).message.body, body);
      const { messages } = await store.before(DEFAULT_ROOM, null, 10);
      assert.deepEqual(
        messages.map((message) => message.body),
        bodies,
      );
    });

    law(
      '10. A page holds the messages just before a seq, oldest first, at most `limit`, and tells whether older ones exist.',
      async (open) => {
        const store = await open();
        await sayMany(store, 5);
        const page = async (seq: number | null, limit: number): Promise<[number[], boolean]> => {
          const { messages, older } = await store.before(DEFAULT_ROOM, seq, limit);
          return [seqs(messages), older];
        };
        assert.deepEqual(await page(null, 2), [[4, 5], true]);
        assert.deepEqual(await page(4, 2), [[2, 3], true]);
        assert.deepEqual(await page(2, 2), [[1], false]);
        assert.deepEqual(await page(3, 2), [[1, 2], false]);
        assert.deepEqual(await page(1, 2), [[], false]);
        assert.deepEqual(await page(99, 5), [[1, 2, 3, 4, 5], false]);
        assert.deepEqual(await store.before('nowhere', null, 5), { messages: [], older: false });
      },
    );

    law(
      '11. Changes since a rev are all messages with a greater rev, oldest first, or null if they are more than `limit`.',
      async (open) => {
        const store = await open();
        await sayMany(store, 5);
        const since = async (rev: number, limit: number): Promise<number[] | null> => {
          const changes = await store.since(DEFAULT_ROOM, rev, limit);
          return changes === null ? null : seqs(changes);
        };
        assert.deepEqual(await since(2, 3), [3, 4, 5]);
        assert.deepEqual(await since(0, 5), [1, 2, 3, 4, 5]);
        assert.deepEqual(await since(5, 3), []);
        assert.equal(await since(1, 3), null);
      },
    );

    law('12. A renamed person has the new name on everything that they said.', async (open) => {
      const store = await open();
      const ada = await store.createPerson('Ada', 1);
      await say(store, ada.id, 'before');
      const renamed = { id: ada.id, name: 'Countess' };
      assert.deepEqual(await store.renamePerson(ada.id, 'Countess'), renamed);
      await say(store, ada.id, 'after');
      const { messages } = await store.before(DEFAULT_ROOM, null, 10);
      assert.deepEqual(
        messages.map((message) => message.from),
        [renamed, renamed],
      );
      assert.equal(await store.renamePerson(ada.id + 1, 'Nobody'), null);
    });

    law(
      '13. A session leads to its person until it has not been resumed for the idle time; each resume starts that anew.',
      async (open) => {
        const store = await open();
        const ada = await store.createPerson('Ada', 1);
        await store.openSession(hash(1), ada.id, 1_000);
        assert.deepEqual(await store.resumeSession(hash(1), 1_100, 100), ada);
        assert.deepEqual(await store.resumeSession(hash(1), 1_200, 100), ada);
        assert.equal(await store.resumeSession(hash(1), 1_301, 100), null);
        assert.equal(await store.resumeSession(hash(2), 1_000, 100), null);
      },
    );

    law('14. A closed session leads to nobody, and the person’s other sessions go on.', async (open) => {
      const store = await open();
      const ada = await store.createPerson('Ada', 1);
      await store.openSession(hash(1), ada.id, 1);
      await store.openSession(hash(2), ada.id, 1);
      await store.closeSession(hash(1));
      await store.closeSession(hash(1));
      assert.equal(await store.resumeSession(hash(1), 1, 100), null);
      assert.deepEqual(await store.resumeSession(hash(2), 1, 100), ada);
    });

    law(
      '15. Dropping idle sessions drops those not seen since the given time and no others.',
      async (open) => {
        const store = await open();
        const ada = await store.createPerson('Ada', 1);
        await store.openSession(hash(1), ada.id, 10);
        await store.openSession(hash(2), ada.id, 20);
        await store.dropSessions(20);
        assert.equal(await store.resumeSession(hash(1), 20, 1_000), null);
        assert.deepEqual(await store.resumeSession(hash(2), 20, 1_000), ada);
      },
    );

    law('16. After close, every call is rejected; closing again is harmless.', async (open) => {
      const store = await open();
      await store.close();
      await store.close();
      await assert.rejects(store.room(DEFAULT_ROOM));
      await assert.rejects(store.createPerson('Ada', 1));
      await assert.rejects(say(store, 1, 'late'));
      await assert.rejects(store.before(DEFAULT_ROOM, null, 1));
    });
  });
}

function say(
  store: Store,
  person: number,
  body: string,
  nonceOrNull: string | null = null,
): Promise<Appended> {
  return store.append({ room: DEFAULT_ROOM, person, nonce: nonceOrNull, body, at: 1 });
}

async function sayMany(store: Store, count: number): Promise<void> {
  const ada = await store.createPerson('Ada', 1);
  for (let index = 1; index <= count; index += 1) await say(store, ada.id, `number ${index}`);
}

function seqs(messages: readonly Message[]): number[] {
  return messages.map((message) => message.seq);
}

function hash(byte: number): Uint8Array {
  return new Uint8Array(32).fill(byte);
}

function nonce(digit: number): string {
  return String(digit).repeat(32);
}
