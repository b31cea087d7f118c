import type { VNode } from 'preact';
import { findLinks } from '../core/links.ts';

/** A message's text: links are links, line breaks stay, everything else is only text. */
export function MessageBody({ body }: { body: string }): VNode {
  return (
    <div class="body" dir="auto">
      {findLinks(body).map((piece) =>
        piece.href === undefined ? (
          piece.text
        ) : (
          <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow ugc">
            {piece.text}
          </a>
        ),
      )}
    </div>
  );
}
