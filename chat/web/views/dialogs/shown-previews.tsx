import type { VNode } from 'preact';
import type { App } from '../../app/app.ts';
import type { ShownPreviews } from '../../app/settings.ts';
import { t } from '../../words/later.ts';
import { Choice } from './form.tsx';

/** How much of a page this browser shows below a link to it. Nothing to choose where there are none. */
export function ShownPreviewsChoice({ app: { chat, settings } }: { app: App }): VNode | null {
  const shown = settings.previews.value;
  if (chat.value?.previews !== 'on' && shown === 'all') return null;
  return (
    <Choice<ShownPreviews>
      label={t('previews')}
      name="previews"
      value={shown}
      onChange={(previews) => settings.setPreviews(previews)}
      options={[
        { value: 'all', label: t('previewsAll') },
        { value: 'text', label: t('previewsText') },
        { value: 'none', label: t('previewsNone') },
      ]}
    />
  );
}
