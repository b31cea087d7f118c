/** What scenarios ask of official clients again and again. */
import type { Socket } from 'socket.io';
import type { Socket as ClientSocket } from 'socket.io-client';
import { type Notebook, PATIENCE_MS } from './notebook.ts';
import type { Stage } from './scenario.ts';

/** Resolves when the client is connected. @throws {Error} on `connect_error` or after PATIENCE_MS. */
export async function connected(...clients: readonly ClientSocket[]): Promise<void> {
  await Promise.all(
    clients.map(async (client) => {
      if (client.connected) return;
      await within(`connection of a client`, (resolve, reject) => {
        client.once('connect', resolve);
        client.once('connect_error', reject);
      });
    }),
  );
}

/** Like `connected`, and in `upgrade` mode also waits until the client has left polling for good. */
export async function settled(stage: Stage, ...clients: readonly ClientSocket[]): Promise<void> {
  await connected(...clients);
  if (stage.mode !== 'upgrade') return;
  await Promise.all(
    clients.map(async (client) => {
      const { engine } = client.io;
      if (engine.transport.name === 'websocket') return;
      await within('upgrade of a client', (resolve) => {
        engine.once('upgrade', () => resolve());
      });
    }),
  );
}

/** Sends `event` and resolves with what the server answered. @throws {Error} after PATIENCE_MS. */
export async function ask(
  client: ClientSocket,
  event: string,
  ...details: readonly unknown[]
): Promise<unknown> {
  let answer: unknown;
  // By hand, for clients before 4 know no `timeout`.
  await within(`the answer to "${event}"`, (resolve) => {
    client.emit(event, ...details, (given: unknown) => {
      answer = given;
      resolve();
    });
  });
  return answer;
}

/** By which name a client came, whatever its version. */
export function nameOf({ handshake }: Pick<Socket, 'handshake'>): string {
  return String(handshake.auth['name'] ?? handshake.query['name']);
}

/** Notes what a client hears of these events. Clients before 3 know no `onAny`. */
export function hear(client: ClientSocket, { notes }: Stage, party: string, events: readonly string[]): void {
  for (const event of events) {
    client.on(event, (...details: unknown[]) => notes.note(party, event, ...details));
  }
}

/** Notes what `act` returns, or what it throws. */
export function attempt(notes: Notebook, party: string, what: string, act: () => unknown): void {
  let result: unknown;
  try {
    result = act();
  } catch (error) {
    notes.note(party, 'threw', what, error);
    return;
  }
  notes.note(party, 'returned', what, result);
}

async function within(
  what: string,
  start: (resolve: () => void, reject: (error: Error) => void) => void,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${what} took longer than ${PATIENCE_MS} ms`)),
      PATIENCE_MS,
    );
    start(
      () => {
        clearTimeout(timer);
        resolve();
      },
      (error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
