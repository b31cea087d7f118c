import type { ComponentChildren, VNode } from 'preact';
import type { Inline } from '../../shared/markdown/ast.ts';
import { parseDestination } from '../../shared/markdown/link-honesty.ts';
import { toPlainText } from '../../shared/markdown/plain-text.ts';

interface Props {
  link: Extract<Inline, { kind: 'link' }>;
  children: ComponentChildren;
}

/**
 * A link, and beside it where it really leads if its words do not say so: also if its host has letters that look like
 * others.
 */
export function MessageLink({ link, children }: Props): VNode {
  const label = toPlainText([{ kind: 'paragraph', children: link.children }]);
  const { host, plain, foreign, deceptive } = parseDestination(link.href, label);
  return (
    <>
      <a href={link.href} target="_blank" rel="noopener noreferrer nofollow ugc" title={link.href}>
        {children}
      </a>
      {(deceptive || (!plain && (!link.bare || foreign))) && (
        <span class={deceptive ? 'link-host is-deceptive' : 'link-host'}> ({host})</span>
      )}
    </>
  );
}
