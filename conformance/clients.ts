/** What scenarios ask of official clients again and again. */
import type { Socket as ClientSocket } from 'socket.io-client';
import { PATIENCE_MS } from './notebook.ts';
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
  const answer: unknown = await client.timeout(PATIENCE_MS).emitWithAck(event, ...details);
  return answer;
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
