/** uWebSockets.js with its own publish and subscribe, bare. Plain JavaScript: it runs on the Node that its build is for. */
import { createRequire } from 'node:module';

const require = createRequire(new URL('../uws/package.json', import.meta.url));
const uws = require('@trufflesuite/uws-js-unofficial');
const mode = process.argv[2];
const { deflate = false, tls } = JSON.parse(process.argv[3] ?? '{}');

const app =
  tls === undefined
    ? uws.App()
    : uws.SSLApp({ key_file_name: `${tls}/key.pem`, cert_file_name: `${tls}/cert.pem` });
// Where the native build does not load, the package hands out a program in JavaScript instead.
if (!app.constructor.name.startsWith('uWS.'))
  throw new Error(`This is not uWebSockets.js but ${app.constructor.name}`);

app.ws('/*', {
  idleTimeout: 0,
  maxPayloadLength: 2 * 1024 * 1024,
  maxBackpressure: 0,
  compression: deflate ? uws.SHARED_COMPRESSOR : uws.DISABLED,
  upgrade: (response, request, context) =>
    response.upgrade(
      { topic: request.getUrl() },
      request.getHeader('sec-websocket-key'),
      request.getHeader('sec-websocket-protocol'),
      request.getHeader('sec-websocket-extensions'),
      context,
    ),
  open: (socket) => socket.subscribe(socket.getUserData().topic),
  message(socket, data, isBinary) {
    if (mode === 'echo') socket.send(data, isBinary, deflate);
    else app.publish(socket.getUserData().topic, data, isBinary, deflate);
  },
});

app.listen('127.0.0.1', 0, (listener) => {
  process.stdout.write(`listening ${uws.us_socket_local_port(listener)}\n`);
});
process.stdin.on('data', () => {
  globalThis.gc();
  process.stdout.write('collected\n');
});
process.stdin.on('end', () => process.exit());
