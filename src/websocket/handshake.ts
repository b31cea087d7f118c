/** The server's half of the opening handshake (RFC 6455 §4.2, https://www.rfc-editor.org/rfc/rfc6455#section-4.2). */
import { hash } from 'node:crypto';
import { parseExtensions } from './extensions-header.ts';

/** The request, as Node's `http` gives it: header names in lower case. */
export interface UpgradeRequest {
  method?: string;
  httpVersion?: string;
  headers: Record<string, string | readonly string[] | undefined>;
}

export interface UpgradeAccepted {
  type: 'accepted';
  /** The value of Sec-WebSocket-Accept. */
  acceptKey: string;
  /** The subprotocols that the client offers, the preferred one first. */
  protocols: readonly string[];
  /** The header Sec-WebSocket-Extensions as it came, well-formed, or ''. */
  extensions: string;
}

export interface UpgradeRefused {
  type: 'refused';
  status: number;
  headers: Record<string, string>;
  /** For the client's developer; formatRefusal() makes it the body. */
  reason: string;
}

export interface AcceptResponseOptions {
  /** The chosen subprotocol, one of those offered. */
  protocol?: string;
  /** More headers, by name or as whole lines ("Name: value"). */
  headers?: Record<string, string> | readonly string[];
}

const tokenPattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** 24 characters of base64 that stand for 16 bytes. */
const keyPattern = /^[+/0-9A-Za-z]{22}==$/;
/** What a header value may hold (RFC 9110 §5.5): no CR, LF or NUL, nothing beyond one byte. */
const valuePattern = /^[\t\x20-\x7e\x80-\xff]*$/;
const acceptGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

const statusTexts = new Map([
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [405, 'Method Not Allowed'],
  [426, 'Upgrade Required'],
  [429, 'Too Many Requests'],
  [500, 'Internal Server Error'],
  [503, 'Service Unavailable'],
]);

/** Judges a request to open a WebSocket. Path, Host and Origin policy are for the caller. */
export function checkUpgrade(request: UpgradeRequest): UpgradeAccepted | UpgradeRefused {
  const { method, httpVersion, headers } = request;
  if (method !== 'GET') return refuse(405, 'the method must be GET (RFC 6455 §4.2.1)', { Allow: 'GET' });
  // RFC 9110 §7.8: an Upgrade in a request of HTTP/1.0 means nothing. It is no "426": HTTP/1.0 cannot upgrade.
  if (httpVersion !== undefined && Number.parseFloat(httpVersion) < 1.1) {
    return refuse(400, 'the request must be HTTP/1.1 or higher (RFC 6455 §4.2.1)');
  }
  if (typeof headers['host'] !== 'string') return refuse(400, 'one Host header is needed (RFC 6455 §4.2.1)');
  // A proxy that counts the body's bytes and we, who would read them as frames, would disagree on where frames start.
  if (headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0') {
    return refuse(400, 'the request must have no body (RFC 6455 §4.1)');
  }
  if (!hasToken(headers['upgrade'], 'websocket')) {
    return refuse(426, 'the Upgrade header must name "websocket" (RFC 6455 §4.2.1)', {
      Upgrade: 'websocket',
    });
  }
  if (!hasToken(headers['connection'], 'upgrade')) {
    return refuse(400, 'the Connection header must name "Upgrade" (RFC 6455 §4.2.1)');
  }
  const version = headers['sec-websocket-version'];
  if (isList(version)) return refuse(400, 'there must be one Sec-WebSocket-Version (RFC 6455 §11.3.5)');
  if (version !== '13') {
    const reason = 'the Sec-WebSocket-Version must be 13 (RFC 6455 §4.4)';
    return refuse(426, reason, { Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' });
  }
  const key = headers['sec-websocket-key'];
  if (typeof key !== 'string' || !keyPattern.test(key)) {
    return refuse(400, 'the Sec-WebSocket-Key must be 16 bytes in base64, once (RFC 6455 §4.2.1)');
  }
  const protocols = parseProtocols(headers['sec-websocket-protocol']);
  if (protocols === undefined) {
    return refuse(400, 'the Sec-WebSocket-Protocol must be a list of different tokens (RFC 6455 §4.1)');
  }
  const extensions = joinLines(headers['sec-websocket-extensions']) ?? '';
  if (parseExtensions(extensions) === undefined) {
    return refuse(400, 'the Sec-WebSocket-Extensions must be a list of extensions (RFC 6455 §9.1)');
  }
  return { type: 'accepted', acceptKey: hash('sha1', key + acceptGuid, 'base64'), protocols, extensions };
}

/**
 * Formats the response that opens the WebSocket (§4.2.2), to be written as Latin-1.
 *
 * @throws {RangeError} when the client did not offer the protocol
 * @throws {TypeError} when a header is not valid, as with a line break in it
 */
export function formatAcceptResponse(accepted: UpgradeAccepted, options: AcceptResponseOptions = {}): string {
  const { protocol, headers = {} } = options;
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accepted.acceptKey}`,
  ];
  if (protocol !== undefined) {
    if (!accepted.protocols.includes(protocol)) {
      throw new RangeError(
        `Cannot choose protocol ${JSON.stringify(protocol)}: the client did not offer it (RFC 6455 §4.2.2)`,
      );
    }
    lines.push(`Sec-WebSocket-Protocol: ${protocol}`);
  }
  return `${[...lines, ...formatHeaders(headers)].join('\r\n')}\r\n\r\n`;
}

/**
 * Formats a complete response that refuses the request; after it, close the connection.
 *
 * @throws {TypeError} when a header is not valid
 */
export function formatRefusal(refused: UpgradeRefused): string {
  // ASCII, so that the length is the same however it is written.
  const body = `${refused.reason.replaceAll('§', 'section ').replaceAll(/[^\t\n\x20-\x7e]/gu, '?')}\n`;
  // RFC 9110 §7.8: who sends Upgrade must also list it in Connection.
  const upgrade = Object.hasOwn(refused.headers, 'Upgrade') ? ', Upgrade' : '';
  const lines = [
    `HTTP/1.1 ${refused.status} ${statusTexts.get(refused.status) ?? ''}`,
    `Connection: close${upgrade}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${body.length}`,
    ...formatHeaders(refused.headers),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

/**
 * Tells a header that came more than once. Node joins such headers with a comma, which no version contains; those
 * who collect headers in another way give an array.
 */
function isList(value: string | readonly string[] | undefined): boolean {
  return typeof value === 'object' || value?.includes(',') === true;
}

/** One header that came in several lines means the same as one line (RFC 9110 §5.3). */
function joinLines(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(', ') : value;
}

/** Looks for a token, in any case, in a comma-separated list. */
function hasToken(value: string | readonly string[] | undefined, token: string): boolean {
  const elements = joinLines(value)?.split(',') ?? [];
  return elements.some((element) => element.trim().toLowerCase() === token);
}

/** Parses `1#token` with unique elements, or returns undefined. Stricter than §4.1: no empty elements. */
function parseProtocols(value: string | readonly string[] | undefined): readonly string[] | undefined {
  const list = joinLines(value);
  if (list === undefined) return [];
  const protocols = list.split(',').map((element) => element.trim());
  const isValid = protocols.every((protocol) => tokenPattern.test(protocol));
  return isValid && new Set(protocols).size === protocols.length ? protocols : undefined;
}

function refuse(status: number, reason: string, headers: Record<string, string> = {}): UpgradeRefused {
  return { type: 'refused', status, headers, reason: `Cannot open WebSocket: ${reason}` };
}

/** Checks and formats header lines. @throws {TypeError} when one is not valid, as with a line break in it */
export function formatHeaders(headers: Record<string, string> | readonly string[]): string[] {
  const isLines = Array.isArray(headers);
  return isLines
    ? headers.map(checkLine)
    : Object.entries(headers).map(([name, value]) => checkHeader(name, value));
}

function checkLine(line: string): string {
  const colon = line.indexOf(':');
  return checkHeader(line.slice(0, Math.max(colon, 0)), line.slice(colon + 1).trim());
}

function checkHeader(name: string, value: string): string {
  if (tokenPattern.test(name) && valuePattern.test(value)) return `${name}: ${value}`;
  throw new TypeError(`Cannot send header ${JSON.stringify(name)}: ${JSON.stringify(value)} (RFC 9110 §5.5)`);
}
