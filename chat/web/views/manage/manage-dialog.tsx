import type { VNode } from 'preact';
import { may } from '../../../shared/roles.ts';
import type { Person } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { t } from '../../words/later.ts';
import { Modal } from '../dialogs/modal.tsx';
import { Tabs } from '../dialogs/tabs.tsx';
import { BotsSection } from './bots-section.tsx';
import { ChatSection } from './chat-section.tsx';
import { DeedsSection } from './deeds-section.tsx';
import { PeopleSection } from './people-section.tsx';

/** In the same chunk: it is opened from here. */
export { HandOverDialog } from './hand-over-dialog.tsx';

interface Props {
  app: App;
  /** Whose deeds to begin with. */
  deedsOf: Person | undefined;
}

/** For owner and admins: the chat itself, who may do what in it, its bots, and what was done. */
export function ManageDialog({ app, deedsOf }: Props): VNode {
  const me = app.me.value;
  // It may have been taken from them while they looked.
  const mayManage = me && may(me.role, 'configure the chat');
  return (
    <Modal app={app} title={t('manage')} isWide>
      {mayManage ? (
        <Tabs
          label={t('manage')}
          first={deedsOf && 'deeds'}
          tabs={[
            { name: 'chat', label: t('thisChat'), page: () => <ChatSection app={app} /> },
            { name: 'people', label: t('people'), page: () => <PeopleSection app={app} /> },
            { name: 'bots', label: t('bots'), page: () => <BotsSection app={app} /> },
            { name: 'deeds', label: t('deeds'), page: () => <DeedsSection app={app} person={deedsOf} /> },
          ]}
        />
      ) : (
        <p>{t('failNotAllowed')}</p>
      )}
    </Modal>
  );
}
