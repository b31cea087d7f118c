/** Says whether an HTTP request opens a session, belongs to one, or is refused (Engine.IO protocols v4 and v3, "Handshake"). */

import { dialectOf, type Dialect } from './dialect.ts';

/** The transports that are spoken here. */
export type TransportName = 'polling' | 'websocket';

/** The codes of refused requests, as clients and the `connection_error` event see them. */
export type EngineErrorCode = 0 | 1 | 2 | 3 | 4 | 5;

/** Status and message of each code, as the Engine.IO server of npm (6.6) answers them. */
export const ENGINE_ERRORS: Readonly<
  Record<EngineErrorCode, { readonly status: number; readonly message: string }>
> = {
  0: { status: 400, message: 'Transport unknown' },
  1: { status: 400, message: 'Session ID unknown' },
  2: { status: 400, message: 'Bad handshake method' },
  3: { status: 400, message: 'Bad request' },
  // The caller's policy: origin checks, `allowRequest`. `checkRequest` never gives it.
  4: { status: 403, message: 'Forbidden' },
  5: { status: 400, message: 'Unsupported protocol version' },
};

/** What is known of a request before anything is read from its body. */
export interface EngineRequest {
  readonly method: string;
  /** When a parameter occurs twice, the last one counts, as in Engine.IO. */
  readonly query: URLSearchParams;
  /** Whether it came as an HTTP upgrade to WebSocket. */
  readonly isUpgrade: boolean;
  /** The transports that the server's options allow. */
  readonly transports: readonly string[];
  /** Whether clients of revision 3 may open sessions (`allowEIO3`). */
  readonly allowV3: boolean;
  /** Looks a session up by the id that the peer sent, which may be any string: keep sessions in a `Map`. */
  readonly findSession: (sid: string) => { transport: string; revision: number } | undefined;
}

/** A request that is not served. `context` is for the log and the `connection_error` event, never for the peer. */
export interface Refused {
  readonly type: 'refused';
  readonly status: number;
  readonly code: EngineErrorCode;
  readonly message: string;
  readonly context: Record<string, unknown>;
}

/** The verdict on a request. The caller reads the session id from here only. `dialect` is for a transport that it opens. */
export type CheckedRequest =
  | { readonly type: 'open'; readonly transport: TransportName; readonly dialect: Dialect }
  | {
      readonly type: 'resume';
      readonly sid: string;
      readonly transport: TransportName;
      readonly dialect: Dialect;
    }
  | Refused;

/**
 * Checks a request in the order of Engine.IO's own server, so that a request with several faults gets the same code.
 * Whatever is not revision 4 counts as 3, as there.
 */
export function checkRequest(request: EngineRequest): CheckedRequest {
  const transport = readParameter(request.query, 'transport');
  if (!isTransportName(transport) || !request.transports.includes(transport)) return refuse(0, { transport });
  const sid = readParameter(request.query, 'sid');
  const dialect = dialectOf(request.query);
  // An empty id counts as none.
  return sid ? checkResume(request, sid, transport, dialect) : checkOpen(request, transport, dialect);
}

/**
 * Formats the body of the answer to a refused HTTP request (`application/json`). An answer to an upgrade carries the
 * bare message instead.
 */
export function formatRefusal(refused: Pick<Refused, 'code' | 'message'>): string {
  return JSON.stringify({ code: refused.code, message: refused.message });
}

function checkOpen(request: EngineRequest, transport: TransportName, dialect: Dialect): CheckedRequest {
  if (request.method !== 'GET') return refuse(2, { method: request.method });
  if (request.isUpgrade !== (transport === 'websocket')) {
    return refuse(3, { name: 'TRANSPORT_HANDSHAKE_ERROR' });
  }
  if (dialect.revision === 3 && !request.allowV3) return refuse(5, { protocol: 3 });
  // Answers as scripts, which any page of any origin could read; only browsers without CORS need them.
  if (transport === 'polling' && request.query.has('j')) return refuse(3, { name: 'JSONP_NOT_SUPPORTED' });
  return { type: 'open', transport, dialect };
}

function checkResume(
  request: EngineRequest,
  sid: string,
  transport: TransportName,
  dialect: Dialect,
): CheckedRequest {
  const { revision } = dialect;
  const session = request.findSession(sid);
  if (session === undefined) return refuse(1, { sid });
  const mismatch = { name: 'TRANSPORT_MISMATCH', transport, previousTransport: session.transport };
  if (!request.isUpgrade && transport !== session.transport) return refuse(3, mismatch);
  if (revision !== session.revision) {
    return refuse(3, { name: 'PROTOCOL_MISMATCH', protocol: revision, previousProtocol: session.revision });
  }
  // Engine.IO lets the following pass here, and then closes the new WebSocket or leaves the request unanswered.
  const isPoll = !request.isUpgrade && transport === 'polling';
  const isUpgradeOfPolling =
    request.isUpgrade && transport === 'websocket' && session.transport === 'polling';
  if (!isPoll && !isUpgradeOfPolling) return refuse(3, mismatch);
  return { type: 'resume', sid, transport, dialect };
}

function refuse(code: EngineErrorCode, context: Record<string, unknown>): Refused {
  const { status, message } = ENGINE_ERRORS[code];
  return { type: 'refused', status, code, message, context };
}

function readParameter(query: URLSearchParams, name: string): string | undefined {
  return query.getAll(name).at(-1);
}

function isTransportName(name: string | undefined): name is TransportName {
  return name === 'polling' || name === 'websocket';
}
