import type { RefObject, VNode } from 'preact';
import { useState } from 'preact/hooks';
import { LIMITS, type Person } from '../../shared/events.ts';
import type { App } from '../app.ts';
import { NameForm } from './name-form.tsx';

interface Props {
  app: App;
  me: Person;
  dialog: RefObject<HTMLDialogElement | null>;
}

/** Another name. A native dialog: Esc closes it and the focus returns to where it was. */
export function RenameDialog({ app, me, dialog }: Props): VNode {
  // A new form for each opening: it starts from the name of now.
  const [opening, setOpening] = useState(0);
  const close = (): void => dialog.current?.close();
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby="rename-title"
      onClose={() => setOpening(opening + 1)}
      onClick={(event) => event.target === event.currentTarget && close()}
    >
      <div class="dialog-body">
        <h2 id="rename-title">Your name</h2>
        <NameForm
          key={opening}
          app={app}
          label="People see it beside everything you said."
          action="Save"
          initial={me.name}
          hint={`Up to ${LIMITS.nameGraphemes} characters, in any script.`}
          onDone={close}
        >
          <button type="button" class="secondary" onClick={close}>
            Cancel
          </button>
        </NameForm>
      </div>
    </dialog>
  );
}
