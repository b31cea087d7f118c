/**
 * In which form a client gets its WebSocket frames: by its dialect, and by what was agreed on with it about compression.
 *
 * Equal clients share one form, since broadcasts are kept by it: they are compressed once for each size of window. That
 * needs messages that are compressed by themselves, so `server_no_context_takeover` is always agreed on.
 */
import { V4, type Dialect } from '../engineio/dialect.ts';
import type { PerMessageDeflateOptions } from '../options.ts';
import type { FrameForm, SharedDeflate } from '../rooms/prepared-packet.ts';
import type { DeflateTuning } from '../websocket/message-deflater.ts';
import {
  negotiateDeflate,
  type DeflateOptions,
  type DeflateParameters,
} from '../websocket/permessage-deflate.ts';

/** What was agreed on with one client. */
export interface DeflateAgreement {
  /** Of `Sec-WebSocket-Extensions`. */
  readonly response: string;
  readonly deflate: DeflateParameters & DeflateTuning;
}

export class FrameForms {
  readonly #wanted: DeflateOptions | undefined;
  readonly #deflates = new Map<number, SharedDeflate>();
  readonly #forms: FrameForm[] = [];

  /** @throws {RangeError} when an option is out of range */
  constructor(options: PerMessageDeflateOptions | undefined) {
    this.#wanted = options && wantedOf(options);
    // A first negotiation now, so that an option out of range throws here and not at the first client.
    this.agree('permessage-deflate');
  }

  /** Answers the client's offers. Undefined: nothing is compressed. */
  agree(extensions: string): DeflateAgreement | undefined {
    const agreed = this.#wanted && negotiateDeflate(extensions, this.#wanted);
    return agreed && { response: agreed.response, deflate: { ...this.#wanted, ...agreed.parameters } };
  }

  /** The form for one client. Undefined: the one that needs no looking up. */
  formFor(dialect: Dialect, agreement: DeflateAgreement | undefined): FrameForm | undefined {
    const { formatPacket } = dialect;
    const deflate = agreement && this.#deflateFor(agreement.deflate.serverMaxWindowBits);
    if (deflate === undefined && formatPacket === V4.formatPacket) return undefined;
    const known = this.#forms.find((form) => form.formatPacket === formatPacket && form.deflate === deflate);
    if (known !== undefined) return known;
    const form = { formatPacket, deflate };
    this.#forms.push(form);
    return form;
  }

  #deflateFor(windowBits: number): SharedDeflate {
    let deflate = this.#deflates.get(windowBits);
    if (deflate === undefined) {
      deflate = { threshold: 1024, ...this.#wanted, windowBits };
      this.#deflates.set(windowBits, deflate);
    }
    return deflate;
  }
}

function wantedOf(options: PerMessageDeflateOptions): DeflateOptions {
  const { threshold, clientNoContextTakeover, serverMaxWindowBits, clientMaxWindowBits } = options;
  const { level, memLevel } = options.zlibDeflateOptions ?? {};
  return withoutUnset({
    threshold,
    level,
    memLevel,
    serverNoContextTakeover: true,
    clientNoContextTakeover,
    serverMaxWindowBits,
    clientMaxWindowBits,
  });
}

/** What is undefined would hide a default. */
function withoutUnset(options: {
  [K in keyof DeflateOptions]: DeflateOptions[K] | undefined;
}): DeflateOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
