/** Socket.IO spoken by hand, over WebSocket and by polling: no client's library stands between the bytes and the notes. */
import type { Notebook } from './notebook.ts';
import { frame, Opcode, RawConnection, text, upgradeRequest } from './raw-connection.ts';
import type { Scenario, ServerUnderTest, Stage } from './scenario.ts';

/** Engine.IO's revision. Over 3, Socket.IO speaks its protocol 4, else 5. */
export type Revision = 3 | 4;

/** Text as it goes into a frame; bytes as the attachment that they are. */
export type Packet = string | Buffer;

/** What both servers offer to who speaks by hand. */
export function wireServer(io: ServerUnderTest, { notes }: Stage): void {
  for (const name of ['/', '/other']) {
    io.of(name).on('connection', (socket) => {
      const party = `server ${name}`;
      notes.note(party, 'connection', { ...socket.handshake.auth });
      socket.on('echo', (...details: unknown[]) => {
        notes.note(party, 'echo', ...details);
        const last = details.at(-1);
        if (typeof last === 'function') (last as (...words: unknown[]) => void)(...details.slice(0, -1));
        else socket.emit('echo', ...details);
      });
      socket.on('ask me', (...details: unknown[]) => {
        socket.emit('question', ...details, (...answer: unknown[]) => notes.note(party, 'answer', ...answer));
      });
      socket.on('fence', () => socket.emit('fence'));
      // Its words are the decoder's own.
      socket.on('error', (error: Error) => notes.note(party, 'error', error instanceof Error));
      socket.on('disconnect', (reason) => notes.note(party, 'disconnect', reason));
    });
  }
  io.of('/guarded').use((_socket, next) => next(Object.assign(new Error('not you'), { data: { code: 7 } })));
}

/** Ids vary, and are found in handshakes alone. */
export function withoutIds(packet: string): string {
  return packet.replaceAll(/"(sid|pid)":"[^"]*"/g, '"$1":"…"').replaceAll(/#[\w-]{20}/g, '#…');
}

export function portOf({ url }: Stage): number {
  return Number(new URL(url).port);
}

/** Opens a WebSocket and reads the handshake; in revision 3 the connect packet follows it by itself. */
export async function openWire(stage: Stage, revision: Revision, sid?: string): Promise<RawConnection> {
  const raw = await RawConnection.open(portOf(stage));
  stage.cleanUp(() => raw.destroy());
  const session = sid === undefined ? '' : `&sid=${sid}`;
  raw.send(upgradeRequest({ path: `/socket.io/?EIO=${revision}&transport=websocket${session}` }));
  const { status } = await raw.response();
  if (status !== 101) throw new Error(`Expected to upgrade, got ${status}`);
  if (sid === undefined) stage.notes.note('hand', 'open', withoutIds(await raw.nextText()));
  return raw;
}

export function frameOf(packet: Packet, revision: Revision): Buffer {
  if (typeof packet === 'string') return text(packet);
  // In revision 3 binary frames begin with the engine packet's type.
  const payload = revision === 3 ? Buffer.concat([Buffer.from([4]), packet]) : packet;
  return frame({ opcode: Opcode.binary, payload });
}

/** Notes the next frame. @returns it, or nothing if the server has ended the connection */
async function noteNext(raw: RawConnection, notes: Notebook): Promise<string | Buffer | undefined> {
  const next = await raw.nextFrameOrEnd();
  if (next === undefined || next.opcode === Opcode.close) {
    notes.note('hand', 'closed');
    return undefined;
  }
  const packet = next.opcode === Opcode.text ? withoutIds(next.payload.toString()) : next.payload;
  notes.note('hand', 'hears', packet);
  return packet;
}

/** Notes what comes until `last`, or until the server ends it. @returns whether it is still open */
export async function noteUntil(raw: RawConnection, notes: Notebook, last: string): Promise<boolean> {
  for (;;) {
    const packet = await noteNext(raw, notes);
    if (packet === last) return true;
    if (packet === undefined) return false;
  }
}

/** What is answered by itself, though not at once: who goes on before may come too early. */
function isWaitedFor(packet: Packet): boolean {
  return typeof packet === 'string' && (packet.startsWith('40') || packet.includes('"ask me"'));
}

interface Spoken {
  revision?: Revision;
  /** Whether the main namespace is joined first. */
  joined?: boolean;
  options?: Scenario['options'];
  differs?: string;
  todo?: string;
}

/** Over WebSocket: says the packets, then asks for a fence, and notes what is heard until that comes, or the end. */
export function spoken(name: string, packets: readonly Packet[], how: Spoken = {}): Scenario {
  const { revision = 4, joined = true, options, differs, todo } = how;
  return {
    name,
    modes: ['websocket'],
    options: { allowEIO3: revision === 3, ...options },
    ...(differs !== undefined && { differs }),
    ...(todo !== undefined && { todo }),
    server: wireServer,
    async client(_connect, stage) {
      const { notes } = stage;
      const raw = await openWire(stage, revision);
      if (revision === 4 && joined) raw.send(text('40'));
      if (revision === 3 || joined) notes.note('hand', 'hears', withoutIds(await raw.nextText()));
      let isOpen = true;
      let isDue = false;
      for (const [index, packet] of packets.entries()) {
        raw.send(frameOf(packet, revision));
        isDue ||= isWaitedFor(packet);
        if (!isOpen || !isDue || packets[index + 1] instanceof Buffer) continue;
        isDue = false;
        isOpen = (await noteNext(raw, notes)) !== undefined;
      }
      raw.send(text('42["fence"]'));
      isOpen &&= await noteUntil(raw, notes, '42["fence"]');
      if (!isOpen && (revision === 3 || joined)) await notes.until('server /', 'disconnect');
    },
  };
}

const RS = '\u001e';

/** One polling session by hand. */
export class PollingHand {
  readonly #url: string;
  readonly #revision: Revision;
  readonly #notes: Notebook;

  private constructor(url: string, revision: Revision, notes: Notebook) {
    this.#url = url;
    this.#revision = revision;
    this.#notes = notes;
  }

  static async open({ url, notes }: Stage, revision: Revision, more = ''): Promise<PollingHand> {
    const endpoint = `${url}/socket.io/?EIO=${revision}&transport=polling${more}`;
    const answer = await (await fetch(endpoint)).text();
    const sid = /"sid":"([^"]+)"/.exec(answer)?.[1] ?? '';
    notes.note('hand', 'open', withoutIds(/0\{[^}]*\}/.exec(answer)?.[0] ?? answer));
    const hand = new PollingHand(`${endpoint}&sid=${sid}`, revision, notes);
    // Whether the connect packet of revision 3 comes with the handshake or behind it is the server's affair.
    if (revision === 3 && !answer.endsWith('2:40')) await hand.hear();
    return hand;
  }

  get sid(): string {
    return new URL(this.#url).searchParams.get('sid') ?? '';
  }

  /** Says packets in one body, and notes the answer. */
  async say(...packets: readonly string[]): Promise<void> {
    const body =
      this.#revision === 4
        ? packets.join(RS)
        : packets.map((packet) => `${packet.length}:${packet}`).join('');
    await this.post(body);
  }

  async post(body: string | Buffer, type = 'text/plain;charset=UTF-8', noted = true): Promise<void> {
    const answer = await fetch(this.#url, {
      method: 'POST',
      headers: { 'content-type': type },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });
    const said = await answer.text();
    if (noted) this.#notes.note('hand', 'said', answer.status, said);
  }

  /** One poll. */
  async hear(): Promise<string> {
    const answer = await fetch(this.#url);
    const bytes = Buffer.from(await answer.arrayBuffer());
    return answer.headers.get('content-type') === 'application/octet-stream'
      ? bytes.toString('latin1')
      : bytes.toString();
  }

  /** Polls until `last` is heard, and notes all packets, however many came at a time. A noop is nothing. */
  async noteUntil(last: string): Promise<void> {
    for (;;) {
      for (const packet of this.#packetsOf(await this.hear())) {
        if (packet !== '6') this.#notes.note('hand', 'hears', withoutIds(packet));
        if (packet === last || packet === '1' || packet.startsWith('{"code"')) return;
      }
    }
  }

  #packetsOf(payload: string): string[] {
    if (this.#revision === 4 || !/^\d+:/.test(payload)) return payload.split(RS);
    const packets: string[] = [];
    for (let at = 0; at < payload.length;) {
      const colon = payload.indexOf(':', at);
      const end = colon + 1 + Number(payload.slice(at, colon));
      packets.push(payload.slice(colon + 1, end));
      at = end;
    }
    return packets;
  }
}

/** By polling: joins, says the packets in one body, and notes what is heard. */
export function posted(
  name: string,
  packets: readonly string[],
  how: Spoken & { query?: string } = {},
): Scenario {
  const { revision = 4, options, differs, todo, query } = how;
  return {
    name,
    modes: ['polling'],
    options: { allowEIO3: revision === 3, ...options },
    ...(differs !== undefined && { differs }),
    ...(todo !== undefined && { todo }),
    server: wireServer,
    async client(_connect, stage) {
      const hand = await PollingHand.open(stage, revision, query);
      if (revision === 4) {
        await hand.say('40');
        stage.notes.note('hand', 'hears', withoutIds(await hand.hear()));
      }
      for (const packet of packets) {
        await hand.say(packet);
        if (isWaitedFor(packet)) stage.notes.note('hand', 'hears', withoutIds(await hand.hear()));
      }
      await hand.say('42["fence"]');
      await hand.noteUntil('42["fence"]');
    },
  };
}
