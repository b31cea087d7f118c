/** English: passkeys, and links between devices. */
export const enSigningIn = {
  passkeys: 'Passkeys',
  passkeysWhat: 'Sign in with your fingerprint, your face or the PIN of your device instead of a password.',
  passkeyKeepsName: 'With one you are a member: this name stays yours, and you can come back to it.',
  passkeyNeedsHttps:
    'Browsers keep passkeys for pages with https and a name in the address only. Once this chat has both, you can add one here.',
  passkeyUnknownHere: 'This browser has no passkeys.',
  addPasskey: 'Add a passkey',
  passkeyAdded: 'Passkey added.',
  added: 'added {when}',
  passkeyName: 'Name of the passkey',
  rename: 'Rename',
  remove: 'Remove',
  removePasskey:
    'Remove {label}? It opens nothing here any more. Your device may go on showing it: delete it there, too.',
  passkeyRemoved: '{label} is removed.',
  lastPasskey: 'It is your only way back: add another one or set a password first.',
  setPasswordWhy: 'For devices on which you have no passkey.',
  setPassword: 'Set a password',
  passwordSet: 'Password set.',
  signInByPasskey: 'Sign in with a passkey',
  notChosen: 'No passkey was chosen.',
  tookTooLong: 'That took too long. Please try again.',
  opensNothing: 'This passkey opens nothing here. Perhaps it was removed.',
  hasOneHere: 'There is a passkey for you on this device already.',
  browserFailed: 'The browser could not do it.',
  passkeysGo: {
    one: 'Your passkey is removed, too: {labels}. You can add it again.',
    other: 'Your passkeys are removed, too: {labels}. You can add them again.',
  },

  otherDevice: 'Sign in on another device',
  otherDeviceWhat: 'With a code to scan: whoever uses it is you, so show it to nobody else.',
  showCode: 'Show the code',
  scanCode: 'Scan it with the camera of the other device, or open the link there.',
  secondsLeft: {
    one: 'Good once, for {n} more second.',
    other: 'Good once, for {n} more seconds.',
  },
  codeOver: 'The minute is over.',
  signedInOn: 'Signed in on {device}.',
  onNetwork: 'The address of this page leads to this device only. On your network the chat is at {origin}.',
  nowhere:
    'Other devices cannot reach the chat at {host}. Open it here by the address that they would use, and make the link there.',
  deviceLink: 'Link for the other device',
  qrCode: 'QR code of the link',
  deviceWhat:
    'This link comes from a device on which {name} is signed in. If it was not you who made it, close this page.',
  signInHere: 'Sign in here',
  insteadOf: 'In this browser you have been {name}.',
  lostInstead: 'Nobody can come back as {name}: that name has no password and no passkey.',
  alreadyHere: 'You are {name} in this browser already.',
} as const;
