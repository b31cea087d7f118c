/** Every scenario on socket.io from npm and on ours: whoever was there must have seen the same. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { REASONS, TEXTS } from './documented.ts';
import type { ClientVersion, Mode, Scenario } from './scenario.ts';
import { ackScenarios } from './scenarios/acks.ts';
import { adapterEventScenarios } from './scenarios/adapter-events.ts';
import { catchAllScenarios } from './scenarios/catch-all.ts';
import { clientOptionScenarios } from './scenarios/client-options.ts';
import { connectionScenarios } from './scenarios/connection.ts';
import { disconnectScenarios } from './scenarios/disconnects.ts';
import { eventScenarios } from './scenarios/events.ts';
import { handshakeScenarios } from './scenarios/handshake.ts';
import { httpScenarios } from './scenarios/http.ts';
import { limitScenarios } from './scenarios/limits.ts';
import { middlewareScenarios } from './scenarios/middleware.ts';
import { namespaceScenarios } from './scenarios/namespaces.ts';
import { oddArgumentScenarios } from './scenarios/odd-arguments.ts';
import { oldClientScenarios } from './scenarios/old-clients.ts';
import { optionScenarios } from './scenarios/options.ts';
import { parentNamespaceScenarios } from './scenarios/parent-namespaces.ts';
import { randomWalkScenarios } from './scenarios/random-walks.ts';
import { recoveryScenarios } from './scenarios/recovery.ts';
import { roomScenarios } from './scenarios/rooms.ts';
import { serverApiScenarios } from './scenarios/server-api.ts';
import { serverConstructionScenarios } from './scenarios/server-construction.ts';
import { socketApiScenarios } from './scenarios/socket-api.ts';
import { wirePollingScenarios } from './scenarios/wire-polling.ts';
import { wireV4Scenarios } from './scenarios/wire-v4.ts';
import { wireScenarios } from './scenarios/wire.ts';
import { play, subject } from './stage.ts';

const MODES: readonly Mode[] = ['upgrade', 'websocket', 'polling'];

const GROUPS: Readonly<Record<string, readonly Scenario[]>> = {
  handshake: handshakeScenarios,
  events: eventScenarios,
  acks: ackScenarios,
  'socket api': socketApiScenarios,
  'odd arguments': oddArgumentScenarios,
  'catch-all': catchAllScenarios,
  rooms: roomScenarios,
  'random walks': randomWalkScenarios,
  'adapter events': adapterEventScenarios,
  namespaces: namespaceScenarios,
  'parent namespaces': parentNamespaceScenarios,
  middleware: middlewareScenarios,
  disconnects: disconnectScenarios,
  connection: connectionScenarios,
  recovery: recoveryScenarios,
  options: optionScenarios,
  'client options': clientOptionScenarios,
  limits: limitScenarios,
  wire: wireScenarios,
  'wire, revision 3': wireV4Scenarios,
  'wire, polling': wirePollingScenarios,
  http: httpScenarios,
  'old clients': oldClientScenarios,
  'server construction': serverConstructionScenarios,
  'server api': serverApiScenarios,
};

// socket.io sometimes leaves a timer of 30 s behind (a polling transport that was closed while no poll was waiting).
// An unref'd timer fires only while something else still holds the process.
after(() => {
  setTimeout(() => process.exit(), 2_000).unref();
});

/**
 * Each way in which a scenario is played: a client's version and how it gets in. Clients before 4 take a tenth of a second to
 * upgrade, so they do it only where a scenario is about that.
 */
function waysOf({ versions = ['4'], modes = MODES }: Scenario): [ClientVersion, Mode][] {
  const quick = modes.length === 1 ? modes : modes.filter((mode) => mode !== 'upgrade');
  return versions.flatMap((version) =>
    (version === '4' ? modes : quick).map((mode): [ClientVersion, Mode] => [version, mode]),
  );
}

/** Every text that was noted with the original. */
const noted = new Set<string>();
function collect(value: unknown): void {
  if (typeof value === 'string') noted.add(value);
  else if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) collect(inner);
}

// `GROUP=recovery` plays one group alone.
const chosen = process.env['GROUP'];

for (const [group, scenarios] of Object.entries(GROUPS)) {
  describe(group, { skip: chosen !== undefined && chosen !== group }, () => {
    for (const scenario of scenarios) {
      for (const [version, mode] of waysOf(scenario)) {
        const how = version === '4' ? mode : `${mode}, client ${version}`;
        const options = { timeout: 60_000, ...(scenario.todo !== undefined && { todo: scenario.todo }) };
        test(`${scenario.name} (${how})`, options, async () => {
          const expected = await play(scenario, 'socket.io', mode, version);
          assert.notDeepEqual(expected, {}, 'the scenario noted nothing');
          collect(expected);
          const actual = await play(scenario, subject, mode, version);
          if (scenario.differs === undefined || subject === 'socket.io') assert.deepEqual(actual, expected);
          else assert.notDeepEqual(actual, expected, `They are the same now, not: ${scenario.differs}`);
        });
      }
    }
  });
}

test('every documented reason and text was noted', { skip: chosen !== undefined }, () => {
  assert.deepEqual(
    REASONS.filter((reason) => !noted.has(reason)),
    [],
  );
  const all = [...noted];
  assert.deepEqual(
    TEXTS.filter((text) => !all.some((words) => words.includes(text))),
    [],
  );
});
