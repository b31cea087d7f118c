import assert from 'node:assert/strict';
import { DEFAULT_ROOM } from '../../../shared/limits.ts';
import type { Message } from '../../../shared/messages.ts';
import type { Found, NewImage, Remember } from '../previews.ts';
import type { Store } from '../store.ts';
import { type MakePlace, hash, lawSuite, person, say } from './place.ts';

const HREF = 'https://example.org/';
const PLAIN: Found = { title: 'A page', description: '', image: null };

function pictured(id: string): Found {
  return { title: 'A page', description: 'About it', image: { id, width: 640, height: 480 } };
}

function image(id: string, size = 4): NewImage {
  return { id, type: 'image/png', bytes: new Uint8Array(size).fill(7) };
}

export function previewLaws(name: string, makePlace: MakePlace): void {
  lawSuite(`${name} keeps the laws of Previews`, makePlace, (law) => {
    law(
      '1. What was found at an address is known until it expires, also that nothing was found.',
      async ({ open }) => {
        const { previews } = await open();
        assert.equal(await previews.known(hash(1), 1), undefined);
        await previews.remember(remember(1, pictured('a'), { expires: 10 }));
        await previews.remember(remember(2, null, { expires: 10 }));
        assert.deepEqual(await previews.known(hash(1), 9), pictured('a'));
        assert.equal(await previews.known(hash(2), 9), null);
        assert.equal(await previews.known(hash(1), 10), undefined);
        await previews.remember(remember(1, PLAIN, { expires: 20 }));
        assert.deepEqual(await previews.known(hash(1), 10), PLAIN);
        assert.deepEqual(await previews.image('a'), { type: 'image/png', bytes: image('a').bytes });
        assert.equal(await previews.image('b'), null);
      },
    );

    law(
      "2. An attached preview is part of its message, wherever that is read, and takes the room's next rev.",
      async ({ open }) => {
        const store = await open();
        await said(store);
        await store.previews.remember(remember(1, pictured('a')));
        const attached = await attach(store, pictured('a'));
        assert.deepEqual(attached?.preview, { href: HREF, ...pictured('a') });
        assert.equal(attached?.rev, 2);
        assert.deepEqual(await store.messages.get(DEFAULT_ROOM, 1), attached);
        assert.deepEqual((await store.reading.before(DEFAULT_ROOM, null, 9)).messages, [attached]);
        assert.deepEqual(await store.reading.since(DEFAULT_ROOM, 1, 9), [attached]);
        await store.close();
        assert.deepEqual(await (await open()).messages.get(DEFAULT_ROOM, 1), attached);
      },
    );

    law(
      '3. It is attached only to a message that still says what it said, is not deleted, and had none.',
      async ({ open }) => {
        const store = await open();
        const ada = await said(store);
        assert.equal(await attach(store, PLAIN, { body: 'something else' }), null);
        assert.equal(await attach(store, PLAIN, { seq: 2 }), null);
        assert.equal(await attach(store, PLAIN, { room: 'nowhere' }), null);
        await store.messages.delete(DEFAULT_ROOM, 1, ada, 5, 9);
        assert.equal(await attach(store, PLAIN), null);
        assert.equal(await attach(store, PLAIN, { body: '' }), null);
        const restored = await store.messages.restore(DEFAULT_ROOM, 1, 6);
        assert.equal((await attach(store, PLAIN))?.rev, (restored?.rev ?? 0) + 1);
        assert.equal(await attach(store, pictured('a')), null);
        assert.deepEqual((await store.messages.get(DEFAULT_ROOM, 1))?.preview, {
          href: HREF,
          title: 'A page',
        });
      },
    );

    law(
      '4. One that was taken away stays away, until an edit drops it; taking it away takes a rev, doing it again takes none.',
      async ({ open }) => {
        const store = await open();
        await said(store);
        assert.equal((await store.previews.takeAway(DEFAULT_ROOM, 1)).rev, 1, 'there was none');
        await attach(store, PLAIN);
        const without = await store.previews.takeAway(DEFAULT_ROOM, 1);
        assert.deepEqual([without.rev, without.preview], [3, undefined]);
        assert.equal((await store.previews.takeAway(DEFAULT_ROOM, 1)).rev, 3);
        assert.equal(await attach(store, PLAIN), null);
        await edit(store, 'other words');
        assert.equal(await attach(store, PLAIN, { body: 'other words' }), null);
        await edit(store, HREF, true);
        assert.equal((await attach(store, PLAIN))?.preview?.title, 'A page');
        await assert.rejects(store.previews.takeAway(DEFAULT_ROOM, 9));
      },
    );

    law(
      '5. An edit that drops the preview does so with its own rev; another edit keeps it.',
      async ({ open }) => {
        const store = await open();
        await said(store);
        await attach(store, PLAIN);
        const kept = await edit(store, `${HREF} see?`);
        assert.deepEqual([kept.rev, kept.preview?.title], [3, 'A page']);
        const dropped = await edit(store, 'nothing', true);
        assert.deepEqual([dropped.rev, dropped.preview], [4, undefined]);
      },
    );

    law(
      '6. A deleted message has no preview, a restored one has it again, and after the sweep it has none for good.',
      async ({ open }) => {
        const store = await open();
        const ada = await said(store);
        await attach(store, PLAIN);
        assert.equal((await store.messages.delete(DEFAULT_ROOM, 1, ada, 5, 9)).preview, undefined);
        assert.equal((await store.messages.restore(DEFAULT_ROOM, 1, 6))?.preview?.title, 'A page');
        await store.messages.delete(DEFAULT_ROOM, 1, ada, 7, 9);
        await store.messages.sweep(10);
        assert.equal(await store.messages.restore(DEFAULT_ROOM, 1, 11), null);
        assert.equal((await store.messages.get(DEFAULT_ROOM, 1))?.preview, undefined);
      },
    );

    law(
      '7. Pictures have so many bytes at most: the oldest go, and their previews stay without them.',
      async ({ open }) => {
        const store = await open();
        await said(store);
        await store.previews.remember(remember(1, pictured('b'), { mostImageBytes: 100 }, 60));
        await attach(store, pictured('b'));
        await store.previews.remember(remember(2, pictured('a'), { mostImageBytes: 100 }, 40));
        assert.ok((await store.messages.get(DEFAULT_ROOM, 1))?.preview?.image);
        await store.previews.remember(remember(3, pictured('c'), { mostImageBytes: 100 }, 1));
        assert.equal(await store.previews.image('b'), null);
        assert.ok(await store.previews.image('a'));
        assert.ok(await store.previews.image('c'));
        assert.deepEqual((await store.messages.get(DEFAULT_ROOM, 1))?.preview, {
          href: HREF,
          title: 'A page',
          description: 'About it',
        });
        assert.deepEqual(await store.previews.known(hash(1), 5), { ...pictured('b'), image: null });
        await say(store, 1, HREF);
        assert.equal((await attach(store, pictured('b'), { seq: 2 }))?.preview?.image, undefined);
      },
    );

    law(
      '8. The sweep forgets what has expired, and pictures that nothing shows any more.',
      async ({ open }) => {
        const store = await open();
        await said(store);
        await store.previews.remember(remember(1, pictured('a'), { expires: 10 }));
        await store.previews.remember(remember(2, pictured('b'), { expires: 10 }));
        await store.previews.remember(remember(3, pictured('c'), { expires: 20 }));
        await attach(store, pictured('a'));
        await store.previews.sweep(9);
        assert.ok(await store.previews.image('b'));
        await store.previews.sweep(10);
        assert.equal(await store.previews.known(hash(2), 5), undefined);
        assert.equal(await store.previews.image('b'), null);
        assert.ok(await store.previews.image('a'), 'a message shows it');
        assert.ok(await store.previews.image('c'), 'it is known still');
      },
    );
  });
}

function remember(byte: number, found: Found | null, more: Partial<Remember> = {}, size = 4): Remember {
  const shown = found?.image ?? null;
  return {
    urlHash: hash(byte),
    found,
    image: shown && image(shown.id, size),
    at: 1,
    expires: 100,
    mostImageBytes: 1_000,
    ...more,
  };
}

/** Ada says the link; resolves with her id. */
async function said(store: Store): Promise<number> {
  const { id } = await person(store, 'Ada');
  await say(store, id, HREF);
  return id;
}

function attach(
  { previews }: Store,
  found: Found,
  more: { room?: string; seq?: number; body?: string } = {},
): Promise<Message | null> {
  return previews.attach({ room: DEFAULT_ROOM, seq: 1, body: HREF, href: HREF, found, ...more });
}

function edit({ messages }: Store, body: string, dropsPreview = false): Promise<Message> {
  return messages.edit(DEFAULT_ROOM, 1, { body, mentions: [], dropsPreview }, 4);
}
