/** French: what one is told of, and what is kept at hand. */
export const frNoticed = {
  // Sound, notices, silence
  notices: 'Notifications',
  saidIn: '{name} dans {room}',
  tellOf: 'Quand je regarde ailleurs, me signaler',
  tellPersonal: 'Les mentions et les messages directs',
  tellAll: 'Tout ce qui compte comme non lu',
  tellNone: 'Rien',
  sound: 'Son',
  on: 'Oui',
  off: 'Non',
  desktopNotices: 'Notifications du système',
  desktopAllow: 'Activer…',
  desktopAllowWhat: 'Le navigateur demandera si cette page peut en afficher.',
  desktopDenied:
    'Le navigateur ne laisse pas cette page en afficher. Cela se change dans ses réglages pour cette page.',
  desktopNeedsHttps:
    'Les navigateurs n’en affichent que pour les pages en https, et celle-ci est venue sans. Le son et le nombre dans le titre marchent quand même.',
  desktopUnknown:
    'Ce navigateur n’en affiche pas pour une page comme celle-ci. Le son et le nombre dans le titre marchent quand même.',
  desktopExample: 'Voilà à quoi elles ressemblent.',
  quietHours: 'Heures de silence',
  quietHoursWhat: 'Ni son ni notifications du système pendant ce temps, sur aucun de vos appareils.',
  from: 'De',
  to: 'À',
  mute: 'Mettre en sourdine',
  muteHour: 'Pour une heure',
  muteTomorrow: 'Jusqu’à demain 8 h',
  muteForNow: 'Jusqu’à ce que je le réactive',
  unmute: 'Réactiver',

  // Pinned and saved
  pin: 'Épingler',
  unpin: 'Désépingler',
  noPins: 'Rien n’est épinglé ici.',
  noPinsHint:
    'Les modérateurs et hôtes d’un salon épinglent ce que tous doivent retrouver ; dans les conversations directes, tout le monde.',
  pinsFull: 'Il y a {n} messages épinglés, et plus de place.',
  saveForMe: 'Garder pour moi',
  unsave: 'Ne plus garder',
  savedMessages: 'Messages gardés',
  noSaved: 'Vous n’avez encore rien gardé.',
  noSavedHint: 'Ce que vous gardez depuis le menu d’un message se trouve ici. Personne d’autre ne le voit.',
};
