import type { VNode } from 'preact';
import type { Message } from '../../shared/events.ts';
import type { App } from '../app/app.ts';
import { lazy } from './lazy.tsx';

const PreviewCard = lazy(async () => (await import('./preview-card.tsx')).PreviewCard);

/** The room that a preview takes, from the first moment on: its words and its picture move nothing when they come. */
export function PreviewSpace({ app, message }: { app: App; message: Message }): VNode | null {
  const { preview } = message;
  const wanted = app.settings.previews.value;
  if (!preview || wanted === 'none') return null;
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
