/** German: what one is told of, and what is kept at hand. */
export const deNoticed = {
  // Sound, notices, silence
  notices: 'Benachrichtigungen',
  saidIn: '{name} in {room}',
  tellOf: 'Wenn ich woanders bin, melde mir',
  tellPersonal: 'Erwähnungen und Direktnachrichten',
  tellAll: 'Alles, was als ungelesen zählt',
  tellNone: 'Nichts',
  sound: 'Ton',
  on: 'An',
  off: 'Aus',
  desktopNotices: 'Benachrichtigungen des Systems',
  desktopAllow: 'Einschalten…',
  desktopAllowWhat: 'Der Browser fragt, ob diese Seite welche zeigen darf.',
  desktopDenied:
    'Der Browser lässt diese Seite keine zeigen. Das lässt sich in seinen Einstellungen für diese Seite ändern.',
  desktopNeedsHttps:
    'Browser zeigen sie nur für Seiten mit https, und diese kam ohne. Der Ton und die Zahl im Titel gehen trotzdem.',
  desktopUnknown:
    'Dieser Browser zeigt für so eine Seite keine. Der Ton und die Zahl im Titel gehen trotzdem.',
  desktopExample: 'So sehen sie aus.',
  quietHours: 'Ruhezeit',
  quietHoursWhat:
    'In dieser Zeit kein Ton und keine Benachrichtigungen des Systems, auf keinem deiner Geräte.',
  from: 'Von',
  to: 'Bis',
  mute: 'Stummschalten',
  muteHour: 'Für eine Stunde',
  muteTomorrow: 'Bis morgen um 8',
  muteForNow: 'Bis ich ihn einschalte',
  unmute: 'Wieder einschalten',

  // Pinned and saved
  pin: 'Anheften',
  unpin: 'Lösen',
  noPins: 'Hier ist nichts angeheftet.',
  noPinsHint:
    'Was alle wiederfinden sollen, heften Moderatoren und Gastgeber eines Raums an; in direkten Gesprächen alle.',
  pinsFull: 'Hier sind {n} angeheftet, mehr passen nicht.',
  saveForMe: 'Für mich merken',
  unsave: 'Nicht mehr merken',
  savedMessages: 'Gemerkte Nachrichten',
  noSaved: 'Du hast dir noch nichts gemerkt.',
  noSavedHint: 'Was du dir im Menü einer Nachricht merkst, steht hier. Niemand sonst sieht es.',
};
