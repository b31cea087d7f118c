import assert from 'node:assert/strict';
import { DEFAULT_ROOM } from '../../../shared/limits.ts';
import { parseSearch } from '../../../shared/search-query.ts';
import type { Sought } from '../reading.ts';
import type { Store } from '../store.ts';
import { type MakePlace, made, bodies, lawSuite, person, say } from './place.ts';

const NOTHING: Sought = { match: null, rooms: [], from: [], since: null, before: null, has: [] };

/** The laws of Reading that are about searching. */
export function searchLaws(name: string, makePlace: MakePlace): void {
  const find = async (
    store: Store,
    query: string | Partial<Sought>,
    by: number | null = null,
  ): Promise<string[]> => {
    const sought = typeof query === 'string' ? { match: parseSearch(query).match } : query;
    return bodies((await store.reading.search({ ...NOTHING, ...sought }, by, null, 10)).messages);
  };

  lawSuite(`${name} keeps the laws of Reading: search`, makePlace, (law) => {
    law(
      '9. A search finds messages with all words of all phrases, in rooms that the person can see, the newest first.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        const bob = await person(store, 'Bob');
        for (const body of ['Tea at noon', 'noon tea', '明日の会議は三時', 'Über alles', 'the AND "quoted']) {
          await say(store, ada.id, body);
        }
        const den = await made(
          store.rooms.create({ name: 'Den', keys: [], kind: 'private', topic: '', by: ada.id, at: 1 }),
        );
        await say(store, ada.id, 'secret tea', { room: den.slug });
        assert.deepEqual(await find(store, 'tea noon'), ['noon tea', 'Tea at noon']);
        assert.deepEqual(await find(store, '"tea at"'), ['Tea at noon']);
        assert.deepEqual(
          await find(store, 'te'),
          ['noon tea', 'Tea at noon'],
          'the last word may be unfinished',
        );
        assert.deepEqual(await find(store, '"tea"'), ['noon tea', 'Tea at noon'], 'one whole word');
        assert.deepEqual(await find(store, '会議'), ['明日の会議は三時']);
        assert.deepEqual(await find(store, 'uber'), ['Über alles']);
        assert.deepEqual(await find(store, 'AND'), ['the AND "quoted']);
        assert.deepEqual(await find(store, '"tea"', ada.id), ['secret tea', 'noon tea', 'Tea at noon']);
        assert.deepEqual(await find(store, 'secret', bob.id), []);
        assert.deepEqual(await find(store, 'nothing'), []);
        const first = await store.reading.search({ ...NOTHING, match: '"tea"' }, ada.id, null, 2);
        assert.deepEqual(bodies(first.messages), ['secret tea', 'noon tea']);
        const second = await store.reading.search({ ...NOTHING, match: '"tea"' }, ada.id, first.cursor, 2);
        assert.deepEqual([bodies(second.messages), second.cursor], [['Tea at noon'], null]);
      },
    );

    law('10. Each filter of a search leaves out what it does not name.', async ({ open }) => {
      const store = await open();
      const ada = await person(store, 'Ada');
      const bob = await person(store, 'Bob');
      const tea = await made(
        store.rooms.create({ name: 'Tea', keys: [], kind: 'public', topic: '', by: ada.id, at: 1 }),
      );
      await say(store, ada.id, 'see https://example.org', { at: 10 });
      await say(store, bob.id, 'run `npm start` now', { at: 20 });
      await say(store, bob.id, 'in the tea room', { at: 30, room: tea.slug });
      await store.messages.appendEvent(tea.slug, bob.id, { what: 'topic', topic: 'tea' }, 40);
      await store.messages.react(tea.slug, 1, { person: ada.id, emoji: '👍', on: true, at: 1 }, 5);
      assert.deepEqual(await find(store, { from: [bob.id] }), ['in the tea room', 'run `npm start` now']);
      assert.deepEqual(await find(store, { rooms: [tea.slug] }), ['in the tea room']);
      assert.deepEqual(await find(store, { rooms: [DEFAULT_ROOM], from: [bob.id] }), ['run `npm start` now']);
      assert.deepEqual(await find(store, { since: 20 }), ['in the tea room', 'run `npm start` now']);
      assert.deepEqual(await find(store, { since: 20, before: 30 }), ['run `npm start` now']);
      assert.deepEqual(await find(store, { has: ['link'] }), ['see https://example.org']);
      assert.deepEqual(await find(store, { has: ['code'] }), ['run `npm start` now']);
      assert.deepEqual(await find(store, { has: ['reaction'] }), ['in the tea room']);
      assert.deepEqual(await find(store, { has: ['image'] }), []);
      assert.deepEqual(await find(store, { has: ['link', 'code'] }), []);
      assert.deepEqual(await find(store, { match: '"see"', from: [bob.id] }), []);
    });

    law(
      '11. An edited message is found by its new words, a deleted one by none, a restored one again.',
      async ({ open }) => {
        const store = await open();
        const ada = await person(store, 'Ada');
        await say(store, ada.id, 'old words');
        await store.messages.edit(DEFAULT_ROOM, 1, { body: 'new words', mentions: [] }, 2);
        assert.deepEqual(await find(store, '"old"'), []);
        assert.deepEqual(await find(store, '"new"'), ['new words']);
        await store.messages.delete(DEFAULT_ROOM, 1, ada.id, 3, 30);
        assert.deepEqual(await find(store, '"words"'), []);
        assert.deepEqual(await find(store, { from: [ada.id] }), []);
        await store.messages.restore(DEFAULT_ROOM, 1, 4);
        assert.deepEqual(await find(store, '"words"'), ['new words']);
      },
    );
  });
}
