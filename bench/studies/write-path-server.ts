/** Hands one frame to each socket in one of several ways. Nothing else: no parser, no heartbeat, one handshake key. */
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { SENT_BYTES, TEXT_BYTES } from '../generator/frames.ts';
import { announce, collectNodeGarbage } from '../servers/control.ts';

const HEAD =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n';
const nothing = (): void => {};

/** Each gets a whole frame: two bytes of header and the text. */
export const WAYS: Readonly<Record<string, (tcp: Socket, frame: Buffer) => void>> = {
  'write(buffer)': (tcp, frame) => tcp.write(frame),
  'write(buffer, callback)': (tcp, frame) => tcp.write(frame, nothing),
  'write(buffer, new closure)': (tcp, frame) => tcp.write(frame, () => {}),
  'write(latin1 string)': (tcp, frame) => tcp.write(text.get(frame) ?? '', 'latin1'),
  'cork, write, uncork': (tcp, frame) => {
    tcp.cork();
    tcp.write(frame);
    tcp.uncork();
  },
  'cork, write header, write payload, uncork (writev)': (tcp, frame) => {
    tcp.cork();
    tcp.write(frame.subarray(0, 2));
    tcp.write(frame.subarray(2));
    tcp.uncork();
  },
  'write header, write payload': (tcp, frame) => {
    tcp.write(frame.subarray(0, 2));
    tcp.write(frame.subarray(2));
  },
  'a copy for each, write': (tcp, frame) => tcp.write(Buffer.from(frame)),
};

/** The same bytes as a string, made once for all sockets, as a broadcast would. */
const text = new Map<Buffer, string>();

function serve(way: (tcp: Socket, frame: Buffer) => void, end: (flush: () => void) => void): void {
  const sockets = new Set<Socket>();
  const http = createServer();
  http.on('upgrade', (_request, tcp: Socket) => {
    tcp.setNoDelay(true).write(HEAD);
    sockets.add(tcp);
    tcp.on('close', () => sockets.delete(tcp)).on('error', nothing);
    tcp.on('data', (chunk: Buffer) => {
      const frame = answerTo(chunk);
      text.clear();
      text.set(frame, frame.toString('latin1'));
      end(() => {
        for (const other of sockets) way(other, frame);
      });
    });
  });
  http.listen(0, '127.0.0.1', () => {
    const address = http.address();
    if (address !== null && typeof address === 'object') announce(address.port, collectNodeGarbage);
  });
}

/** The generator sends short masked frames. */
function answerTo(chunk: Buffer): Buffer {
  if (chunk.length % SENT_BYTES !== 0) throw new Error(`Got ${chunk.length} bytes at once`);
  const count = chunk.length / SENT_BYTES;
  const frames = Buffer.alloc(count * (2 + TEXT_BYTES));
  for (let at = 0; at < count; at++) {
    const [from, to] = [at * SENT_BYTES, at * (2 + TEXT_BYTES)];
    frames[to] = 0x81;
    frames[to + 1] = TEXT_BYTES;
    for (let i = 0; i < TEXT_BYTES; i++)
      frames[to + 2 + i] = chunk.readUInt8(from + 6 + i) ^ chunk.readUInt8(from + 2 + (i & 3));
  }
  return frames;
}

const ENDS: Readonly<Record<string, (flush: () => void) => void>> = {
  setImmediate: (flush) => setImmediate(flush),
  microtask: (flush) => queueMicrotask(flush),
  'at once': (flush) => flush(),
};

if (import.meta.main) {
  const [way = '', end = ''] = process.argv.slice(2);
  const [write, flush] = [WAYS[way], ENDS[end]];
  if (write === undefined || flush === undefined) throw new Error(`There is no "${way}" or "${end}"`);
  serve(write, flush);
}
