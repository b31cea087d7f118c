import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { highlight, type Span } from '../core/highlight.ts';

interface Props {
  language: string | null;
  text: string;
  /** 0 where no other keys lead to it: it may have to be scrolled. */
  tabIndex?: 0 | -1;
}

/** Code as it was typed; its colours come when the highlighter is there, and change no size. */
export function CodeBlock({ language, text, tabIndex = -1 }: Props): VNode {
  const [spans, setSpans] = useState<readonly Span[] | undefined>(undefined);
  useEffect(() => {
    let isCurrent = true;
    setSpans(undefined);
    void highlight(text, language).then((found) => isCurrent && setSpans(found));
    return () => {
      isCurrent = false;
    };
  }, [language, text]);
  return (
    <pre class="code-block" dir="ltr" tabIndex={tabIndex}>
      {/* Another element with the colours: a text that was used again would count as one that moved. */}
      <code key={spans ? 'coloured' : 'plain'}>
        {spans
          ? spans.map(({ text: piece, scope }) =>
              scope === null ? piece : <span class={`code-${scope}`}>{piece}</span>,
            )
          : text}
      </code>
    </pre>
  );
}
