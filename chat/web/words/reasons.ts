/** Why nothing came of something, in the cases that a code alone does not tell. English has the server's own sentences. */
import type { Why } from '../../shared/failures.ts';

type Reasons = Readonly<Record<Why, string>>;

const de: Reasons = {
  direct: 'Bei einer Direktnachricht geht das nicht.',
  'nobody leaves': 'In diesem Raum sind alle.',
  'nobody is removed': 'Aus diesem Raum kann niemand entfernt werden.',
  'always open': 'Der Raum, in dem alle sind, kann nicht archiviert werden.',
  'bot role': 'Ein Bot kann höchstens Mitglied sein.',
  'has password': 'Du hast schon ein Passwort: Ändere es.',
  'nobody else': 'Zu einem Gespräch gehört noch jemand.',
  'invite only': 'In diesen Chat kommt man nur mit einer Einladung.',
  'no heir': 'Den Chat kann nur ein Mitglied mit Passwort oder Passkey bekommen.',
  'not your password': 'Das ist nicht dein Passwort.',
  'join first': 'Tritt dem Raum zuerst bei.',
  webhook: 'Ein Webhook spricht nur in seinem eigenen Raum.',
  'too late': 'Diese Nachricht lässt sich nicht mehr zurückholen.',
  'has owner': 'Dieser Chat hat schon einen Eigentümer.',
};

const es: Reasons = {
  direct: 'Esto no se puede hacer en una conversación directa.',
  'nobody leaves': 'En esta sala están todos.',
  'nobody is removed': 'De esta sala no se puede quitar a nadie.',
  'always open': 'La sala en la que están todos no se puede archivar.',
  'bot role': 'Un bot puede ser miembro como mucho.',
  'has password': 'Ya tienes una contraseña: cámbiala.',
  'nobody else': 'Para una conversación hace falta alguien más.',
  'invite only': 'En este chat solo se entra con invitación.',
  'no heir': 'El chat solo se puede dar a un miembro con contraseña o llave de acceso.',
  'not your password': 'Esa no es tu contraseña.',
  'join first': 'Únete primero a la sala.',
  webhook: 'Un webhook solo habla en su propia sala.',
  'too late': 'Ya es tarde para recuperar este mensaje.',
  'has owner': 'Este chat ya tiene propietario.',
};

const fr: Reasons = {
  direct: 'Ce n’est pas possible dans une conversation directe.',
  'nobody leaves': 'Tout le monde est dans ce salon.',
  'nobody is removed': 'Personne ne peut être retiré de ce salon.',
  'always open': 'Le salon où tout le monde est ne peut pas être archivé.',
  'bot role': 'Un bot peut être membre tout au plus.',
  'has password': 'Vous avez déjà un mot de passe : changez-le.',
  'nobody else': 'Pour une conversation, il faut quelqu’un d’autre.',
  'invite only': 'On n’entre dans ce chat que sur invitation.',
  'no heir': 'Le chat ne peut être remis qu’à un membre qui a un mot de passe ou une clé d’accès.',
  'not your password': 'Ce n’est pas votre mot de passe.',
  'join first': 'Rejoignez d’abord le salon.',
  webhook: 'Un webhook ne parle que dans son propre salon.',
  'too late': 'Il est trop tard pour récupérer ce message.',
  'has owner': 'Ce chat a déjà un propriétaire.',
};

export const REASONS: Readonly<Record<string, Reasons>> = { de, es, fr };
