import assert from 'node:assert/strict';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { EngineStage, turn } from '../../test/engine-stage.ts';
import { chooseCoding } from './http-compression.ts';

describe('chooseCoding', () => {
  it('follows the weights, then the order of the server', () => {
    const cases: [header: string | undefined, chosen: string | undefined][] = [
      [undefined, undefined],
      ['', undefined],
      ['deflate, gzip', 'gzip'],
      ['GZIP;Q=0.1 , deflate; q=0.2', 'deflate'],
      ['gzip;q=0, *', 'deflate'],
      ['*', 'gzip'],
      ['deflate, *', 'deflate'],
      ['*;q=0', undefined],
      ['gzip;q=x', undefined],
      ['br, identity', undefined],
      [';;q=,,', undefined],
      ['__proto__, constructor', undefined],
    ];
    for (const [header, chosen] of cases) {
      assert.equal(chooseCoding(header, ['gzip', 'deflate']), chosen, header);
    }
  });
});

/** A poll with raw bytes as its answer. */
async function poll(stage: EngineStage, sid: string): Promise<{ coding: string | undefined; body: Buffer }> {
  const response = await fetch(
    `http://127.0.0.1:${stage.port}/socket.io/?EIO=4&transport=polling&sid=${sid}`,
    {
      headers: { 'accept-encoding': 'gzip' },
    },
  );
  return {
    coding: response.headers.get('content-encoding') ?? undefined,
    body: Buffer.from(await response.arrayBuffer()),
  };
}

describe('httpCompression', () => {
  it('does not change the bytes, nor what comes behind them', async (t) => {
    const stage = await EngineStage.start(t);
    const sid = await stage.openPolling();
    const text = 'é\u2028'.repeat(100_000);
    stage.socket.send(text);
    const first = poll(stage, sid);
    await stage.nextRequest();
    await turn();
    stage.socket.send('behind');
    assert.deepEqual(await first, { coding: 'gzip', body: Buffer.from(`4${text}`) });
    assert.deepEqual(await poll(stage, sid), { coding: undefined, body: Buffer.from('4behind') });
  });

  it('answers what it is compressing, though the session closes meanwhile', async (t) => {
    const stage = await EngineStage.start(t);
    const sid = await stage.openPolling();
    stage.socket.send('a'.repeat(1_000_000));
    stage.socket.on('drain', () => stage.socket.close(true));
    const { coding, body } = await poll(stage, sid);
    assert.deepEqual([coding, body.length], ['gzip', 1_000_001]);
    assert.equal((await stage.get(sid)).body, '1');
    assert.deepEqual(stage.closes, ['forced close']);
  });

  it('is one answer at a time: a poll meanwhile ends the session', async (t) => {
    const stage = await EngineStage.start(t);
    const sid = await stage.openPolling();
    stage.socket.send('a'.repeat(1_000_000));
    let status: number | undefined;
    stage.socket.on('drain', () => {
      const request = new IncomingMessage(new Socket());
      Object.assign(request, { method: 'GET', url: `/socket.io/?EIO=4&transport=polling&sid=${sid}` });
      const response = new ServerResponse(request);
      stage.engine.handleRequest(request, response);
      status = response.statusCode;
    });
    const tcp = stage.tcp(
      `GET /socket.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n`,
    );
    const chunks: Buffer[] = [];
    for await (const chunk of tcp) chunks.push(chunk as Buffer);
    const answer = Buffer.concat(chunks);
    const body = gunzipSync(answer.subarray(answer.indexOf('\r\n\r\n') + 4));
    assert.equal(body.length, 1_000_001);
    assert.equal(status, 400);
    assert.deepEqual(stage.closes, ['transport error']);
  });
});
