import type { VNode } from 'preact';
import type { App } from '../../app/app.ts';
import { turnPreviews } from '../../app/link-previews.ts';
import { t } from '../../words/later.ts';
import { Choice } from '../dialogs/form.tsx';

/** Whether the server fetches what members link to. Holds at once. */
export function PreviewsChoice({ app }: { app: App }): VNode {
  const previews = app.chat.value?.previews ?? 'off';
  if (previews === 'never') return <p class="hint">{t('previewsNever')}</p>;
  return (
    <Choice<'on' | 'off'>
      label={t('previews')}
      name="previews"
      isColumn
      value={previews}
      onChange={(value) => void turnPreviews(app, value)}
      options={[
        { value: 'off', label: t('previewsOff'), hint: t('previewsOffWhat') },
        { value: 'on', label: t('previewsOn'), hint: t('previewsOnWhat') },
      ]}
    />
  );
}
