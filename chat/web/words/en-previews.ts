/** English: previews of links. */
export const enPreviews = {
  previews: 'Link previews',
  previewsOff: 'Off',
  previewsOffWhat: 'The server asks no other site for anything.',
  previewsOn: 'On',
  previewsOnWhat:
    'The server fetches the pages that members link to. Those sites learn its address, and that somebody posted the link.',
  previewsNever: 'Whoever runs this server has turned off link previews.',
  previewsAll: 'With pictures',
  previewsText: 'Without pictures',
  previewsNone: 'None',
  removePreview: 'Remove preview',
  previewRemoved: 'Preview removed.',
} as const;
