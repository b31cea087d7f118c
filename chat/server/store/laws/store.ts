import assert from 'node:assert/strict';
import { DEFAULT_ROOM } from '../../../shared/limits.ts';
import { StoreFull } from '../store.ts';
import { deedLaws } from './deeds.ts';
import { inviteLaws } from './invites.ts';
import { keepingLaws } from './keeping.ts';
import { messageLaws } from './messages.ts';
import { passkeyLaws } from './passkeys.ts';
import { peopleLaws } from './people.ts';
import { type MakePlace, bodies, hash, lawSuite, nonce, person, say, seqs } from './place.ts';
import { previewLaws } from './previews.ts';
import { readingLaws } from './reading.ts';
import { recoveryLaws } from './recoveries.ts';
import { roomLaws } from './rooms.ts';
import { searchLaws } from './search.ts';
import { sessionLaws } from './sessions.ts';
import { webhookLaws } from './webhooks.ts';

/** The suite that every store must pass: one test per law, with its number and words. */
export function storeLaws(name: string, makePlace: MakePlace): void {
  wholeLaws(name, makePlace);
  for (const laws of [
    peopleLaws,
    sessionLaws,
    roomLaws,
    messageLaws,
    readingLaws,
    searchLaws,
    inviteLaws,
    recoveryLaws,
    passkeyLaws,
    deedLaws,
    webhookLaws,
    keepingLaws,
    previewLaws,
  ]) {
    laws(name, makePlace);
  }
}

function wholeLaws(name: string, makePlace: MakePlace): void {
  lawSuite(`${name} keeps the laws of Store`, makePlace, (law) => {
    law(
      '1. What a promise has confirmed is still there after the store was closed and opened again.',
      async ({ open }) => {
        const first = await open();
        const ada = await person(first, 'Ada');
        await first.sessions.open({ tokenHash: hash(1), person: ada.id, agent: 'x', address: 'y', at: 1 });
        const message = await say(first, ada.id, 'kept');
        await first.close();
        const second = await open();
        assert.partialDeepStrictEqual(await second.sessions.resume(hash(1), 2, 10, 'y'), { person: ada.id });
        assert.deepEqual((await second.reading.before(DEFAULT_ROOM, null, 10)).messages, [message]);
        assert.partialDeepStrictEqual(await second.rooms.mine(DEFAULT_ROOM, ada.id), { lastSeq: 1, rev: 1 });
      },
    );

    law(
      '2. A new store has the default room, without messages, at seq 0 and rev 0; nobody in it, and no owner.',
      async ({ open }) => {
        const store = await open();
        assert.partialDeepStrictEqual(await store.rooms.seenBy(DEFAULT_ROOM, null), {
          room: { slug: DEFAULT_ROOM, kind: 'public', isDefault: true, lastSeq: 0, rev: 0 },
          membership: null,
        });
        assert.deepEqual(await store.reading.before(DEFAULT_ROOM, null, 10), {
          messages: [],
          older: false,
          newer: false,
        });
        assert.deepEqual(await store.rooms.members(DEFAULT_ROOM, null, 10), []);
        assert.equal(await store.people.owner(), null);
        assert.equal(await store.rooms.seenBy('nowhere', null), null);
        await store.check();
        await store.tidy();
      },
    );

    law('3. A call that fails leaves no trace.', async ({ open }) => {
      const store = await open();
      const ada = await person(store, 'Ada');
      await assert.rejects(say(store, ada.id + 1, 'from nobody', { nonce: nonce(1) }));
      await assert.rejects(say(store, ada.id, 'lost', { room: 'nowhere' }));
      await assert.rejects(
        say(store, ada.id, 'to nobody', { mentions: [{ person: ada.id + 1, as: 'Nobody' }] }),
      );
      assert.partialDeepStrictEqual(await store.rooms.mine(DEFAULT_ROOM, ada.id), { lastSeq: 0, rev: 0 });
      assert.equal((await say(store, ada.id, 'first')).seq, 1);
    });

    law(
      '4. Without space for what is new, writing rejects with `StoreFull`, and reading goes on.',
      async ({ open, fill }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        await store.sessions.open({ tokenHash: hash(1), person: ada.id, agent: 'x', address: 'y', at: 1 });
        await say(store, ada.id, 'before');
        fill(store);
        const failed = async (): Promise<void> => {
          for (let count = 0; count < 1_000; count += 1) await say(store, ada.id, 'x'.repeat(4_000));
        };
        await assert.rejects(failed(), StoreFull);
        const { messages } = await store.reading.before(DEFAULT_ROOM, null, 100);
        assert.deepEqual(
          seqs(messages),
          [...messages.keys()].map((index) => index + 1),
          'no hole',
        );
        assert.equal(messages[0]?.body, 'before');
        assert.partialDeepStrictEqual(await store.sessions.resume(hash(1), 2, 10, 'y'), { person: ada.id });
      },
    );

    law(
      '5. A backup is a whole store of its own: opened in another place it has all that was confirmed before.',
      async ({ open, openBackup, backupFile }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        await say(store, ada.id, 'before');
        const file = backupFile();
        await store.backup(file);
        await say(store, ada.id, 'after');
        const copy = await openBackup(file);
        assert.deepEqual(bodies((await copy.reading.before(DEFAULT_ROOM, null, 10)).messages), ['before']);
        assert.equal((await say(copy, ada.id, 'elsewhere')).seq, 2);
        await assert.rejects(store.backup(file), 'never over a file that exists');
      },
    );

    law('6. After close, every call is rejected; closing again is harmless.', async ({ open }) => {
      const store = await open();
      await store.close();
      await store.close();
      await assert.rejects(store.check());
      await assert.rejects(person(store, 'Ada'));
      await assert.rejects(say(store, 1, 'late'));
      await assert.rejects(store.reading.before(DEFAULT_ROOM, null, 1));
    });
  });
}
