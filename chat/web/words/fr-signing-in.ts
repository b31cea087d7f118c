/** French: passkeys, and links between devices. */
export const frSigningIn = {
  passkeys: 'Clés d’accès',
  passkeysWhat:
    'Connecte-toi avec ton empreinte, ton visage ou le code de ton appareil au lieu d’un mot de passe.',
  passkeyKeepsName: 'Avec une clé, tu es membre : ce nom reste le tien et tu peux y revenir.',
  passkeyNeedsHttps:
    'Les navigateurs ne gardent des clés d’accès que pour les pages en https dont l’adresse est un nom. Quand ce chat aura les deux, tu pourras en ajouter une ici.',
  passkeyUnknownHere: 'Ce navigateur n’a pas de clés d’accès.',
  addPasskey: 'Ajouter une clé d’accès',
  passkeyAdded: 'Clé d’accès ajoutée.',
  added: 'ajoutée {when}',
  passkeyName: 'Nom de la clé d’accès',
  rename: 'Renommer',
  remove: 'Retirer',
  removePasskey:
    'Retirer {label} ? Elle n’ouvrira plus rien ici. Ton appareil la montrera peut-être encore : supprime-la là aussi.',
  passkeyRemoved: '{label} est retirée.',
  lastPasskey: 'C’est ton seul moyen de revenir : ajoutes-en d’abord une autre ou définis un mot de passe.',
  setPasswordWhy: 'Pour les appareils sur lesquels tu n’as pas de clé d’accès.',
  setPassword: 'Définir un mot de passe',
  passwordSet: 'Mot de passe défini.',
  signInByPasskey: 'Utiliser une clé d’accès',
  notChosen: 'Aucune clé d’accès n’a été choisie.',
  tookTooLong: 'Cela a pris trop de temps. Réessaie.',
  opensNothing: 'Cette clé d’accès n’ouvre rien ici. Elle a peut-être été retirée.',
  hasOneHere: 'Il y a déjà une clé d’accès pour toi sur cet appareil.',
  browserFailed: 'Le navigateur n’a pas pu le faire.',
  passkeysGo: {
    one: 'Ta clé d’accès est retirée aussi : {labels}. Tu pourras l’ajouter à nouveau.',
    other: 'Tes clés d’accès sont retirées aussi : {labels}. Tu pourras les ajouter à nouveau.',
  },

  otherDevice: 'Se connecter sur un autre appareil',
  otherDeviceWhat: 'Avec un code à scanner : qui l’utilise est toi, ne le montre donc à personne d’autre.',
  showCode: 'Montrer le code',
  scanCode: 'Scanne-le avec la caméra de l’autre appareil, ou ouvres-y le lien.',
  secondsLeft: {
    one: 'Valable une fois, encore {n} seconde.',
    other: 'Valable une fois, encore {n} secondes.',
  },
  codeOver: 'La minute est passée.',
  signedInOn: 'Connecté sur {device}.',
  onNetwork: 'L’adresse de cette page ne mène qu’à cet appareil. Sur ton réseau, le chat est à {origin}.',
  nowhere:
    'Les autres appareils ne peuvent pas atteindre le chat à {host}. Ouvre-le ici par l’adresse qu’ils utiliseraient, et crée le lien là-bas.',
  deviceLink: 'Lien pour l’autre appareil',
  qrCode: 'Code QR du lien',
  deviceWhat:
    'Ce lien vient d’un appareil sur lequel {name} est connecté. Si tu ne l’as pas créé toi-même, ferme cette page.',
  signInHere: 'Se connecter ici',
  insteadOf: 'Dans ce navigateur, tu étais {name}.',
  lostInstead: 'Personne ne peut revenir en tant que {name} : ce nom n’a ni mot de passe ni clé d’accès.',
  alreadyHere: 'Dans ce navigateur, tu es déjà {name}.',
};
