import assert from 'node:assert/strict';
import type { NewPasskey } from '../passkeys.ts';
import { type MakePlace, lawSuite, made, person } from './place.ts';

const MOST = 3;

function passkey(of: number, byte: number, more: Partial<NewPasskey> = {}): NewPasskey {
  return {
    id: id(byte),
    person: of,
    publicKey: new Uint8Array(91).fill(byte),
    counter: 0,
    transports: ['internal', 'hybrid'],
    label: `key ${byte}`,
    at: byte,
    ...more,
  };
}

/** Authenticators choose their length. */
function id(byte: number): Uint8Array {
  return new Uint8Array(16 + byte).fill(byte);
}

export function passkeyLaws(name: string, makePlace: MakePlace): void {
  lawSuite(`${name} keeps the laws of Passkeys`, makePlace, (law) => {
    law(
      '1. A passkey is found by its id, with all that it came with, and leads to nobody once its person is revoked or forgotten.',
      async ({ open }) => {
        const store = await open();
        const ada = (await person(store, 'Ada')).id;
        const { at: created, ...kept } = passkey(ada, 1, { counter: 7 });
        await store.passkeys.add({ ...kept, at: created }, MOST);
        const found = await store.passkeys.find(id(1));
        assert.deepEqual(found, { ...kept, created, used: null });
        assert.equal(await store.passkeys.find(id(2)), null);
        const bot = await made(
          store.people.createBot({
            name: 'Bot',
            keys: ['bot'],
            role: 'member',
            at: 1,
            by: ada,
            tokenHash: id(9),
          }),
        );
        await store.passkeys.add(passkey(bot.id, 2), MOST);
        await store.people.revokeBot(bot.id);
        assert.equal(await store.passkeys.find(id(2)), null);
      },
    );

    law(
      '2. No two passkeys have the same id, whoever’s they are, and nobody has more than they may.',
      async ({ open }) => {
        const store = await open();
        const ada = (await person(store, 'Ada')).id;
        const bob = (await person(store, 'Bob')).id;
        assert.equal(await store.passkeys.add(passkey(ada, 1), MOST), 'added');
        assert.equal(await store.passkeys.add(passkey(ada, 1), MOST), 'taken');
        assert.equal(await store.passkeys.add(passkey(bob, 1, { label: 'mine' }), MOST), 'taken');
        assert.partialDeepStrictEqual(await store.passkeys.find(id(1)), { person: ada, label: 'key 1' });
        const more = await Promise.all([2, 3, 4].map((byte) => store.passkeys.add(passkey(ada, byte), MOST)));
        assert.deepEqual(more, ['added', 'added', 'full']);
        assert.equal(await store.passkeys.add(passkey(bob, 5), MOST), 'added');
      },
    );

    law(
      '3. A use is noted with the time and a counter that has moved on; one that has not is refused, unless it counts nothing.',
      async ({ open }) => {
        const store = await open();
        const ada = (await person(store, 'Ada')).id;
        await store.passkeys.add(passkey(ada, 1), MOST);
        await store.passkeys.add(passkey(ada, 2, { counter: 5 }), MOST);
        assert.deepEqual(
          [
            await store.passkeys.use(id(1), 0, 10),
            await store.passkeys.use(id(1), 0, 11),
            await store.passkeys.use(id(2), 5, 12),
            await store.passkeys.use(id(2), 0, 13),
            await store.passkeys.use(id(2), 6, 14),
            await store.passkeys.use(id(3), 1, 15),
          ],
          [true, true, false, false, true, false],
        );
        assert.deepEqual(
          (await store.passkeys.list(ada)).map(({ counter, used }) => [counter, used]),
          [
            [0, 11],
            [6, 14],
          ],
        );
      },
    );

    law(
      '4. Somebody can see, rename and remove their own passkeys only. They are listed in the order in which they were made.',
      async ({ open }) => {
        const store = await open();
        const ada = (await person(store, 'Ada')).id;
        const bob = (await person(store, 'Bob')).id;
        for (const byte of [2, 1]) await store.passkeys.add(passkey(ada, byte), MOST);
        await store.passkeys.add(passkey(bob, 3), MOST);
        const labels = async (of: number): Promise<string[]> =>
          (await store.passkeys.list(of)).map(({ label }) => label);
        assert.deepEqual(await labels(ada), ['key 1', 'key 2']);
        assert.equal(await store.passkeys.rename(ada, id(3), 'Ada’s'), false);
        assert.equal(await store.passkeys.rename(ada, id(1), 'Laptop'), true);
        assert.equal(await store.passkeys.remove(ada, id(3)), 'unknown');
        assert.equal(await store.passkeys.remove(ada, id(2)), 'removed');
        assert.deepEqual([await labels(ada), await labels(bob)], [['Laptop'], ['key 3']]);
      },
    );

    law(
      '5. The last passkey of somebody without a password stays, also when two are removed at once.',
      async ({ open }) => {
        const store = await open();
        const ada = (await person(store, 'Ada')).id;
        for (const byte of [1, 2]) await store.passkeys.add(passkey(ada, byte), MOST);
        const removed = await Promise.all([1, 2].map((byte) => store.passkeys.remove(ada, id(byte))));
        assert.deepEqual(removed, ['removed', 'last']);
        await store.people.setPassword(ada, 'hash');
        assert.equal(await store.passkeys.remove(ada, id(2)), 'removed');
      },
    );

    law(
      '6. All of somebody’s are removed at once, whether they have a password or not, and nobody else’s.',
      async ({ open }) => {
        const store = await open();
        const ada = (await person(store, 'Ada')).id;
        const bob = (await person(store, 'Bob')).id;
        for (const byte of [1, 2]) await store.passkeys.add(passkey(ada, byte), MOST);
        await store.passkeys.add(passkey(bob, 3), MOST);
        assert.equal(await store.passkeys.removeAll(ada), 2);
        assert.equal(await store.passkeys.removeAll(ada), 0);
        assert.deepEqual(
          [(await store.passkeys.list(ada)).length, (await store.passkeys.list(bob)).length],
          [0, 1],
        );
      },
    );

    law(
      '7. Whoever has one is told apart from who has none, and is no guest to be forgotten.',
      async ({ open }) => {
        const store = await open();
        const guest = { role: 'guest', at: 1 } as const;
        const gus = (await made(store.people.create({ ...guest, name: 'Gus', keys: ['gus'] }))).id;
        const gil = (await made(store.people.create({ ...guest, name: 'Gil', keys: ['gil'] }))).id;
        await store.passkeys.add(passkey(gus, 1), MOST);
        assert.equal((await store.people.get(gus))?.hasPasskey, true);
        assert.equal((await store.people.get(gil))?.hasPasskey, undefined);
        await store.people.forgetGuests({ seenBefore: 50, present: [], after: 0, limit: 9 });
        assert.equal((await store.people.get(gus))?.name, 'Gus');
        assert.equal(await store.people.get(gil), null);
      },
    );
  });
}
