import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { ProtocolError } from '../errors.ts';
import type { EnginePacket } from './packet.ts';
import { Session } from './session.ts';

const PROBE: EnginePacket = { type: 'ping', data: 'probe' };
const PONG: EnginePacket = { type: 'pong', data: '' };
const MESSAGE: EnginePacket = { type: 'message', data: 'hello' };
const UPGRADE: EnginePacket = { type: 'upgrade' };

function open(): Session {
  return new Session({ id: 'abc', pingIntervalMs: 25_000, pingTimeoutMs: 20_000, now: 1_000 });
}

describe('session: opening', () => {
  test('the open packet is that of the protocol, key by key', () => {
    assert.deepEqual(open().openPacket({ upgrades: ['websocket'], maxPayloadBytes: 1_000_000 }), {
      type: 'open',
      data: '{"sid":"abc","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}',
    });
  });

  test('a new session is open, and due for a ping after the interval', () => {
    const session = open();
    assert.equal(session.id, 'abc');
    assert.equal(session.state, 'open');
    assert.equal(session.upgrading, false);
    assert.equal(session.deadline, 26_000);
  });
});

describe('session: packets', () => {
  test('a message is handed on as it is', () => {
    const packet: EnginePacket = { type: 'message', data: Buffer.from([1]) };
    assert.equal(open().receive(packet, 1_000), packet);
    assert.deepEqual(open().receiveMessage('4hello', 1_000), { type: 'message', data: 'hello' });
  });

  test('close is the end', () => {
    const session = open();
    assert.deepEqual(session.receiveMessage('1', 1_000), { type: 'closed' });
    assert.equal(session.state, 'closing');
    assert.equal(session.closed(), true);
  });

  test('a ping from the client is a failure', () => {
    const session = open();
    assert.deepEqual(session.receiveMessage('2', 1_000), {
      type: 'failed',
      reason: 'transport error',
      detail: 'Invalid heartbeat direction: a v4 client must not send "ping"',
    });
    assert.equal(session.state, 'closing');
  });

  for (const wire of ['0', '5', '6']) {
    test(`"${wire}" is ignored`, () => {
      const session = open();
      assert.deepEqual(session.receiveMessage(wire, 1_000), { type: 'ignored' });
      assert.equal(session.state, 'open');
    });
  }

  test('malformed text is a parse error, once', () => {
    const session = open();
    assert.deepEqual(session.receiveMessage('9', 1_000), {
      type: 'failed',
      reason: 'parse error',
      detail: 'Unknown packet type "9" (Engine.IO v4, packet encoding)',
    });
    assert.deepEqual(session.receiveMessage('9', 1_000), { type: 'ignored' });
    assert.deepEqual(session.receiveMalformed(new ProtocolError('Bad payload')), { type: 'ignored' });
  });

  test('a malformed payload is a parse error', () => {
    assert.deepEqual(open().receiveMalformed(new ProtocolError('Bad payload')), {
      type: 'failed',
      reason: 'parse error',
      detail: 'Bad payload',
    });
  });
});

describe('session: heartbeat', () => {
  test('ping, pong, ping', () => {
    const session = open();
    assert.equal(session.tick(25_999), 'wait');
    assert.equal(session.tick(26_000), 'ping');
    assert.equal(session.deadline, 46_000);
    assert.deepEqual(session.receive(PONG, 27_000), { type: 'heartbeat' });
    assert.equal(session.deadline, 52_000);
    assert.equal(session.tick(46_000), 'wait');
    assert.equal(session.tick(52_001), 'ping');
    assert.equal(session.deadline, 72_001);
  });

  test('without a pong the session ends, which is said once', () => {
    const session = open();
    session.tick(26_000);
    assert.equal(session.tick(45_999), 'wait');
    assert.equal(session.tick(46_000), 'ping timeout');
    assert.equal(session.state, 'closing');
    assert.equal(session.deadline, Infinity);
    assert.equal(session.tick(1_000_000), 'wait');
  });

  test('a packet extends the wait for a pong once', () => {
    const session = open();
    session.receive(MESSAGE, 2_000);
    assert.equal(session.deadline, 26_000);
    session.tick(26_000);
    session.receive(MESSAGE, 45_000);
    assert.equal(session.deadline, 65_000);
    session.receive(MESSAGE, 64_000);
    assert.equal(session.deadline, 65_000);
    assert.equal(session.tick(65_000), 'ping timeout');
  });

  test('the next ping may be extended again', () => {
    const session = open();
    session.tick(26_000);
    session.receive(MESSAGE, 30_000);
    session.receive(PONG, 31_000);
    assert.equal(session.tick(56_000), 'ping');
    session.receive(MESSAGE, 60_000);
    assert.equal(session.deadline, 80_000);
  });

  test('a pong without a ping is a heartbeat', () => {
    const session = open();
    assert.deepEqual(session.receive(PONG, 11_000), { type: 'heartbeat' });
    assert.equal(session.deadline, 36_000);
  });
});

describe('session: upgrade', () => {
  test('probe, then upgrade, while packets go on', () => {
    const session = open();
    assert.equal(session.receiveProbe(PROBE), 'probed');
    assert.equal(session.upgrading, true);
    assert.equal(session.receive(MESSAGE, 2_000), MESSAGE);
    assert.equal(session.receiveProbe(UPGRADE), 'upgraded');
    assert.equal(session.upgrading, false);
    assert.equal(session.upgraded, true);
    assert.equal(session.receive(MESSAGE, 3_000), MESSAGE);
  });

  test('a session upgrades once', () => {
    const session = open();
    session.receiveProbe(PROBE);
    session.receiveProbe(UPGRADE);
    session.abandonProbe();
    assert.equal(session.upgraded, true);
    assert.equal(session.receiveProbe(PROBE), 'failed');
    assert.equal(session.receiveProbe(UPGRADE), 'failed');
  });

  const wrong: readonly EnginePacket[] = [
    MESSAGE,
    PONG,
    { type: 'ping', data: '' },
    { type: 'noop' },
    { type: 'close' },
  ];
  for (const packet of [...wrong, UPGRADE]) {
    test(`${JSON.stringify(packet)} is no probe`, () => {
      const session = open();
      assert.equal(session.receiveProbe(packet), 'failed');
      assert.equal(session.upgrading, false);
      assert.equal(session.state, 'open');
    });
  }

  for (const packet of wrong) {
    test(`${JSON.stringify(packet)} ends a probe, and another one may begin`, () => {
      const session = open();
      session.receiveProbe(PROBE);
      assert.equal(session.receiveProbe(packet), 'failed');
      assert.equal(session.upgrading, false);
      assert.equal(session.receiveProbe(PROBE), 'probed');
    });
  }

  test('limit: one probe at a time', () => {
    const session = open();
    assert.equal(session.receiveProbe(PROBE), 'probed');
    assert.equal(session.receiveProbe(PROBE), 'failed');
    assert.equal(session.upgrading, true);
    assert.equal(session.receiveProbe(UPGRADE), 'upgraded');
  });

  test('an abandoned probe cannot upgrade', () => {
    const session = open();
    session.abandonProbe();
    session.receiveProbe(PROBE);
    session.abandonProbe();
    assert.equal(session.upgrading, false);
    assert.equal(session.receiveProbe(UPGRADE), 'failed');
  });

  test('a closing session can be upgraded, a closed one cannot', () => {
    const session = open();
    session.receiveProbe(PROBE);
    session.close();
    assert.equal(session.receiveProbe(UPGRADE), 'upgraded');
    const other = open();
    other.receiveProbe(PROBE);
    other.closed();
    assert.equal(other.upgrading, false);
    assert.equal(other.receiveProbe(PROBE), 'failed');
  });
});

describe('session: closing', () => {
  test('delivers nothing more, and pings no more', () => {
    const session = open();
    assert.equal(session.close(), true);
    assert.equal(session.state, 'closing');
    assert.deepEqual(session.receive(MESSAGE, 2_000), { type: 'ignored' });
    assert.deepEqual(session.receive({ type: 'ping', data: '' }, 2_000), { type: 'ignored' });
    assert.equal(session.tick(26_000), 'ping timeout');
    assert.equal(session.deadline, Infinity);
  });

  test('a close from the peer is still heard', () => {
    const session = open();
    session.close();
    assert.deepEqual(session.receive({ type: 'close' }, 2_000), { type: 'closed' });
  });

  test('closing twice is harmless, and the end is told once', () => {
    const session = open();
    assert.equal(session.close(), true);
    assert.equal(session.close(), false);
    assert.equal(session.closed(), true);
    assert.equal(session.closed(), false);
    assert.equal(session.close(), false);
    assert.equal(session.state, 'closed');
    assert.equal(session.deadline, Infinity);
    assert.equal(session.tick(1_000_000), 'wait');
    assert.deepEqual(session.receive({ type: 'close' }, 2_000), { type: 'ignored' });
  });
});

test('fuzz: no order of packets and ticks throws, delivers after the end, or leaves an overdue deadline', () => {
  const packet = fc.constantFrom<EnginePacket>(
    MESSAGE,
    PONG,
    PROBE,
    UPGRADE,
    { type: 'close' },
    { type: 'noop' },
  );
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('receive', 'probe'), packet }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('close', 'closed', 'abandon'), packet }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('tick'), packet }) },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(step, fc.nat(30_000))), (steps) => {
      const session = open();
      let now = 1_000;
      for (const [step, elapsed] of steps) {
        now += elapsed;
        const before = session.state;
        if (step.do === 'receive') {
          const event = session.receive(step.packet, now);
          if (before !== 'open') assert.notEqual(event.type, 'message');
        } else if (step.do === 'probe') session.receiveProbe(step.packet);
        else if (step.do === 'close') session.close();
        else if (step.do === 'closed') session.closed();
        else if (step.do === 'abandon') session.abandonProbe();
        else {
          session.tick(now);
          assert.ok(session.deadline > now);
        }
      }
    }),
    { seed: 1, numRuns: 2000 },
  );
});

describe('session: revision 3', () => {
  const PING: EnginePacket = { type: 'ping', data: '' };
  const openV3 = (): Session =>
    new Session({ id: 'abc', revision: 3, pingIntervalMs: 25_000, pingTimeoutMs: 20_000, now: 1_000 });

  test('a ping is answered with a pong of the same data', () => {
    for (const data of ['', 'probe', 'x']) {
      const event = openV3().receive({ type: 'ping', data }, 2_000);
      assert.deepEqual(event, { type: 'heartbeat', reply: { type: 'pong', data } });
    }
  });

  test('it never pings, and ends after both times without a ping', () => {
    const session = openV3();
    assert.equal(session.deadline, 46_000);
    assert.equal(session.tick(45_999), 'wait');
    session.receive(PING, 45_999);
    assert.equal(session.deadline, 90_999);
    assert.equal(session.tick(90_998), 'wait');
    assert.equal(session.tick(90_999), 'ping timeout');
    assert.equal(session.state, 'closing');
    assert.equal(session.deadline, Infinity);
  });

  test('messages alone keep no session alive', () => {
    const session = openV3();
    session.receive(MESSAGE, 45_000);
    assert.equal(session.tick(46_000), 'ping timeout');
  });

  test('a pong from the client is a failure', () => {
    assert.deepEqual(openV3().receive(PONG, 2_000), {
      type: 'failed',
      reason: 'transport error',
      detail: 'Invalid heartbeat direction: a v3 client must not send "pong"',
    });
  });

  test('binary messages name their type', () => {
    const message = openV3().receiveMessage(Buffer.from([4, 1, 2]), 2_000);
    assert.deepEqual(message, { type: 'message', data: Buffer.from([1, 2]) });
    assert.equal(openV3().receiveMessage(Buffer.from([9]), 2_000).type, 'failed');
  });

  test('it moves to another transport as revision 4 does', () => {
    const session = openV3();
    assert.equal(session.receiveProbe(PROBE), 'probed');
    assert.equal(session.receiveProbe(UPGRADE), 'upgraded');
  });
});
