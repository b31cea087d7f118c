/** What is said about keeping the page at hand, in all languages: few words, fetched with what says them. */
import { spoken } from './words.ts';

const en = {
  notKept: 'This room is not kept in this browser. It can be read when the server is there again.',
  install: 'Install as an app',
  installWhat: 'It gets an icon and a window of its own, and opens without the server, too.',
  installNow: 'Install…',
  installByHand: 'Press the share button of Safari, then “Add to Home Screen”.',
  installNeedsHttps:
    'Browsers install pages with https only, and this one came without. Who runs the chat can change that.',
  notForMe: 'Do not show this again',
} as const;

type AtHand = Readonly<Record<keyof typeof en, string>>;

const de: AtHand = {
  notKept:
    'Dieser Raum ist in diesem Browser nicht aufbewahrt. Er lässt sich lesen, sobald der Server wieder da ist.',
  install: 'Als App installieren',
  installWhat: 'Der Chat bekommt ein Symbol und ein eigenes Fenster, und öffnet sich auch ohne den Server.',
  installNow: 'Installieren…',
  installByHand: 'In Safari auf „Teilen“ drücken, dann auf „Zum Home-Bildschirm“.',
  installNeedsHttps:
    'Browser installieren nur Seiten mit https, und diese kam ohne. Wer den Chat betreibt, kann das ändern.',
  notForMe: 'Nicht mehr zeigen',
};

const es: AtHand = {
  notKept: 'Esta sala no está guardada en este navegador. Se podrá leer cuando el servidor vuelva.',
  install: 'Instalar como aplicación',
  installWhat: 'Tendrá un icono y una ventana propios, y se abrirá también sin el servidor.',
  installNow: 'Instalar…',
  installByHand: 'Pulsa el botón de compartir de Safari y luego «Añadir a pantalla de inicio».',
  installNeedsHttps:
    'Los navegadores solo instalan páginas con https, y esta llegó sin él. Quien lleva el chat puede cambiarlo.',
  notForMe: 'No volver a mostrar',
};

const fr: AtHand = {
  notKept: 'Ce salon n’est pas gardé dans ce navigateur. Il pourra être lu quand le serveur sera de retour.',
  install: 'Installer comme application',
  installWhat: 'Le chat aura une icône et une fenêtre à lui, et s’ouvrira aussi sans le serveur.',
  installNow: 'Installer…',
  installByHand: 'Appuyez sur le bouton de partage de Safari, puis sur « Sur l’écran d’accueil ».',
  installNeedsHttps:
    'Les navigateurs n’installent que des pages en https, et celle-ci est venue sans. Qui gère le chat peut changer cela.',
  notForMe: 'Ne plus afficher',
};

export const AT_HAND: Readonly<Record<string, AtHand>> = { en, de, es, fr };

export function atHand(key: keyof AtHand): string {
  return (AT_HAND[spoken()] ?? en)[key];
}
