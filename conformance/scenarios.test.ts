/** Every scenario on socket.io from npm and on ours: whoever was there must have seen the same. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Mode, Scenario } from './scenario.ts';
import { ackScenarios } from './scenarios/acks.ts';
import { disconnectScenarios } from './scenarios/disconnects.ts';
import { eventScenarios } from './scenarios/events.ts';
import { handshakeScenarios } from './scenarios/handshake.ts';
import { httpScenarios } from './scenarios/http.ts';
import { limitScenarios } from './scenarios/limits.ts';
import { namespaceScenarios } from './scenarios/namespaces.ts';
import { roomScenarios } from './scenarios/rooms.ts';
import { play, subject } from './stage.ts';

const MODES: readonly Mode[] = ['upgrade', 'websocket', 'polling'];

const GROUPS: Readonly<Record<string, readonly Scenario[]>> = {
  handshake: handshakeScenarios,
  events: eventScenarios,
  acks: ackScenarios,
  rooms: roomScenarios,
  namespaces: namespaceScenarios,
  disconnects: disconnectScenarios,
  limits: limitScenarios,
  http: httpScenarios,
};

// socket.io sometimes leaves a timer of 30 s behind (a polling transport that was closed while no poll was waiting).
// An unref'd timer fires only while something else still holds the process.
after(() => {
  setTimeout(() => process.exit(), 2_000).unref();
});

for (const [group, scenarios] of Object.entries(GROUPS)) {
  describe(group, () => {
    for (const scenario of scenarios) {
      for (const mode of scenario.modes ?? MODES) {
        test(`${scenario.name} (${mode})`, { timeout: 60_000 }, async () => {
          const expected = await play(scenario, 'socket.io', mode);
          assert.notDeepEqual(expected, {}, 'the scenario noted nothing');
          const actual = await play(scenario, subject, mode);
          assert.deepEqual(actual, expected);
        });
      }
    }
  });
}
