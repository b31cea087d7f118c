/** Spanish: what one is told of, and what is kept at hand. */
export const esNoticed = {
  // Sound, notices, silence
  notices: 'Notificaciones',
  saidIn: '{name} en {room}',
  tellOf: 'Cuando miro a otra parte, avísame de',
  tellPersonal: 'Menciones y mensajes directos',
  tellAll: 'Todo lo que cuenta como no leído',
  tellNone: 'Nada',
  sound: 'Sonido',
  on: 'Sí',
  off: 'No',
  desktopNotices: 'Notificaciones del sistema',
  desktopAllow: 'Activar…',
  desktopAllowWhat: 'El navegador preguntará si esta página puede mostrarlas.',
  desktopDenied:
    'El navegador no deja que esta página las muestre. Se puede cambiar en sus ajustes para esta página.',
  desktopNeedsHttps:
    'Los navegadores solo las muestran para páginas con https, y esta vino sin él. El sonido y el número en el título funcionan igualmente.',
  desktopUnknown:
    'Este navegador no las muestra para una página así. El sonido y el número en el título funcionan igualmente.',
  desktopExample: 'Así se ven.',
  quietHours: 'Horas de silencio',
  quietHoursWhat: 'Sin sonido ni notificaciones del sistema en ese tiempo, en ninguno de tus dispositivos.',
  from: 'De',
  to: 'A',
  mute: 'Silenciar',
  muteHour: 'Por una hora',
  muteTomorrow: 'Hasta mañana a las 8',
  muteForNow: 'Hasta que la active',
  unmute: 'Volver a activar',

  // Pinned and saved
  pin: 'Fijar',
  unpin: 'Dejar de fijar',
  noPins: 'Aquí no hay nada fijado.',
  noPinsHint:
    'Los moderadores y anfitriones de una sala fijan lo que todos deben volver a encontrar; en las conversaciones directas, cualquiera.',
  pinsFull: 'Hay {n} fijados y no caben más.',
  saveForMe: 'Guardar para mí',
  unsave: 'Quitar de guardados',
  savedMessages: 'Mensajes guardados',
  noSaved: 'Aún no has guardado nada.',
  noSavedHint: 'Lo que guardas desde el menú de un mensaje queda aquí. Nadie más lo ve.',
};
