/** French: previews of links. */
export const frPreviews = {
  previews: 'Aperçus des liens',
  previewsOff: 'Désactivés',
  previewsOffWhat: 'Le serveur ne demande rien à aucun autre site.',
  previewsOn: 'Activés',
  previewsOnWhat:
    'Le serveur récupère les pages vers lesquelles les membres font un lien. Elles apprennent son adresse, et que quelqu’un a partagé le lien.',
  previewsNever: 'La personne qui gère ce serveur a désactivé les aperçus des liens.',
  previewsAll: 'Avec les images',
  previewsText: 'Sans les images',
  previewsNone: 'Aucun',
  removePreview: 'Retirer l’aperçu',
  previewRemoved: 'Aperçu retiré.',
} as const;
