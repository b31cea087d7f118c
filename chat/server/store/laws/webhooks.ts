import assert from 'node:assert/strict';
import { DEFAULT_ROOM } from '../../../shared/limits.ts';
import type { Person } from '../../../shared/people.ts';
import type { Store } from '../store.ts';
import { type MakePlace, hash, lawSuite, made, person, say } from './place.ts';

const TEA = 'tea';

export function webhookLaws(name: string, makePlace: MakePlace): void {
  const make = (
    store: Store,
    byte: number,
    by: number,
    more: { name?: string; room?: string; most?: number } = {},
  ): Promise<Person | 'taken' | 'too many'> => {
    const called = more.name ?? `Hook ${byte}`;
    return store.webhooks.create({
      name: called,
      keys: [called.toLowerCase()],
      role: 'member',
      at: byte,
      by,
      tokenHash: hash(byte),
      room: TEA,
      most: 9,
      ...more,
    });
  };
  const opened = async (store: Store): Promise<number> => {
    const { id } = await person(store, 'Ada');
    await made(store.rooms.create({ name: 'Tea', keys: ['tea'], kind: 'public', topic: '', by: id, at: 1 }));
    return id;
  };
  const bot = async (making: Promise<Person | 'taken' | 'too many'>): Promise<Person> => {
    const webhook = await making;
    if (typeof webhook === 'string') throw new RangeError(webhook);
    return webhook;
  };

  lawSuite(`${name} keeps the laws of Webhooks`, makePlace, (law) => {
    law(
      '1. A webhook is found by the hash of its token, and among people, until it is revoked; its bot is in its room and in no other.',
      async ({ open }) => {
        const store = await open();
        const ada = await opened(store);
        const hook = await bot(make(store, 1, ada));
        assert.partialDeepStrictEqual(hook, { name: 'Hook 1', role: 'member', bot: true });
        assert.deepEqual(await store.webhooks.find(hash(1)), {
          bot: { ...hook, hasPassword: false },
          room: TEA,
          by: ada,
        });
        assert.equal(await store.webhooks.find(hash(2)), null);
        assert.deepEqual(await store.webhooks.among([ada, hook.id, 99]), [hook.id]);
        assert.deepEqual(await store.rooms.slugsOf(hook.id), [TEA]);
        assert.equal(await store.sessions.resume(hash(1), 2, 10, 'x'), null);
        assert.equal(await store.webhooks.revoke(TEA, hook.id), true);
        assert.equal(await store.webhooks.find(hash(1)), null);
        assert.deepEqual(await store.webhooks.among([hook.id]), []);
        assert.deepEqual(await store.rooms.slugsOf(hook.id), []);
      },
    );

    law(
      '2. A room never has more webhooks than the given limit, and none by a name with a key that is taken.',
      async ({ open }) => {
        const store = await open();
        const ada = await opened(store);
        assert.equal(await make(store, 1, ada, { name: 'Ada' }), 'taken');
        const all = await Promise.all([2, 3, 4].map((byte) => make(store, byte, ada, { most: 2 })));
        assert.deepEqual(
          all.map((one) => (typeof one === 'string' ? one : one.name)),
          ['Hook 2', 'Hook 3', 'too many'],
        );
        await bot(make(store, 5, ada, { room: DEFAULT_ROOM, most: 1 }));
        await store.webhooks.revoke(TEA, (await store.webhooks.list(TEA))[0]?.bot.id ?? 0);
        await bot(make(store, 6, ada, { most: 2 }));
        await assert.rejects(make(store, 7, ada, { room: 'nowhere' }));
        assert.deepEqual(await store.people.byKeys(['hook 7', 'hook 4']), [], 'no trace');
      },
    );

    law(
      '3. A room’s list has its webhooks, the oldest first, with when each last spoke; they are not listed among the bots.',
      async ({ open }) => {
        const store = await open();
        const ada = await opened(store);
        const first = await bot(make(store, 1, ada));
        const second = await bot(make(store, 2, ada));
        await bot(make(store, 3, ada, { room: DEFAULT_ROOM }));
        await say(store, first.id, 'hello', { room: TEA, at: 7 });
        await say(store, first.id, 'again', { room: TEA, at: 8 });
        const by = { id: ada, name: 'Ada', role: 'member' };
        assert.deepEqual(await store.webhooks.list(TEA), [
          { bot: first, by, created: 1, seen: 8 },
          { bot: second, by, created: 2, seen: null },
        ]);
        assert.deepEqual(await store.people.bots(), []);
      },
    );

    law(
      '4. It is revoked as a webhook of its own room, or as any bot: its name is free then, and what it said stays.',
      async ({ open }) => {
        const store = await open();
        const ada = await opened(store);
        const first = await bot(make(store, 1, ada));
        const second = await bot(make(store, 2, ada));
        await say(store, first.id, 'kept', { room: TEA });
        for (const [room, id] of [
          [DEFAULT_ROOM, first.id],
          [TEA, ada],
          [TEA, first.id + 99],
          ['nowhere', first.id],
        ] as const) {
          assert.equal(await store.webhooks.revoke(room, id), false);
        }
        assert.equal(await store.webhooks.revoke(TEA, first.id), true);
        assert.equal(await store.webhooks.revoke(TEA, first.id), false);
        assert.equal(await store.people.revokeBot(second.id), true);
        assert.equal(await store.webhooks.find(hash(2)), null);
        assert.deepEqual(await store.webhooks.list(TEA), []);
        await person(store, 'Hook 1');
        const { messages } = await store.reading.before(TEA, null, 10);
        assert.deepEqual(
          messages.map(({ body, from }) => [body, from.name]),
          [['kept', 'Hook 1']],
        );
      },
    );
  });
}
