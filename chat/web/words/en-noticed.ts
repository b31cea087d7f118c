/** English: what one is told of, and what is kept at hand. */
export const enNoticed = {
  // Sound, notices, silence
  notices: 'Notifications',
  saidIn: '{name} in {room}',
  tellOf: 'While I look elsewhere, tell me of',
  tellPersonal: 'Mentions and direct messages',
  tellAll: 'Everything that counts as unread',
  tellNone: 'Nothing',
  sound: 'Sound',
  on: 'On',
  off: 'Off',
  desktopNotices: 'Desktop notifications',
  desktopAllow: 'Turn on…',
  desktopAllowWhat: 'The browser will ask whether this page may show them.',
  desktopDenied:
    'The browser does not let this page show them. You can change that in its settings for this page.',
  desktopNeedsHttps:
    'Browsers show them for pages with https only, and this one came without. The sound and the number in the title work all the same.',
  desktopUnknown:
    'This browser shows none for a page like this. The sound and the number in the title work all the same.',
  desktopExample: 'This is what they look like.',
  quietHours: 'Quiet hours',
  quietHoursWhat: 'No sound and no desktop notifications in that time, on none of your devices.',
  from: 'From',
  to: 'To',
  mute: 'Mute',
  muteHour: 'For an hour',
  muteTomorrow: 'Until tomorrow at 8',
  muteForNow: 'Until I turn it on',
  unmute: 'Turn on again',

  // Pinned and saved
  pin: 'Pin',
  unpin: 'Unpin',
  noPins: 'Nothing is pinned here.',
  noPinsHint:
    'Moderators and hosts of a room pin what everybody should find again; in direct conversations everybody can.',
  pinsFull: 'There are {n} pins, and no more fit.',
  saveForMe: 'Save for me',
  unsave: 'Remove from saved',
  savedMessages: 'Saved messages',
  noSaved: 'You have saved nothing yet.',
  noSavedHint: 'What you save from the menu of a message is kept here. Nobody else sees it.',
} as const;
