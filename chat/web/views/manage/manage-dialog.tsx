import type { VNode } from 'preact';
import { may } from '../../../shared/roles.ts';
import type { App } from '../../app/app.ts';
import { t } from '../../words/later.ts';
import { Modal } from '../dialogs/modal.tsx';
import { Tabs } from '../dialogs/tabs.tsx';
import { BotsSection } from './bots-section.tsx';
import { ChatSection } from './chat-section.tsx';
import { PeopleSection } from './people-section.tsx';

/** For owner and admins: the chat itself, who may do what in it, and its bots. */
export function ManageDialog({ app }: { app: App }): VNode {
  const me = app.me.value;
  // It may have been taken from them while they looked.
  const mayManage = me && may(me.role, 'configure the chat');
  return (
    <Modal app={app} title={t('manage')} isWide>
      {mayManage ? (
        <Tabs
          label={t('manage')}
          tabs={[
            { name: 'chat', label: t('thisChat'), page: () => <ChatSection app={app} /> },
            { name: 'people', label: t('people'), page: () => <PeopleSection app={app} /> },
            { name: 'bots', label: t('bots'), page: () => <BotsSection app={app} /> },
          ]}
        />
      ) : (
        <p>{t('failNotAllowed')}</p>
      )}
    </Modal>
  );
}
