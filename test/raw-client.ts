/** A peer of our own on bare TCP: speaks WebSocket and nothing above it, and does what a well-behaved client would not. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { WebSocket, type WebSocketEvent } from '../src/websocket/websocket.ts';

export class RawClient {
  readonly tcp: Socket;
  readonly websocket: WebSocket;
  readonly events: WebSocketEvent[] = [];
  #wake: () => void = () => {};

  private constructor(tcp: Socket) {
    this.tcp = tcp;
    this.websocket = new WebSocket({ role: 'client', maxMessageBytes: Infinity });
  }

  /** Opens a WebSocket to `path` on a local port. @throws when the answer is not 101 */
  static async open(port: number, path = '/socket.io/?EIO=4&transport=websocket'): Promise<RawClient> {
    const tcp = connect(port, '127.0.0.1');
    tcp.write(
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
    );
    const client = new RawClient(tcp);
    let head = Buffer.alloc(0);
    while (!head.includes('\r\n\r\n')) {
      const [chunk] = (await once(tcp, 'data')) as [Buffer];
      head = Buffer.concat([head, chunk]);
    }
    const end = head.indexOf('\r\n\r\n') + 4;
    if (!head.toString().startsWith('HTTP/1.1 101')) throw new Error(head.toString());
    tcp.on('data', (chunk) => client.#receive(chunk));
    tcp.on('close', () => client.#onClose());
    tcp.on('error', () => {});
    if (end < head.length) client.#receive(head.subarray(end));
    return client;
  }

  /** Opens one and enters the main namespace. */
  static async enter(port: number): Promise<RawClient> {
    const client = await RawClient.open(port);
    client.say('40');
    await client.hear((text) => text.startsWith('40'));
    return client;
  }

  say(text: string): void {
    this.tcp.write(this.websocket.text(text));
  }

  /** The next text, heard already or to come, that fits. Texts before it are forgotten. */
  async hear(fits: (text: string) => boolean): Promise<string> {
    const event = await this.until((one) => one.type === 'text' && fits(one.text));
    return event.type === 'text' ? event.text : '';
  }

  /** The next event that fits. */
  async until(fits: (event: WebSocketEvent) => boolean): Promise<WebSocketEvent> {
    for (;;) {
      const at = this.events.findIndex(fits);
      const event = this.events[at];
      if (event !== undefined) {
        this.events.splice(0, at + 1);
        return event;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #receive(chunk: Buffer): void {
    this.websocket.receive(chunk, (event) => {
      this.events.push(event);
      if (event.type === 'closing') this.tcp.end(event.reply);
    });
    this.#wake();
  }

  #onClose(): void {
    this.websocket.receiveEnd((event) => this.events.push(event));
    this.#wake();
  }
}
