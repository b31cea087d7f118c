import type { VNode } from 'preact';
import type { Message, Preview } from '../../shared/events.ts';
import type { App } from '../app/app.ts';
import { lazy } from './lazy.tsx';

const PreviewCard = lazy(async () => (await import('./preview-card.tsx')).PreviewCard);

interface Props {
  app: App;
  message: Message;
  preview: Preview;
}

/** The room that a preview takes, from the first moment on: its words and its picture move nothing when they come. */
export function PreviewSpace({ app, message, preview }: Props): VNode | null {
  const wanted = app.settings.previews.value;
  if (wanted === 'none') return null;
  // Pictures are for who is signed in.
  const image = wanted === 'all' && app.me.value ? preview.image : undefined;
  const classes = ['preview'];
  if (image || preview.description !== undefined) classes.push('is-tall');
  if (image) classes.push('has-image');
  return (
    <div class={classes.join(' ')}>
      <PreviewCard app={app} message={message} preview={preview} image={image} />
    </div>
  );
}
