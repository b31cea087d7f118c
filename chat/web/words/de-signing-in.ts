/** German: passkeys, and links between devices. */
export const deSigningIn = {
  passkeys: 'Passkeys',
  passkeysWhat:
    'Melde dich mit Fingerabdruck, Gesicht oder der PIN deines Geräts an statt mit einem Passwort.',
  passkeyKeepsName: 'Damit bist du Mitglied: Der Name bleibt deiner, und du kannst zurückkommen.',
  passkeyNeedsHttps:
    'Browser heben Passkeys nur für Seiten mit https und einem Namen in der Adresse auf. Sobald dieser Chat beides hat, kannst du hier einen anlegen.',
  passkeyUnknownHere: 'Dieser Browser kennt keine Passkeys.',
  addPasskey: 'Passkey anlegen',
  passkeyAdded: 'Passkey angelegt.',
  added: 'angelegt {when}',
  passkeyName: 'Name des Passkeys',
  rename: 'Umbenennen',
  remove: 'Entfernen',
  removePasskey:
    '{label} entfernen? Damit kommt dann niemand mehr herein. Dein Gerät zeigt ihn vielleicht weiter: Lösche ihn auch dort.',
  passkeyRemoved: '{label} ist entfernt.',
  lastPasskey: 'Er ist dein einziger Weg zurück: Lege erst einen weiteren an oder setze ein Passwort.',
  setPasswordWhy: 'Für Geräte, auf denen du keinen Passkey hast.',
  setPassword: 'Passwort setzen',
  passwordSet: 'Passwort gesetzt.',
  signInByPasskey: 'Mit Passkey anmelden',
  notChosen: 'Es wurde kein Passkey gewählt.',
  tookTooLong: 'Das hat zu lange gedauert. Bitte versuche es noch einmal.',
  opensNothing: 'Mit diesem Passkey kommt man hier nicht herein. Vielleicht wurde er entfernt.',
  hasOneHere: 'Auf diesem Gerät gibt es schon einen Passkey für dich.',
  browserFailed: 'Der Browser konnte es nicht.',
  passkeysGo: {
    one: 'Auch dein Passkey wird entfernt: {labels}. Du kannst ihn wieder anlegen.',
    other: 'Auch deine Passkeys werden entfernt: {labels}. Du kannst sie wieder anlegen.',
  },

  otherDevice: 'Auf einem anderen Gerät anmelden',
  otherDeviceWhat: 'Mit einem Code zum Scannen: Wer ihn nutzt, ist du – zeig ihn niemandem sonst.',
  showCode: 'Code zeigen',
  scanCode: 'Scanne ihn mit der Kamera des anderen Geräts, oder öffne dort den Link.',
  secondsLeft: {
    one: 'Gilt einmal, noch {n} Sekunde.',
    other: 'Gilt einmal, noch {n} Sekunden.',
  },
  codeOver: 'Die Minute ist um.',
  signedInOn: 'Angemeldet auf {device}.',
  onNetwork:
    'Die Adresse dieser Seite führt nur zu diesem Gerät. In deinem Netz ist der Chat unter {origin}.',
  nowhere:
    'Andere Geräte erreichen den Chat unter {host} nicht. Öffne ihn hier unter der Adresse, die sie nehmen würden, und erzeuge den Link dort.',
  deviceLink: 'Link für das andere Gerät',
  qrCode: 'QR-Code des Links',
  deviceWhat:
    'Dieser Link kommt von einem Gerät, auf dem {name} angemeldet ist. Hast du ihn nicht selbst erzeugt, schließe diese Seite.',
  signInHere: 'Hier anmelden',
  insteadOf: 'In diesem Browser warst du bisher {name}.',
  lostInstead: 'Als {name} kann niemand zurückkommen: Zu dem Namen gibt es weder Passwort noch Passkey.',
  alreadyHere: 'In diesem Browser bist du schon {name}.',
};
