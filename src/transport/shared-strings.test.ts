import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { shareStringsOf } from './shared-strings.ts';

function requestWith(rawHeaders: string[], url: string): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.rawHeaders = rawHeaders;
  request.url = url;
  return request;
}

describe('shareStringsOf', () => {
  it('changes nothing that can be seen', () => {
    const raw = ['Host', 'example.com', 'host', 'EXAMPLE.com', 'x', '', 'Cookie', 'a'.repeat(300)];
    const request = requestWith([...raw], '/live?x=1');
    shareStringsOf(request);
    assert.deepEqual(request.rawHeaders, raw);
    assert.equal(request.url, '/live?x=1');
  });

  it('remembers so many strings and no more', () => {
    for (let i = 0; i < 2_000; i += 1) {
      const request = requestWith([`name-${i}`, `value ${i}`], `/${i}`);
      shareStringsOf(request);
      assert.deepEqual([request.rawHeaders, request.url], [[`name-${i}`, `value ${i}`], `/${i}`]);
    }
  });
});
