/** French: passkeys, and links between devices. */
export const frSigningIn = {
  passkeys: 'Clés d’accès',
  passkeysWhat:
    'Connectez-vous avec votre empreinte, votre visage ou le code de votre appareil au lieu d’un mot de passe.',
  passkeyKeepsName: 'Avec une clé, vous êtes membre : ce nom reste le vôtre et vous pouvez y revenir.',
  passkeyNeedsHttps:
    'Les navigateurs ne gardent des clés d’accès que pour les pages en https dont l’adresse est un nom. Quand ce chat aura les deux, vous pourrez en ajouter une ici.',
  passkeyUnknownHere: 'Ce navigateur n’a pas de clés d’accès.',
  addPasskey: 'Ajouter une clé d’accès',
  passkeyAdded: 'Clé d’accès ajoutée.',
  added: 'ajoutée {when}',
  passkeyName: 'Nom de la clé d’accès',
  rename: 'Renommer',
  remove: 'Retirer',
  removePasskey:
    'Retirer {label} ? Elle n’ouvrira plus rien ici. Votre appareil la montrera peut-être encore : supprimez-la là aussi.',
  passkeyRemoved: '{label} est retirée.',
  lastPasskey:
    'C’est votre seul moyen de revenir : ajoutez-en d’abord une autre ou définissez un mot de passe.',
  setPasswordWhy: 'Pour les appareils sur lesquels vous n’avez pas de clé d’accès.',
  setPassword: 'Définir un mot de passe',
  passwordSet: 'Mot de passe défini.',
  signInByPasskey: 'Utiliser une clé d’accès',
  notChosen: 'Aucune clé d’accès n’a été choisie.',
  tookTooLong: 'Cela a pris trop de temps. Veuillez réessayer.',
  opensNothing: 'Cette clé d’accès n’ouvre rien ici. Elle a peut-être été retirée.',
  hasOneHere: 'Il y a déjà une clé d’accès pour vous sur cet appareil.',
  browserFailed: 'Le navigateur n’a pas pu le faire.',
  passkeysGo: {
    one: 'Votre clé d’accès est retirée aussi : {labels}. Vous pourrez l’ajouter à nouveau.',
    other: 'Vos clés d’accès sont retirées aussi : {labels}. Vous pourrez les ajouter à nouveau.',
  },

  otherDevice: 'Se connecter sur un autre appareil',
  otherDeviceWhat: 'Avec un code à scanner : qui l’utilise est vous, ne le montrez donc à personne d’autre.',
  showCode: 'Montrer le code',
  scanCode: 'Scannez-le avec la caméra de l’autre appareil, ou ouvrez-y le lien.',
  secondsLeft: {
    one: 'Valable une fois, encore {n} seconde.',
    other: 'Valable une fois, encore {n} secondes.',
  },
  codeOver: 'La minute est passée.',
  signedInOn: 'Connecté sur {device}.',
  onNetwork: 'L’adresse de cette page ne mène qu’à cet appareil. Sur votre réseau, le chat est à {origin}.',
  nowhere:
    'Les autres appareils ne peuvent pas atteindre le chat à {host}. Ouvrez-le ici par l’adresse qu’ils utiliseraient, et créez le lien là-bas.',
  deviceLink: 'Lien pour l’autre appareil',
  qrCode: 'Code QR du lien',
  deviceWhat:
    'Ce lien vient d’un appareil sur lequel {name} est connecté. Si ce n’est pas vous qui l’avez créé, fermez cette page.',
  signInHere: 'Se connecter ici',
  insteadOf: 'Dans ce navigateur, vous étiez {name}.',
  lostInstead: 'Personne ne peut revenir en tant que {name} : ce nom n’a ni mot de passe ni clé d’accès.',
  alreadyHere: 'Dans ce navigateur, vous êtes déjà {name}.',
};
