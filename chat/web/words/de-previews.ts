/** German: previews of links. */
export const dePreviews = {
  previews: 'Linkvorschauen',
  previewsOff: 'Aus',
  previewsOffWhat: 'Der Server fragt keine andere Website nach etwas.',
  previewsOn: 'An',
  previewsOnWhat:
    'Der Server ruft Seiten ab, auf die Mitglieder verlinken. Diese erfahren seine Adresse, und dass jemand den Link geteilt hat.',
  previewsNever: 'Wer diesen Server betreibt, hat Linkvorschauen ausgeschaltet.',
  previewsAll: 'Mit Bildern',
  previewsText: 'Ohne Bilder',
  previewsNone: 'Keine',
  removePreview: 'Vorschau entfernen',
  previewRemoved: 'Vorschau entfernt.',
} as const;
