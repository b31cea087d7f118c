import { Component, type VNode } from 'preact';
import type { App } from '../app.ts';
import type { MessageRow as Row } from '../core/rows.ts';
import { Avatar, toneOf } from './avatar.tsx';
import { MessageBody } from './message-body.tsx';
import { formatClock, formatFull } from './times.ts';
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
      row.body !== shown.body ||
      row.at !== shown.at ||
      row.from.name !== shown.from.name ||
      row.isMine !== shown.isMine ||
      row.startsGroup !== shown.startsGroup ||
      row.unsent !== shown.unsent
    );
  }

  override render({ app, row }: Props): VNode {
    const { from, at, body, isMine, startsGroup, unsent } = row;
    const time = (
      <time dateTime={new Date(at).toISOString()} title={formatFull(at)}>
        {formatClock(at)}
      </time>
    );
    const state = unsent ? ` is-unsent is-${unsent.state.kind}` : '';
    return (
      <li class={`message${startsGroup ? ' starts-group' : ''}${state}`}>
        {startsGroup ? (
          <>
            <Avatar person={from} />
            <div class="byline">
              <bdi class={`name ${toneOf(from)}`}>{from.name}</bdi>
              {isMine && <span class="you">you</span>}
              {time}
            </div>
          </>
        ) : (
          <>
            <span class="unseen-text">{from.name}, </span>
            <span class="gutter">{time}</span>
          </>
        )}
        <MessageBody body={body} />
        {unsent && <UnsentNote app={app} unsent={unsent} />}
      </li>
    );
  }
}
