import type { VNode } from 'preact';
import type { App } from '../app/app.ts';
import { t } from '../words/words.ts';

/** Who is writing. Its height is always there, so that nothing jumps. */
export function TypingLine({ app, room }: { app: App; room: string }): VNode {
  // Read so that this is drawn again when somebody begins or stops.
  const people = app.typingChanged.value >= 0 ? app.typing.in(room) : [];
  const [first, second] = people.map((person) => app.people.current(person).name);
  let words = '';
  if (first !== undefined) words = t('typingOne', { name: first });
  if (first !== undefined && second !== undefined) words = t('typingTwo', { name: first, other: second });
  if (people.length > 2) words = t('typingMany');
  return (
    <p class="typing" dir="auto">
      {words !== '' && (
        <>
          <span class="typing-dots" aria-hidden="true">
            <span />
            <span />
            <span />
          </span>
          {words}
        </>
      )}
    </p>
  );
}
