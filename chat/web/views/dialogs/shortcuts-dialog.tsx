import type { VNode } from 'preact';
import type { App } from '../../app/app.ts';
import { t, type Key } from '../../words/later.ts';
import { isMac } from '../sidebar.tsx';
import { Modal } from './modal.tsx';

type Line = readonly [keys: string, key: Key];

const GROUPS: readonly (readonly [title: Key, lines: readonly Line[]])[] = [
  [
    'everywhere',
    [
      ['Ctrl K', 'keySwitcher'],
      ['Ctrl Shift F', 'keySearch'],
      ['Alt ↑ ↓', 'keyRooms'],
      ['Alt Shift ↑ ↓', 'keyUnread'],
      ['F6', 'keyRegions'],
      ['?', 'keyShortcuts'],
    ],
  ],
  [
    'inMessages',
    [
      ['↑ ↓ Home', 'keyMove'],
      ['End', 'keyNewest'],
      ['Enter', 'keyMenu'],
      ['R', 'reply'],
      ['Q', 'toQuoted'],
      ['+', 'react'],
      ['E', 'edit'],
      ['P', 'pin'],
      ['S', 'saveForMe'],
      ['Esc', 'keyBack'],
    ],
  ],
  [
    'whileWriting',
    [
      ['Enter', 'send'],
      ['Shift Enter', 'keyLine'],
      ['↑', 'keyEditLast'],
      ['@  :  /', 'keyComplete'],
      ['Esc', 'keyEscape'],
    ],
  ],
];

export function ShortcutsDialog({ app }: { app: App }): VNode {
  return (
    <Modal app={app} title={t('shortcuts')} isWide>
      <div class="shortcuts">
        {GROUPS.map(([title, lines]) => (
          <section key={title} aria-label={t(title)}>
            <h3 class="panel-heading">{t(title)}</h3>
            <dl>
              {lines.map(([keys, what]) => (
                <div key={keys} class="shortcut">
                  <dt>
                    {(isMac() ? keys.replace('Ctrl', '⌘') : keys)
                      .split(' ')
                      .map((key) => key !== '' && <kbd>{key}</kbd>)}
                  </dt>
                  <dd>{t(what)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
