/** Spanish: previews of links. */
export const esPreviews = {
  previews: 'Vistas previas de enlaces',
  previewsOff: 'Desactivadas',
  previewsOffWhat: 'El servidor no pide nada a ningún otro sitio.',
  previewsOn: 'Activadas',
  previewsOnWhat:
    'El servidor descarga las páginas que enlazan los miembros. Estas conocen su dirección y que alguien compartió el enlace.',
  previewsNever: 'Quien administra este servidor ha desactivado las vistas previas de enlaces.',
  previewsAll: 'Con imágenes',
  previewsText: 'Sin imágenes',
  previewsNone: 'Ninguna',
  removePreview: 'Quitar la vista previa',
  previewRemoved: 'Vista previa quitada.',
} as const;
