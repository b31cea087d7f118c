import { Component, type VNode } from 'preact';
import type { App } from '../app/app.ts';
import type { MessageRow as Row } from '../core/rows.ts';
import { t } from '../words/words.ts';
import { Avatar, Badge, toneOf } from './avatar.tsx';
import { Icon } from './icon.tsx';
import { MessageBody } from './message-body.tsx';
import { PreviewSpace } from './preview-space.tsx';
import { QuoteLine } from './quote-line.tsx';
import { Reactions } from './reactions.tsx';
import { TimeOfDay } from './time-of-day.tsx';
import { UnsentNote } from './unsent-note.tsx';

interface Props {
  app: App;
  row: Row;
}

/** One message. Its row object is laid out anew on each change, so compare what it shows. */
export class MessageRow extends Component<Props> {
  override shouldComponentUpdate({ row }: Props): boolean {
    const shown = this.props.row;
    return (
      row.message !== shown.message ||
      row.from.name !== shown.from.name ||
      row.from.role !== shown.from.role ||
      row.isMine !== shown.isMine ||
      row.startsGroup !== shown.startsGroup ||
      row.mentionsMe !== shown.mentionsMe ||
      row.unsent !== shown.unsent
    );
  }

  override render({ app, row }: Props): VNode {
    const { key, from, message, startsGroup, mentionsMe, unsent } = row;
    const isAction = message.kind === 'action' && !message.deleted;
    const classes = ['message'];
    if (startsGroup && !isAction) classes.push('starts-group');
    if (mentionsMe) classes.push('mentions-me');
    if (isAction) classes.push('is-action');
    if (unsent) classes.push('is-unsent', `is-${unsent.state.kind}`);
    return (
      <li class={classes.join(' ')} data-key={key} data-seq={unsent ? undefined : message.seq} tabIndex={-1}>
        {message.pinned && (
          <p class="pinned-line">
            <Icon name="pin" />
            {message.pinned.by ? t('pinnedBy', { name: message.pinned.by.name }) : t('isPinned')}
          </p>
        )}
        {message.replyTo && <QuoteLine app={app} quote={message.replyTo} />}
        {startsGroup && !isAction ? (
          <>
            <Avatar person={from} />
            <div class="byline">
              <bdi class={`name ${toneOf(from)}`}>{from.name}</bdi>
              <Badge person={from} />
              <TimeOfDay at={message.at} />
            </div>
          </>
        ) : (
          <>
            {!isAction && <span class="unseen-text">{from.name}, </span>}
            <span class="gutter">
              <TimeOfDay at={message.at} />
            </span>
          </>
        )}
        {mentionsMe && <span class="unseen-text">{t('mentionsYou')}. </span>}
        {message.deleted ? (
          <p class="body is-deleted">{t('wasDeleted')}</p>
        ) : (
          <MessageBody app={app} message={message} from={from} />
        )}
        {message.preview && !message.deleted && (
          <PreviewSpace app={app} message={message} preview={message.preview} />
        )}
        {message.reactions && message.reactions.length > 0 && <Reactions app={app} message={message} />}
        {unsent && <UnsentNote app={app} unsent={unsent} />}
      </li>
    );
  }
}
