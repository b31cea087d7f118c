import type { VNode } from 'preact';

/** The sign of the chat, as in favicon.svg, in the colours of the theme. */
export function Mark(): VNode {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect class="mark-ground" width="32" height="32" rx="9" />
      <path class="mark-lines" d="M8 12.5h16M8 19.5h9" />
      <circle class="mark-dot" cx="23" cy="19.5" r="2.4" />
    </svg>
  );
}
