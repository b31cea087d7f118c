/** The codecs that are compared. */
import http from 'node:http';
import { createRequire } from 'node:module';
import { applyMask, encodeFrame, Opcode, WebSocketProtocol } from 'websockets.io/websocket';
import type { Codec } from './cases.ts';

export const SIDES = ['websockets.io', 'ws, plain JS', 'ws + bufferutil'] as const;
export type Side = (typeof SIDES)[number];

/** What `ws` exports and its types do not know. */
interface WsParts {
  readonly Receiver: new (options: object) => NodeJS.WritableStream;
  readonly Sender: {
    frame(data: string | Buffer, options: object): (string | Buffer)[];
  };
}
interface WsMasks {
  unmask: (this: void, bytes: Buffer, key: Buffer) => void;
}

export async function loadCodec(side: Side): Promise<Codec> {
  if (side === 'websockets.io') return ours();
  // A Node that masks natively is preferred by ws to its helpers: hidden, so that what runs is what the name says.
  Object.assign(http, { websocketMask: undefined, websocketUnmask: undefined });
  const { Receiver, Sender } = (await import('ws')) as unknown as WsParts;
  const require = createRequire(import.meta.url);
  const folder = require.resolve('ws/package.json').replace('package.json', '');
  const { unmask } = require(`${folder}lib/buffer-util.js`) as WsMasks;
  return {
    decode(chunks, onMessage) {
      const receiver = new Receiver({ isServer: true, maxPayload: 1024 * 1024 });
      receiver.on('message', (data: Buffer, isBinary: boolean) => {
        onMessage(isBinary ? data : data.toString());
      });
      for (const chunk of chunks) receiver.write(chunk);
    },
    encode(message) {
      const data = typeof message === 'string' ? Buffer.from(message) : message;
      const opcode = typeof message === 'string' ? 1 : 2;
      return Sender.frame(data, { fin: true, opcode, mask: false, readOnly: true, rsv1: false }).map(
        (part) => (typeof part === 'string' ? Buffer.from(part) : part),
      );
    },
    unmask,
  };
}

function ours(): Codec {
  return {
    decode(chunks, onMessage) {
      const protocol = new WebSocketProtocol({ role: 'server', maxMessageBytes: 1024 * 1024 });
      for (const chunk of chunks) {
        protocol.receive(chunk, (event) => {
          if (event.type === 'text') onMessage(event.text);
          else if (event.type === 'binary') onMessage(event.bytes);
          else throw new Error(`"${event.type}" came`);
        });
      }
    },
    encode(message) {
      return [encodeFrame(typeof message === 'string' ? Opcode.text : Opcode.binary, message)];
    },
    unmask: (bytes, key) => applyMask(bytes, key),
  };
}
