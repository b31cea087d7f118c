import type { VNode } from 'preact';
import type { Message, Preview } from '../../shared/events.ts';
import { parseDestination } from '../../shared/markdown/link-honesty.ts';
import { previewImage } from '../../shared/routes.ts';
import type { App } from '../app/app.ts';
import { mayRemovePreview, removePreview } from '../app/link-previews.ts';
import { t } from '../words/later.ts';
import { Icon } from './icon.tsx';

interface Props {
  app: App;
  message: Message;
  preview: Preview;
  /** Undefined: without. */
  image: Preview['image'];
}

/** What the page behind a link says about itself, and truly where it is: that is read from the link. */
export function PreviewCard({ app, message, preview, image }: Props): VNode {
  const { href, title, description } = preview;
  return (
    <>
      <div class="preview-text">
        <span class="preview-site">
          <bdi>{parseDestination(href, '').host}</bdi>
        </span>
        <a
          class="preview-title"
          href={href}
          target="_blank"
          rel="noopener noreferrer nofollow ugc"
          title={href}
          dir="auto"
        >
          {title}
        </a>
        {description !== undefined && (
          <p class="preview-about" dir="auto">
            {description}
          </p>
        )}
      </div>
      {image && (
        <img
          class="preview-image"
          src={previewImage(image.id)}
          width={image.width}
          height={image.height}
          alt=""
          loading="lazy"
          decoding="async"
        />
      )}
      {mayRemovePreview(app, message) && (
        <button
          type="button"
          class="icon-button is-small preview-remove"
          // The menu of the message has it for the keyboard.
          tabIndex={-1}
          aria-label={t('removePreview')}
          title={t('removePreview')}
          onClick={() => void removePreview(app, message)}
        >
          <Icon name="close" />
        </button>
      )}
    </>
  );
}
