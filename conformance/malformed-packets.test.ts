/** What clients with broken Engine.IO v4 and Socket.IO v5 packets are told, over WebSocket and over polling. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hostileStage, MAX_BYTES } from './hostile-stage.ts';
import { frame, Opcode, text } from './raw-connection.ts';

const stage = hostileStage();
const bytes = frame({ opcode: Opcode.binary, payload: Buffer.from([1, 2, 3]) });

describe('broken engine packets over WebSocket', () => {
  const broken: [string, Buffer][] = [
    ['an empty text frame', text('')],
    ['an unknown type', text('9')],
    ['a letter for a type', text('x42["echo",1]')],
    ["a ping, which is the server's to send", text('2')],
    ['base64, which is for polling alone', text('bAQID')],
    ['bytes that no packet announced', bytes],
    ['an empty binary frame', frame({ opcode: Opcode.binary })],
  ];
  for (const [what, sent] of broken) {
    test(`${what}: the connection is closed`, async () => {
      const raw = await stage.open();
      raw.send(sent);
      await raw.endingInPeace();
      await stage.disconnectNoticed();
    });
  }

  test('a pong that was not asked for is harmless', async () => {
    const raw = await stage.open();
    raw.send(text('3'), text('3probe'));
    await stage.stillEchoes(raw);
  });

  test('a noop is harmless', async () => {
    const raw = await stage.open();
    raw.send(text('6'));
    await stage.stillEchoes(raw);
  });
});

describe('broken socket packets', () => {
  const broken: [string, ...string[]][] = [
    ['an empty packet', '4'],
    ['an unknown type', '47'],
    ['a letter for a type', '4x'],
    ['an event that is no array', '42{"a":1}'],
    ['an event without a name', '42[]'],
    ['an event whose name is an object', '42[{}]'],
    ['an event whose name is null', '42[null]'],
    ['JSON that breaks off', '42["echo"'],
    ['JSON with something behind', '42["echo"]]'],
    ['a reserved name: connect', '42["connect"]'],
    ['a reserved name: connect_error', '42["connect_error"]'],
    ['a reserved name: disconnect', '42["disconnect","faked"]'],
    ['a reserved name: disconnecting', '42["disconnecting"]'],
    ['a reserved name: newListener', '42["newListener"]'],
    ['a reserved name: removeListener', '42["removeListener"]'],
    ['an event for a namespace never joined', '42/admin,["echo",1]'],
    ['an ack that is no array', '431{"a":1}'],
    ['a second connect', '40'],
    ['a connect whose auth is no object', '40/,"text"'],
    ['a disconnect with data', '41["x"]'],
    ["a connect error, which is the server's to send", '44{"message":"x"}'],
    ['a binary event without attachments', '45["echo",1]'],
    ['a binary event of zero attachments', '450-["echo",1]'],
    ['a binary event of -1 attachments', '45-1-["echo",1]'],
    ['a binary event of 1.5 attachments', '451.5-["echo",1]'],
    ['a binary event of 1e1 attachments and a bad body', '451e1-{'],
    ['more attachments than allowed', '4511-["echo",{"_placeholder":true,"num":0}]'],
    ['text where an attachment is due', '451-["echo",{"_placeholder":true,"num":0}]', '42["echo",1]'],
  ];
  for (const [what, ...packets] of broken) {
    test(`${what}: the connection is closed`, async () => {
      const raw = await stage.open();
      raw.send(...packets.map(text));
      await raw.endingInPeace();
      await stage.disconnectNoticed();
    });
  }

  const placeholders: [string, string][] = [
    ['points past the attachments', '451-["echo",{"_placeholder":true,"num":1}]'],
    ['points before them', '451-["echo",{"_placeholder":true,"num":-1}]'],
    ['is numbered with text', '451-["echo",{"_placeholder":true,"num":"0"}]'],
    ['has no number', '451-["echo",{"_placeholder":true}]'],
  ];
  for (const [what, packet] of placeholders) {
    test(`a placeholder that ${what}: the connection is closed`, async () => {
      const raw = await stage.open();
      raw.send(text(packet), bytes);
      await raw.endingInPeace();
      await stage.disconnectNoticed();
    });
  }

  test('an event before any connect closes the connection', async () => {
    const raw = await stage.open('engine');
    raw.send(text('42["echo",1]'));
    await raw.endingInPeace();
  });

  test('an unknown namespace is refused, the connection stays', async () => {
    const raw = await stage.open();
    raw.send(text('40/nowhere,'));
    assert.equal(await raw.nextText(), '44/nowhere,{"message":"Invalid namespace"}');
    await stage.stillEchoes(raw);
  });

  test('answers to questions that were never asked are ignored', async () => {
    const raw = await stage.open();
    raw.send(text('43999[1]'), text('430[]'));
    await stage.stillEchoes(raw);
  });

  test('__proto__ in data is data', async () => {
    const raw = await stage.open();
    const packet =
      '42["swallow",{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}]';
    raw.send(text(packet));
    assert.equal(await raw.nextText(), '42["swallowed"]');
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
  });

  test('data nested ten thousand deep is taken or refused, and harms nobody', async () => {
    const raw = await stage.open();
    raw.send(text(`42["swallow",${'['.repeat(10_000)}${']'.repeat(10_000)}]`));
    const { opcode, payload } = await raw.nextFrame();
    if (opcode === Opcode.text) assert.equal(payload.toString(), '42["swallowed"]');
    else assert.equal(opcode, Opcode.close);
  });

  test('attachments of an event that never comes to its end', async () => {
    const raw = await stage.open();
    raw.send(text('452-["echo",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]'), bytes);
    raw.halfClose();
    await stage.disconnectNoticed();
    await raw.ending();
  });
});

describe('broken polling', () => {
  const endpoint = (): string => `${stage.url()}/socket.io/?EIO=4&transport=polling`;

  async function openSession(): Promise<string> {
    const opened = await (await fetch(endpoint())).text();
    const { sid } = JSON.parse(opened.slice(1)) as { sid: string };
    const session = `${endpoint()}&sid=${sid}`;
    await post(session, '40');
    assert.match(await (await fetch(session)).text(), /^40\{/);
    return session;
  }

  async function post(session: string, body: string | Buffer): Promise<number> {
    const response = await fetch(session, { method: 'POST', body });
    await response.arrayBuffer();
    return response.status;
  }

  async function isGone(session: string): Promise<void> {
    const response = await fetch(session);
    assert.equal(response.status, 400);
    assert.deepEqual(await response.json(), { code: 1, message: 'Session ID unknown' });
  }

  const broken: [string, string | Buffer][] = [
    ['nothing', ''],
    ['separators alone', '\u001e\u001e'],
    ['an unknown type', 'x'],
    ['an unknown type after a good packet', '42["swallow"]\u001ex'],
    ['a ping', '2'],
    ['an unknown socket packet', '49'],
    ['base64 that no packet announced', 'bAQID'],
    ['bytes that are not UTF-8', Buffer.from([0xff, 0xfe, 0x34])],
  ];
  for (const [what, body] of broken) {
    test(`a body of ${what}: the session ends`, async () => {
      const session = await openSession();
      // With a poll waiting, as real clients have.
      const poll = fetch(session);
      await post(session, body);
      await stage.disconnectNoticed();
      await (await poll).arrayBuffer();
      await isGone(session);
    });
  }

  test('a body over the limit is refused with 413', async () => {
    assert.equal(await post(await openSession(), `4${'x'.repeat(MAX_BYTES)}`), 413);
  });

  test('a declared length over the limit is refused before the body came', async () => {
    const session = new URL(await openSession());
    const raw = await stage.open('tcp');
    raw.send(
      `POST ${session.pathname}${session.search} HTTP/1.1\r\nHost: x\r\nContent-Length: ${MAX_BYTES * 10}\r\n\r\n`,
    );
    // A server may also wait for the bytes: then it must refuse as soon as there are too many of them.
    raw.send('x'.repeat(MAX_BYTES + 1));
    assert.equal((await raw.response()).status, 413);
  });

  test('a body without a length that grows over the limit', async () => {
    const session = new URL(await openSession());
    const raw = await stage.open('tcp');
    raw.send(
      `POST ${session.pathname}${session.search} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    for (let sent = 0; sent <= MAX_BYTES; sent += 20_000) raw.send(`4e20\r\n${'x'.repeat(20_000)}\r\n`);
    assert.equal((await raw.response()).status, 413);
  });

  test('a body that breaks off ends the session', async () => {
    const session = await openSession();
    const { pathname, search } = new URL(session);
    const raw = await stage.open('tcp');
    raw.send(`POST ${pathname}${search} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n42["ec`);
    raw.halfClose();
    await stage.disconnectNoticed();
    await isGone(session);
  });

  test('a poll that breaks off ends the session', async () => {
    const session = await openSession();
    const { pathname, search } = new URL(session);
    const raw = await stage.open('tcp');
    raw.send(`GET ${pathname}${search} HTTP/1.1\r\nHost: x\r\n\r\n`);
    // An answer on another connection: the server has read the poll before it, or will find it broken off after.
    assert.equal(await post(session, '42["nothing"]'), 200);
    raw.reset();
    await stage.disconnectNoticed();
    await isGone(session);
  });
});
