/** What one can paste to see a new bot live. Nothing in them needs escaping: a token has only letters, digits, - and _. */

/** A bot for Node, `npm install socket.io-client` before: it says hello, and answers "ping". */
export function speakerScript(origin: string, token: string): string {
  return `import { io } from 'socket.io-client';

const socket = io('${origin}', {
  auth: { token: '${token}' },
});
const say = (room, body) => {
  const nonce = crypto.randomUUID().replaceAll('-', '');
  return socket.emitWithAck('send', { room, body, nonce });
};

socket.on('connect', async () => {
  await socket.emitWithAck('hello', {});
  await say('general', 'Here I am.');
});
socket.on('message', ({ room, from, body }) => {
  if (body === 'ping' && !from.bot) say(room, 'pong');
});
`;
}

/** Reads the newest messages of the room that everybody is in. */
export function readerScript(origin: string, token: string): string {
  return `curl -H 'Authorization: Bearer ${token}' \\
  '${origin}/api/rooms/general/messages?limit=20'
`;
}
