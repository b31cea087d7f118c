/** What a client said when it came: `socket.handshake`, as Socket.IO documents it. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

export interface Handshake {
  readonly headers: IncomingHttpHeaders;
  /** The moment of connecting, for people. */
  readonly time: string;
  /** The same in milliseconds since 1970. */
  readonly issued: number;
  /** The peer's IP address. */
  readonly address: string;
  /** Whether the request carried an `Origin`. */
  readonly xdomain: boolean;
  /** Whether it came over TLS. */
  readonly secure: boolean;
  readonly url: string;
  /** The parameters of the opening request. Of a repeated one, the last. */
  readonly query: Readonly<Record<string, string>>;
  /** What the client passed as `auth`. Unchecked: anybody can send anything. */
  // oxlint-disable-next-line typescript/no-explicit-any -- as with Socket.IO: `verify(socket.handshake.auth.token)`
  readonly auth: Readonly<Record<string, any>>;
}

/** The engine has read the parameters already, if it is ours. */
type Request = IncomingMessage & { readonly _query?: Readonly<Record<string, string>> };

/** Many clients come in the same second. */
let latestTime = { second: 0, text: '' };

export function handshakeOf(
  request: Request,
  address: string,
  auth: Readonly<Record<string, unknown>>,
  arrivedAt: number,
): Handshake {
  const { headers, url = '/' } = request;
  return {
    headers,
    time: timeOf(arrivedAt),
    issued: arrivedAt,
    address,
    xdomain: Boolean(headers.origin),
    secure: (request.socket as Partial<TLSSocket>).encrypted === true,
    url,
    query: queryOf(request),
    auth,
  };
}

function timeOf(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== latestTime.second) latestTime = { second, text: new Date(ms).toString() };
  return latestTime.text;
}

/** `fromEntries` defines own properties, whatever their names. */
function queryOf({ _query, url = '/' }: Request): Readonly<Record<string, string>> {
  return _query ?? Object.fromEntries(new URLSearchParams(url.slice(url.indexOf('?') + 1 || url.length)));
}
