/** Spanish: passkeys, and links between devices. */
export const esSigningIn = {
  passkeys: 'Llaves de acceso',
  passkeysWhat: 'Inicia sesión con tu huella, tu cara o el PIN de tu dispositivo en lugar de una contraseña.',
  passkeyKeepsName: 'Con una eres miembro: el nombre sigue siendo tuyo y puedes volver a él.',
  passkeyNeedsHttps:
    'Los navegadores solo guardan llaves de acceso para páginas con https y con un nombre en la dirección. Cuando este chat tenga ambas cosas, podrás añadir una aquí.',
  passkeyUnknownHere: 'Este navegador no tiene llaves de acceso.',
  addPasskey: 'Añadir una llave de acceso',
  passkeyAdded: 'Llave de acceso añadida.',
  added: 'añadida {when}',
  passkeyName: 'Nombre de la llave de acceso',
  rename: 'Cambiar el nombre',
  remove: 'Quitar',
  removePasskey:
    '¿Quitar {label}? Ya no abrirá nada aquí. Puede que tu dispositivo la siga mostrando: bórrala también allí.',
  passkeyRemoved: '{label} se ha quitado.',
  lastPasskey: 'Es tu única manera de volver: añade antes otra o pon una contraseña.',
  setPasswordWhy: 'Para dispositivos en los que no tienes llave de acceso.',
  setPassword: 'Poner una contraseña',
  passwordSet: 'Contraseña puesta.',
  signInByPasskey: 'Usar una llave de acceso',
  notChosen: 'No se eligió ninguna llave de acceso.',
  tookTooLong: 'Tardó demasiado. Inténtalo otra vez.',
  opensNothing: 'Esta llave de acceso no abre nada aquí. Quizá se quitó.',
  hasOneHere: 'En este dispositivo ya hay una llave de acceso para ti.',
  browserFailed: 'El navegador no pudo hacerlo.',
  passkeysGo: {
    one: 'También se quita tu llave de acceso: {labels}. Puedes añadirla de nuevo.',
    other: 'También se quitan tus llaves de acceso: {labels}. Puedes añadirlas de nuevo.',
  },

  otherDevice: 'Iniciar sesión en otro dispositivo',
  otherDeviceWhat: 'Con un código para escanear: quien lo use eres tú, así que no se lo enseñes a nadie más.',
  showCode: 'Mostrar el código',
  scanCode: 'Escanéalo con la cámara del otro dispositivo o abre allí el enlace.',
  secondsLeft: {
    one: 'Sirve una vez, {n} segundo más.',
    other: 'Sirve una vez, {n} segundos más.',
  },
  codeOver: 'El minuto ha pasado.',
  signedInOn: 'Sesión iniciada en {device}.',
  onNetwork:
    'La dirección de esta página solo lleva a este dispositivo. En tu red, el chat está en {origin}.',
  nowhere:
    'Otros dispositivos no pueden llegar al chat en {host}. Ábrelo aquí con la dirección que usarían ellos y crea el enlace allí.',
  deviceLink: 'Enlace para el otro dispositivo',
  qrCode: 'Código QR del enlace',
  deviceWhat:
    'Este enlace viene de un dispositivo en el que está {name}. Si no lo hiciste tú, cierra esta página.',
  signInHere: 'Iniciar sesión aquí',
  insteadOf: 'En este navegador has sido {name}.',
  lostInstead: 'Nadie puede volver como {name}: ese nombre no tiene contraseña ni llave de acceso.',
  alreadyHere: 'En este navegador ya eres {name}.',
};
