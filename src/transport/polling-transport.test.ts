import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { EngineStage, turn } from '../../test/engine-stage.ts';

const target = (sid: string): string => `/socket.io/?EIO=4&transport=polling&sid=${sid}`;
const head = (method: string, sid: string, ...lines: string[]): string =>
  [`${method} ${target(sid)} HTTP/1.1`, 'Host: x', ...lines, '', ''].join('\r\n');

/** What a connection hears until it holds `fits`. */
async function hear(tcp: Socket, fits: RegExp): Promise<string> {
  let text = '';
  while (!fits.test(text)) {
    const [chunk] = (await once(tcp, 'data')) as [Buffer];
    text += chunk.toString();
  }
  return text;
}

describe('PollingTransport', () => {
  it('serves requests that follow each other on one connection, pipelined too', async (t) => {
    const stage = await EngineStage.start(t);
    const sid = await stage.openPolling();
    const tcp = stage.tcp(`${head('POST', sid, 'Content-Length: 2')}4a`);
    await hear(tcp, /ok$/);
    tcp.write(`${head('POST', sid, 'Content-Length: 2')}4b${head('GET', sid)}`);
    await hear(tcp, /ok$/);
    stage.socket.send('hello');
    await hear(tcp, /4hello$/);
    assert.deepEqual(stage.messages, ['a', 'b']);
    tcp.destroy();
  });

  it('takes a body whole, in chunks of one byte, and after "Expect: 100-continue"', async (t) => {
    const stage = await EngineStage.start(t);
    const sid = await stage.openPolling();
    const chunked = stage.tcp(head('POST', sid, 'Transfer-Encoding: chunked'));
    for (const letter of '4a\x1e4b') chunked.write(`1\r\n${letter}\r\n`);
    chunked.write('0\r\n\r\n');
    await hear(chunked, /200[^]*ok/);
    const expecting = stage.tcp(head('POST', sid, 'Content-Length: 2', 'Expect: 100-continue'));
    await hear(expecting, /100 Continue/);
    expecting.write('4c');
    await hear(expecting, /200[^]*ok/);
    assert.deepEqual(stage.messages, ['a', 'b', 'c']);
    for (const tcp of [chunked, expecting]) tcp.destroy();
  });

  it('delivers nothing of a body that breaks off, and ends the session', async (t) => {
    const stage = await EngineStage.start(t);
    for (const framing of ['Content-Length: 9', 'Transfer-Encoding: chunked']) {
      const sid = await stage.openPolling();
      const seen = stage.nextRequest();
      const tcp = stage.tcp(`${head('POST', sid, framing)}${framing.includes('9') ? '4a' : '2\r\n4a\r\n'}`);
      await seen;
      tcp.destroy();
      await once(stage.socket, 'close');
    }
    assert.deepEqual([stage.messages, stage.closes], [[], ['transport error', 'transport error']]);
    assert.deepEqual(await stage.emptied(), { sessions: 0, alarms: 0 });
  });

  it('outlives a body that is too large, and takes the next one', async (t) => {
    const stage = await EngineStage.start(t, { maxHttpBufferSize: 100 });
    const sid = await stage.openPolling();
    const tcp = stage.tcp(head('POST', sid, 'Transfer-Encoding: chunked'));
    tcp.write(`65\r\n${'4'.repeat(101)}\r\n`);
    await hear(tcp, / 413 /);
    // The next one comes while the first connection is still to close.
    const seen = stage.nextRequest();
    const next = stage.tcp(`${head('POST', sid, 'Content-Length: 2')}4`);
    await seen;
    tcp.destroy();
    await turn();
    next.write('a');
    await hear(next, /200[^]*ok/);
    assert.deepEqual([stage.messages, stage.closes], [['a'], []]);
    next.destroy();
  });

  it('ends the session when a waiting GET is dropped', async (t) => {
    const stage = await EngineStage.start(t);
    const sid = await stage.openPolling();
    const seen = stage.nextRequest();
    const tcp = stage.tcp(head('GET', sid));
    await seen;
    tcp.destroy();
    await stage.until(() => stage.closes.length === 1);
    assert.deepEqual(stage.closes, ['transport error']);
    assert.deepEqual(await stage.emptied(), { sessions: 0, alarms: 0 });
  });

  it('answers a POST that arrives while the session closes, and gives up one that does not arrive', async (t) => {
    const stage = await EngineStage.start(t);
    const posts: Socket[] = [];
    for (let count = 0; count < 2; count += 1) {
      const sid = await stage.openPolling();
      const seen = stage.nextRequest();
      posts.push(stage.tcp(`${head('POST', sid, 'Content-Length: 2')}4`));
      await seen;
      stage.socket.close();
    }
    const [ends, hangs] = posts as [Socket, Socket];
    ends.write('a');
    await hear(ends, /ok$/);
    ends.destroy();
    stage.clock.advance(3_010);
    await once(hangs.resume(), 'close');
    assert.deepEqual(stage.messages, []);
    assert.deepEqual(await stage.emptied(), { sessions: 0, alarms: 0 });
  });

  it('does not keep an answer for ever that its client does not read', async (t) => {
    const stage = await EngineStage.start(t, { maxOutboxBytes: Infinity });
    const sid = await stage.openPolling();
    stage.socket.send('a'.repeat(20_000_000));
    const seen = stage.nextRequest();
    const tcp = stage.tcp(head('GET', sid));
    tcp.pause();
    await seen;
    await turn();
    stage.clock.advance(25_000 + 20_000 + 20);
    assert.deepEqual(stage.closes, ['ping timeout']);
    stage.clock.advance(3_010);
    assert.deepEqual(await stage.emptied(), { sessions: 0, alarms: 0 });
    tcp.destroy();
  });
});
