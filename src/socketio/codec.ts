/**
 * What turns packets into engine messages and back: our own, for the default parser's format, or a parser of the user's
 * in Socket.IO's shape (`{ Encoder, Decoder }`, a msgpack one for instance).
 */
import { ProtocolError, StateError } from '../errors.ts';
import { checkPacket } from './check-packet.ts';
import type { Packet } from './packet.ts';
import { type Decoded, PacketDecoder } from './packet-decoder.ts';
import { encodePacket } from './packet-encoder.ts';
import { formatParserPacket, type ParserPacket, parserPacketType } from './parser-packet.ts';

/** Engine messages of one packet, in order and with nothing in between. */
export type EngineMessages = readonly (string | Buffer)[];

/** The decoder of one connection. */
export interface MessageDecoder {
  /** Receives one engine message. Never throws for what a peer sent. */
  receive(message: string | Buffer): Decoded;
  /** Forgets an unfinished packet: the connection is gone. Harmless again. */
  discard(): void;
}

export interface Codec {
  /** @throws {TypeError} when the data cannot be serialised */
  encode(packet: Packet): EngineMessages;
  openDecoder(): MessageDecoder;
}

/** A parser as Socket.IO's `parser` option takes it. */
export interface Parser {
  Encoder: new () => { encode(packet: ParserPacket): (string | Buffer)[] };
  Decoder: new () => {
    add(message: string | Buffer): void;
    on(event: 'decoded', listener: (packet: ParserPacket) => void): unknown;
    destroy?(): void;
  };
}

/** @param limits `maxAttachments`: how many attachments a packet may announce */
export function openCodec(limits: { maxAttachments: number }, parser?: Parser): Codec {
  if (parser !== undefined) return new ParserCodec(parser);
  return {
    encode: encodeMessages,
    openDecoder: () => new PacketDecoder(limits),
  };
}

/** In the format of the default parser. */
export function encodeMessages(packet: Packet): EngineMessages {
  const { text, attachments } = encodePacket(packet);
  return attachments.length === 0 ? [text] : [text, ...attachments];
}

class ParserCodec implements Codec {
  readonly #encoder: InstanceType<Parser['Encoder']>;
  readonly #Decoder: Parser['Decoder'];

  constructor(parser: Parser) {
    this.#encoder = new parser.Encoder();
    this.#Decoder = parser.Decoder;
  }

  encode(packet: Packet): EngineMessages {
    return this.#encoder.encode(formatParserPacket(packet));
  }

  openDecoder(): MessageDecoder {
    return new ParserDecoder(new this.#Decoder());
  }
}

class ParserDecoder implements MessageDecoder {
  readonly #decoder: InstanceType<Parser['Decoder']>;
  #decoded: ParserPacket | undefined;

  constructor(decoder: InstanceType<Parser['Decoder']>) {
    this.#decoder = decoder;
    decoder.on('decoded', (packet) => {
      if (this.#decoded !== undefined)
        throw new StateError('A parser must make at most one packet of a message');
      this.#decoded = packet;
    });
  }

  receive(message: string | Buffer): Decoded {
    try {
      this.#decoder.add(message);
      const decoded = this.#decoded;
      if (decoded === undefined) return { type: 'incomplete' };
      this.#decoded = undefined;
      const type = parserPacketType(decoded.type);
      if (typeof decoded.nsp !== 'string')
        throw new ProtocolError('Cannot accept packet: it has no namespace');
      return checkPacket(type, decoded.nsp, decoded.id, decoded.data);
    } catch (error) {
      // A parser of the user's may throw anything for what a peer sent.
      return { type: 'invalid', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  discard(): void {
    this.#decoder.destroy?.();
  }
}
