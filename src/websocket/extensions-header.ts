/** The header Sec-WebSocket-Extensions (RFC 6455 §9.1, https://www.rfc-editor.org/rfc/rfc6455#section-9.1). */

/** One element of the list: an offer from a client, what was agreed from a server. */
export interface Extension {
  readonly name: string;
  /** In order and as they came, so that a reader sees what came twice. A value is `undefined` without "=". */
  readonly parameters: readonly ExtensionParameter[];
}

export type ExtensionParameter = readonly [name: string, value: string | undefined];

/** Node ends requests with over 16 KiB of headers; browsers send less than 100 bytes of this one. */
const maxHeaderLength = 8192;

const tokenCharacter = "[!#$%&'*+.^_`|~0-9A-Za-z-]";
const token = `${tokenCharacter}+`;
/** A quoted value "MUST conform to the 'token' ABNF" after unescaping, so it holds nothing else. */
const quoted = String.raw`"((?:\\?${tokenCharacter})+)"`;

// Sticky, each tried once where the last one ended, and no two parts of one can match the same text: linear.
const emptyElements = /[ \t,]*/y;
const namePattern = new RegExp(`(${token})`, 'y');
const parameterPattern = new RegExp(
  `[ \\t]*;[ \\t]*(${token})(?:[ \\t]*=[ \\t]*(?:(${token})|${quoted}))?`,
  'y',
);
const elementEnd = /[ \t]*(?:,[ \t,]*|$)/y;

/**
 * Parses the list, or returns undefined when it is malformed: §9.1 wants the connection to fail then. An empty header
 * is an empty list, and empty elements are ignored (RFC 9110 §5.6.1.2).
 */
export function parseExtensions(header: string): Extension[] | undefined {
  if (header.length > maxHeaderLength) return undefined;
  const extensions: Extension[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(header);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };

  match(emptyElements);
  while (at < header.length) {
    const name = match(namePattern)?.[1];
    if (name === undefined) return undefined;
    const parameters: ExtensionParameter[] = [];
    for (let found = match(parameterPattern); found !== null; found = match(parameterPattern)) {
      parameters.push([found[1] ?? '', found[2] ?? found[3]?.replaceAll('\\', '')]);
    }
    if (match(elementEnd) === null) return undefined;
    extensions.push({ name, parameters });
  }
  return extensions;
}
