/** The worker without a browser: the caches are maps, the server is a function. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerFile, answerPage, dropOthers, keepBuild, partOf, type Cache, type Caches } from './answers.ts';
import { isHeld, lockName } from './open-pages.ts';

const HTML =
  '<!doctype html><html><head><script src="/assets/first-1.js"></script></head><body></body></html>';
const build = { name: 'one', files: ['/assets/first-1.js', '/assets/later-1.js'] };

class MapCaches implements Caches {
  readonly all = new Map<string, Map<string, Response>>();

  async open(name: string): Promise<Cache> {
    const cache = this.all.get(name) ?? new Map<string, Response>();
    this.all.set(name, cache);
    return {
      match: async (path) => cache.get(path)?.clone(),
      put: async (path, response) => void cache.set(path, response),
    };
  }
  async keys(): Promise<string[]> {
    return [...this.all.keys()];
  }
  async match(path: string, { cacheName }: { cacheName?: string }): Promise<Response | undefined> {
    const searched = cacheName === undefined ? [...this.all.values()] : [this.all.get(cacheName)];
    return searched
      .find((cache) => cache?.has(path))
      ?.get(path)
      ?.clone();
  }
  async delete(name: string): Promise<boolean> {
    return this.all.delete(name);
  }
}

/** Answers with what a path is called, and notes what was asked. */
function server(files: Readonly<Record<string, string>> = {}) {
  const asked: [path: string, init: RequestInit | undefined][] = [];
  const fetch = async (path: string, init?: RequestInit): Promise<Response> => {
    asked.push([path, init]);
    const text = files[path] ?? (path === '/index.html' ? HTML : path);
    const headers = {
      'content-security-policy': "default-src 'none'",
      etag: '"x"',
      'content-encoding': 'br',
    };
    return text === '404' ? new Response('', { status: 404 }) : new Response(text, { headers });
  };
  return { asked, fetch };
}

const kept = async (name = 'one'): Promise<MapCaches> => {
  const caches = new MapCaches();
  await keepBuild(caches, server().fetch, { ...build, name });
  return caches;
};
const never = new Promise<void>(() => undefined);
const gone = async (): Promise<Response> => Promise.reject(new TypeError('Failed to fetch'));

test('it has a part in pages and in files with a hash, and in nothing else', () => {
  const part = (path: string, mode = 'navigate', method = 'GET'): string | null =>
    partOf(method, mode, new URL(path, 'https://chat.example'), 'https://chat.example');
  for (const path of ['/', '/r/general', '/r/general/7', '/search?q=x', '/settings', '/sign-in'])
    assert.equal(part(path), 'page', path);
  for (const path of ['/i/code', '/claim/code', '/recover/code', '/api/rooms', '/metrics', '/other'])
    assert.equal(part(path), null, path);
  assert.equal(part('/assets/first-1.js', 'cors'), 'file');
  assert.equal(part('/assets/first-1.js', 'no-cors'), 'file');
  for (const path of [
    '/',
    '/api/rooms',
    '/socket.io/?EIO=4',
    '/sw.js',
    '/manifest.webmanifest',
    '/icon-192.png',
  ])
    assert.equal(part(path, 'cors'), null, path);
  assert.equal(part('https://elsewhere.example/assets/x.js', 'cors'), null);
  assert.equal(part('/', 'navigate', 'POST'), null);
});

test('a build is kept whole: its files, and the page as nobody in particular sees it, which names its build', async () => {
  const caches = new MapCaches();
  const { asked, fetch } = server();
  await keepBuild(caches, fetch, build);
  assert.deepEqual(asked.map(([path]) => path).sort(), [...build.files, '/index.html'].sort());
  assert.deepEqual(asked[0], ['/index.html', { cache: 'no-cache', credentials: 'omit' }]);
  const page = caches.all.get('build one')?.get('/index.html');
  assert.match((await page?.text()) ?? '', /<meta name="build" content="one" \/><\/head>/);
  assert.equal(page?.headers.get('content-security-policy'), "default-src 'none'");
  assert.deepEqual([page.headers.get('etag'), page.headers.get('content-encoding')], [null, null]);
});

test('what is kept already is not fetched again', async () => {
  const caches = await kept();
  const { asked, fetch } = server();
  await keepBuild(caches, fetch, build);
  assert.deepEqual(
    asked.map(([path]) => path),
    ['/index.html'],
  );
});

test('half a build is none: a file is missing, or the server has another one by now', async () => {
  for (const files of [
    { '/assets/later-1.js': '404' },
    { '/index.html': '404' },
    { '/index.html': HTML.replace('first-1', 'first-2') },
  ]) {
    const caches = new MapCaches();
    await assert.rejects(keepBuild(caches, server(files).fetch, build), /^Error: Cannot keep/);
    assert.equal(caches.all.get('build one')?.has('/index.html'), false);
  }
});

test('the page comes from the server', async () => {
  const answer = await answerPage(await kept(), build, Promise.resolve(new Response('fresh')), never);
  assert.equal(await answer.text(), 'fresh');
  const closed = await answerPage(
    await kept(),
    build,
    Promise.resolve(new Response('no', { status: 403 })),
    never,
  );
  assert.equal(closed.status, 403);
});

test('without the server, with a late one, and with one that a proxy excuses, it is the page that was kept', async () => {
  const caches = await kept();
  const late = new Promise<Response>(() => undefined);
  for (const [fromServer, patience] of [
    [gone(), never],
    [late, Promise.resolve()],
    [Promise.resolve(new Response('Bad Gateway', { status: 502 })), never],
  ] as const) {
    assert.match(await (await answerPage(caches, build, fromServer, patience)).text(), /name="build"/);
  }
});

test('where no page is kept, the server has all the time it needs', async () => {
  const caches = new MapCaches();
  const slow = new Promise<Response>((resolve) => setImmediate(() => resolve(new Response('at last'))));
  assert.equal(await (await answerPage(caches, build, slow, Promise.resolve())).text(), 'at last');
  await assert.rejects(answerPage(caches, build, gone(), never), /Failed to fetch/);
});

test('a file comes from any build that has it, else from the server', async () => {
  const caches = await kept('old');
  const answer = await answerFile(caches, gone, '/assets/later-1.js');
  assert.equal(await answer.text(), '/assets/later-1.js');
  const other = await answerFile(caches, async () => new Response('sent'), '/assets/new.js');
  assert.equal(await other.text(), 'sent');
  assert.ok(!caches.all.get('build old')?.has('/assets/new.js'));
});

test('a build that is on its way is not dropped by the one before it', async () => {
  const caches = await kept('old');
  await keepBuild(caches, server().fetch, { ...build, name: 'new' });
  await dropOthers(caches, { ...build, name: 'old' }, async () => false);
  assert.deepEqual([...caches.all.keys()], ['build old', 'build new']);
});

test('an older build goes when the last page of it has gone; what is of others stays', async () => {
  const caches = await kept('old');
  await keepBuild(caches, server({ '/index.html': '' }).fetch, {
    name: 'new',
    files: ['/assets/first-2.js'],
  });
  await caches.open('of somebody else');
  const now = { name: 'new', files: [] };
  const drop = (locks: readonly string[]) =>
    dropOthers(caches, now, async (cacheName) => isHeld(caches, cacheName, locks));
  await drop([lockName('/assets/first-2.js'), lockName('/assets/later-1.js')]);
  assert.deepEqual([...caches.all.keys()], ['build old', 'build new', 'of somebody else']);
  await drop([lockName('/assets/first-2.js'), '/assets/later-1.js']);
  assert.deepEqual([...caches.all.keys()], ['build new', 'of somebody else']);
});
