/**
 * Agreeing on permessage-deflate (RFC 7692 §7.1, https://www.rfc-editor.org/rfc/rfc7692#section-7.1), as a server and
 * as a client. What is then done to messages is in message-inflater.ts and message-deflater.ts.
 */
import { type Extension, parseExtensions } from './extensions-header.ts';
import { type DeflateTuning, checkTuning, minDeflateWindowBits } from './message-deflater.ts';

/** What both ends have agreed on. A window is of 2^bits bytes. */
export interface DeflateParameters {
  /** Whether the server compresses each message by itself (§7.1.1.1): then broadcasts can share their frames. */
  serverNoContextTakeover: boolean;
  /** Whether the client does (§7.1.1.2): then the server keeps no window for it. */
  clientNoContextTakeover: boolean;
  /** The window of what the server sends (§7.1.2.1). */
  serverMaxWindowBits: number;
  /** The window of what the client sends (§7.1.2.2). */
  clientMaxWindowBits: number;
}

/** What we want. The names are those of `ws`. */
export interface DeflateOptions extends DeflateTuning {
  /** Default true. With false the server's context is kept, unless the client asks for none. */
  serverNoContextTakeover?: boolean;
  /** Default true. With false the client's context is kept, unless the client says that it has none. */
  clientNoContextTakeover?: boolean;
  /** At most this, less if the client asks for less. Default 15. */
  serverMaxWindowBits?: number;
  /** At most this. Below 15, a client that does not let us choose is declined. Default 15. */
  clientMaxWindowBits?: number;
}

/** What a client makes of the server's answer. */
export type DeflateAnswer =
  | { type: 'accepted'; parameters: DeflateParameters }
  /** The server does not want the extension: the connection goes on without. */
  | { type: 'declined' }
  /** The connection must fail (§7.1, RFC 6455 §4.1). */
  | { type: 'failed'; reason: string };

const extensionName = 'permessage-deflate';
const maxWindowBits = 15;
/** §7.1.2: "a decimal integer value without leading zeroes between 8 to 15". */
const windowBitsPattern = /^(?:[89]|1[0-5])$/;

/** The parameters of one offer or answer, as they came. */
interface Terms {
  serverNoContextTakeover: boolean;
  clientNoContextTakeover: boolean;
  serverMaxWindowBits: number | undefined;
  /** `true` in an offer: the client lets the server choose. */
  clientMaxWindowBits: number | true | undefined;
}

/**
 * Chooses the first offer that we can accept, for the server.
 *
 * @param extensionsHeader as the client sent it; what is not well-formed offers nothing
 * @returns the agreement and the value of Sec-WebSocket-Extensions for the response, or undefined to decline
 * @throws {RangeError} when an option is out of range
 */
export function negotiateDeflate(
  extensionsHeader: string,
  options: DeflateOptions,
): { parameters: DeflateParameters; response: string } | undefined {
  const wanted = resolve(options, 'server');
  for (const offer of parseExtensions(extensionsHeader) ?? []) {
    if (offer.name !== extensionName) continue;
    const terms = parseTerms(offer);
    const parameters = typeof terms === 'string' ? undefined : acceptOffer(terms, wanted);
    if (typeof terms === 'string' || parameters === undefined) continue;
    return { parameters, response: formatResponse(parameters, terms) };
  }
  return undefined;
}

/**
 * Returns the value of Sec-WebSocket-Extensions that offers what the options say, for the client.
 *
 * @throws {RangeError} when an option is out of range
 */
export function offerDeflate(options: DeflateOptions): string {
  const wanted = resolve(options, 'client');
  return format({
    ...wanted,
    serverMaxWindowBits: belowMax(wanted.serverMaxWindowBits),
    clientMaxWindowBits: belowMax(wanted.clientMaxWindowBits) ?? true,
  });
}

/** Judges the server's answer to an offer that offerDeflate() made. */
export function acceptDeflate(responseHeader: string, offer: string): DeflateAnswer {
  const [answer, ...more] = parseExtensions(responseHeader) ?? [{ name: '', parameters: [] }];
  const [offered] = parseExtensions(offer) ?? [];
  if (answer === undefined) return { type: 'declined' };
  if (answer.name !== extensionName || more.length > 0 || offered === undefined) {
    return failed(`"${responseHeader}" does not answer the one extension that was offered (RFC 6455 §4.1)`);
  }
  const [terms, asked] = [parseTerms(answer), parseTerms(offered)];
  if (typeof terms === 'string') return failed(terms);
  if (typeof asked === 'string') return failed(asked);
  return acceptAnswer(terms, asked);
}

/** §7.1.1 and §7.1.2, as a server: undefined declines. */
function acceptOffer(terms: Terms, wanted: DeflateParameters): DeflateParameters | undefined {
  const serverMaxWindowBits = Math.min(
    wanted.serverMaxWindowBits,
    terms.serverMaxWindowBits ?? maxWindowBits,
  );
  // §7.1.2.1: "A server declines an extension negotiation offer with this parameter if the server doesn't support it."
  // That is 8 for us: zlib would silently compress with 9.
  if (serverMaxWindowBits < minDeflateWindowBits) return undefined;
  // §7.1.2.2: without the parameter in the offer, the response must not limit the client's window.
  if (terms.clientMaxWindowBits === undefined && wanted.clientMaxWindowBits < maxWindowBits) return undefined;
  const hint = typeof terms.clientMaxWindowBits === 'number' ? terms.clientMaxWindowBits : maxWindowBits;
  return {
    serverNoContextTakeover: wanted.serverNoContextTakeover || terms.serverNoContextTakeover,
    clientNoContextTakeover: wanted.clientNoContextTakeover || terms.clientNoContextTakeover,
    serverMaxWindowBits,
    clientMaxWindowBits: Math.min(wanted.clientMaxWindowBits, hint),
  };
}

function formatResponse(parameters: DeflateParameters, terms: Terms): string {
  // §7.1.2.1: the server accepts the parameter by including it, even when 15 says nothing.
  const isAsked = terms.serverMaxWindowBits !== undefined;
  const { serverMaxWindowBits, clientMaxWindowBits } = parameters;
  return format({
    ...parameters,
    serverMaxWindowBits: isAsked ? serverMaxWindowBits : belowMax(serverMaxWindowBits),
    clientMaxWindowBits: belowMax(clientMaxWindowBits),
  });
}

/** §7.1, as a client: whatever the offer did not allow fails the connection. */
function acceptAnswer(terms: Terms, asked: Terms): DeflateAnswer {
  const { serverMaxWindowBits = maxWindowBits, clientMaxWindowBits = maxWindowBits } = terms;
  if (asked.serverNoContextTakeover && !terms.serverNoContextTakeover) {
    return failed('the answer lacks "server_no_context_takeover" (RFC 7692 §7.1.1.1)');
  }
  if (serverMaxWindowBits > (asked.serverMaxWindowBits ?? maxWindowBits)) {
    return failed(`"server_max_window_bits=${serverMaxWindowBits}" is over the offer (RFC 7692 §7.1.2.1)`);
  }
  if (clientMaxWindowBits === true) {
    return failed('"client_max_window_bits" has no value in the answer (RFC 7692 §7.1.2.2)');
  }
  if (terms.clientMaxWindowBits !== undefined && asked.clientMaxWindowBits === undefined) {
    return failed('"client_max_window_bits" answers no offer (RFC 7692 §7.1.2.2)');
  }
  const hint = typeof asked.clientMaxWindowBits === 'number' ? asked.clientMaxWindowBits : maxWindowBits;
  if (terms.clientMaxWindowBits !== undefined && clientMaxWindowBits > hint) {
    return failed(`"client_max_window_bits=${clientMaxWindowBits}" is over the offer (RFC 7692 §7.1.2.2)`);
  }
  const ours = Math.min(clientMaxWindowBits, hint);
  if (ours < minDeflateWindowBits) {
    return failed(`"client_max_window_bits=${ours}" is not supported: zlib's least is 9 (RFC 7692 §7.1)`);
  }
  return {
    type: 'accepted',
    parameters: {
      serverNoContextTakeover: terms.serverNoContextTakeover,
      clientNoContextTakeover: terms.clientNoContextTakeover || asked.clientNoContextTakeover,
      serverMaxWindowBits,
      clientMaxWindowBits: ours,
    },
  };
}

/** Parses the parameters, or says why they are not valid. Names are compared, never looked up in an object. */
function parseTerms({ parameters }: Extension): Terms | string {
  const terms: Terms = {
    serverNoContextTakeover: false,
    clientNoContextTakeover: false,
    serverMaxWindowBits: undefined,
    clientMaxWindowBits: undefined,
  };
  // Before anything else: with at most one of each name, what follows is short.
  if (parameters.length > 4)
    return `"${parameters.length}" parameters are over the four that exist (RFC 7692 §7.1)`;
  if (new Set(parameters.map(([name]) => name)).size < parameters.length) {
    return 'a parameter comes twice (RFC 7692 §7.1)';
  }
  for (const [name, value] of parameters) {
    const bits = value !== undefined && windowBitsPattern.test(value) ? Number(value) : undefined;
    const isFlag = value === undefined;
    if (name === 'server_no_context_takeover' && isFlag) terms.serverNoContextTakeover = true;
    else if (name === 'client_no_context_takeover' && isFlag) terms.clientNoContextTakeover = true;
    else if (name === 'server_max_window_bits' && bits !== undefined) terms.serverMaxWindowBits = bits;
    else if (name === 'client_max_window_bits' && (isFlag || bits !== undefined)) {
      terms.clientMaxWindowBits = bits ?? true;
    } else return `"${isFlag ? name : `${name}=${value}`}" is not valid (RFC 7692 §7.1)`;
  }
  return terms;
}

function format(terms: Terms): string {
  const { serverMaxWindowBits: server, clientMaxWindowBits: client } = terms;
  let header = extensionName;
  if (terms.serverNoContextTakeover) header += '; server_no_context_takeover';
  if (terms.clientNoContextTakeover) header += '; client_no_context_takeover';
  if (server !== undefined) header += `; server_max_window_bits=${server}`;
  if (client !== undefined) header += `; client_max_window_bits${client === true ? '' : `=${client}`}`;
  return header;
}

/** The end that compresses needs a window that zlib can compress with; the one that inflates takes any. */
function resolve(options: DeflateOptions, role: 'server' | 'client'): DeflateParameters {
  checkTuning(options);
  const bits = (name: 'serverMaxWindowBits' | 'clientMaxWindowBits'): number => {
    const value = options[name] ?? maxWindowBits;
    const least = name.startsWith(role) ? minDeflateWindowBits : 8;
    if (Number.isInteger(value) && value >= least && value <= maxWindowBits) return value;
    throw new RangeError(`Cannot use ${name} "${value}": it must be ${least} to 15 (RFC 7692 §7.1.2)`);
  };
  return {
    serverNoContextTakeover: options.serverNoContextTakeover ?? true,
    clientNoContextTakeover: options.clientNoContextTakeover ?? true,
    serverMaxWindowBits: bits('serverMaxWindowBits'),
    clientMaxWindowBits: bits('clientMaxWindowBits'),
  };
}

/** The largest window is what everybody has who says nothing. */
function belowMax(bits: number): number | undefined {
  return bits < maxWindowBits ? bits : undefined;
}

function failed(reason: string): DeflateAnswer {
  return { type: 'failed', reason: `Cannot accept permessage-deflate: ${reason}` };
}
