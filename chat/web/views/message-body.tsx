import type { ComponentChildren, VNode } from 'preact';
import type { Message, Person } from '../../shared/events.ts';
import type { Block, Inline } from '../../shared/markdown/ast.ts';
import type { App } from '../app/app.ts';
import { bodyOf, isOnlyEmoji } from '../core/bodies.ts';
import { emojiOf } from '../core/shortcodes.ts';
import { t } from '../words/words.ts';
import { toneOf } from './avatar.tsx';
import { CodeBlock } from './code-block.tsx';
import { MessageLink } from './message-link.tsx';
import { Spoiler } from './spoiler.tsx';

interface Props {
  app: App;
  message: Message;
  from: Person;
}

/** A message's text as nodes: no string of it is ever read as HTML. */
export function MessageBody({ app, message, from }: Props): VNode {
  const me = app.me.value?.id;
  const isAction = message.kind === 'action';
  return (
    <div class={classOf(message)} dir="auto">
      {isAction && <bdi class={`name ${toneOf(from)}`}>{from.name} </bdi>}
      <Blocks blocks={bodyOf(message)} me={me} />
      {message.edited !== undefined && (
        <>
          {' '}
          <button
            type="button"
            class="edited"
            tabIndex={-1}
            onClick={() => (app.dialog.value = { kind: 'revisions', room: message.room, seq: message.seq })}
          >
            {t('edited')}
          </button>
        </>
      )}
    </div>
  );
}

function classOf({ body, edited }: Message): string {
  return `body${isOnlyEmoji(body) ? ' is-jumbo' : ''}${edited === undefined ? '' : ' is-edited'}`;
}

/** For search hits and the inbox, too. */
export function Blocks({ blocks, me }: { blocks: readonly Block[]; me: number | undefined }): VNode {
  return (
    <>
      {blocks.map((block) => {
        switch (block.kind) {
          case 'paragraph':
            return <p dir="auto">{inlines(block.children, me)}</p>;
          case 'code block':
            return <CodeBlock language={block.language} text={block.text} />;
          case 'quote':
            return (
              <blockquote dir="auto">
                <Blocks blocks={block.children} me={me} />
              </blockquote>
            );
          case 'list': {
            const items = block.items.map((item) => (
              <li>
                <Blocks blocks={item} me={me} />
              </li>
            ));
            return block.start === null ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>;
          }
          default:
            return block satisfies never;
        }
      })}
    </>
  );
}

function inlines(children: readonly Inline[], me: number | undefined): ComponentChildren {
  return children.map((inline): ComponentChildren => {
    switch (inline.kind) {
      case 'text':
        return inline.text;
      case 'strong':
        return <strong>{inlines(inline.children, me)}</strong>;
      case 'emphasis':
        return <em>{inlines(inline.children, me)}</em>;
      case 'strike':
        return <s>{inlines(inline.children, me)}</s>;
      case 'spoiler':
        return <Spoiler>{inlines(inline.children, me)}</Spoiler>;
      case 'code':
        return <code>{inline.text}</code>;
      case 'link':
        return <MessageLink link={inline}>{inlines(inline.children, me)}</MessageLink>;
      case 'mention':
        return (
          <bdi class={inline.person === null || inline.person === me ? 'mention is-me' : 'mention'}>
            {inline.text}
          </bdi>
        );
      case 'emoji':
        return emojiOf(inline.shortcode) ?? `:${inline.shortcode}:`;
      case 'break':
        return <br />;
      default:
        return inline satisfies never;
    }
  });
}
