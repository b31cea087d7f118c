/** What browsers read before they install the page as an app. */
import type { RequestHandler } from 'express';
import type { Conversation } from './conversation.ts';

/** One for everybody, whatever they see of the chat: its name is what a visitor without an invite learns, too. */
export function answerManifest({ store }: Pick<Conversation, 'store'>): RequestHandler {
  return async (_request, response) => {
    const { name } = await store.people.chat();
    // The owner may rename the chat at any time. Express adds an ETag.
    response
      .set('Cache-Control', 'no-cache')
      .type('application/manifest+json')
      .send(JSON.stringify(manifest(name)));
  };
}

function manifest(name: string): object {
  return {
    id: '/',
    name: name === '' ? 'Chat' : name,
    short_name: name === '' ? 'Chat' : name,
    start_url: '/',
    scope: '/',
    display: 'standalone',
    // Of the light scheme: it knows no other. The page's own metas colour the bar of an open window for either.
    theme_color: '#fbfaf7',
    background_color: '#fbfaf7',
    icons: [
      { src: '/icon-192.png', sizes: '192x192', type: 'image/png', purpose: 'any' },
      { src: '/icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
      { src: '/icon-maskable-192.png', sizes: '192x192', type: 'image/png', purpose: 'maskable' },
      { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  };
}
