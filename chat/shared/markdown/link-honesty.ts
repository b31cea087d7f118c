/** Where a link leads, for readers who cannot see it in its label. */

export interface Destination {
  /** What to show: the host in ASCII, so that letters which look like others are seen; or the e-mail address. */
  readonly host: string;
  /** The label already says it. */
  readonly plain: boolean;
  /** The host has letters beyond ASCII, some of which look like others: even an address that is its own label hides it. */
  readonly foreign: boolean;
  /** The label is an address of its own, of somewhere else; or a name stands before the host to be taken for it. */
  readonly deceptive: boolean;
}

const ADDRESS_LIKE = /^\s*(?:https?:\/\/)?([^\s/?#@:]+\.[^\s/?#@:]{2,})(?:[/?#:]\S*)?\s*$/iu;

/** `label` is the plain text of the link; `href` comes from the parser. */
export function parseDestination(href: string, label: string): Destination {
  const url = new URL(href);
  if (url.protocol === 'mailto:') {
    const isOther = /\S@\S/u.test(label) && label.trim() !== url.pathname;
    return { host: url.pathname, plain: label.includes(url.pathname), foreign: false, deceptive: isOther };
  }
  const shown = ADDRESS_LIKE.exec(label)?.[1];
  const hasUser = url.username !== '' || url.password !== '';
  const plain = !hasUser && shown !== undefined && shown.toLowerCase() === url.hostname;
  const isSame = shown === undefined || hostOf(shown) === url.hostname;
  const foreign = /(?:^|\.)xn--/u.test(url.hostname);
  return { host: url.host, plain, foreign, deceptive: hasUser || !isSame };
}

function hostOf(name: string): string | undefined {
  const address = `https://${name}`;
  return URL.canParse(address) ? new URL(address).hostname : undefined;
}
