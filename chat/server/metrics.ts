/** What happened since the start, for `/metrics`: https://prometheus.io/docs/instrumenting/exposition_formats/ */

/** Upper bounds in seconds. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 10] as const;

class Histogram {
  readonly #buckets = BOUNDS.map(() => 0);
  #count = 0;
  #sum = 0;

  observe(seconds: number): void {
    this.#count += 1;
    this.#sum += seconds;
    const bucket = BOUNDS.findIndex((bound) => seconds <= bound);
    if (bucket !== -1) this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
  }

  lines(name: string, label: string): string[] {
    let below = 0;
    const buckets = BOUNDS.map((bound, index) => {
      below += this.#buckets[index] ?? 0;
      return `${name}_bucket{${label},le="${bound}"} ${below}`;
    });
    return [
      ...buckets,
      `${name}_bucket{${label},le="+Inf"} ${this.#count}`,
      `${name}_sum{${label}} ${this.#sum}`,
      `${name}_count{${label}} ${this.#count}`,
    ];
  }
}

/** As `io.engine.flushes` counts them. `bySize`: turns with up to so many sockets, each turn once. */
export interface Flushes {
  turns: number;
  sockets: number;
  bySize: Readonly<Record<number, number>>;
}

export interface Gauges {
  connections: number;
  online: number;
  people: number;
  rooms: number;
  storedMessages: number;
  flushes: Flushes;
}

/** `refused` is where the server does not go; `dropped` is what came too fast. */
export type PreviewOutcome = 'fetched' | 'failed' | 'refused' | 'dropped';

export class Metrics {
  /** Delivered since the start. */
  messages = 0;
  readonly #actions = new Map<string, Histogram>();
  readonly #failures = new Map<string, number>();
  readonly #previews: Record<PreviewOutcome, number> = { fetched: 0, failed: 0, refused: 0, dropped: 0 };

  /** How long an action took, from its event to its answer. */
  observe(action: string, seconds: number): void {
    let histogram = this.#actions.get(action);
    if (histogram === undefined) this.#actions.set(action, (histogram = new Histogram()));
    histogram.observe(seconds);
  }

  countPreview(outcome: PreviewOutcome): void {
    this.#previews[outcome] += 1;
  }

  countFailure(code: string): void {
    this.#failures.set(code, (this.#failures.get(code) ?? 0) + 1);
  }

  format({ connections, online, people, rooms, storedMessages, flushes }: Gauges): string {
    const lines = [
      ...metric('chat_connections', 'gauge', 'Open sockets.', connections),
      ...metric(
        'chat_visitors',
        'gauge',
        'Visitors who are here now; somebody with three tabs is one.',
        online,
      ),
      ...metric('chat_people', 'gauge', 'People who ever gave a name.', people),
      ...metric('chat_rooms', 'gauge', 'Rooms, direct ones included.', rooms),
      ...metric('chat_messages_stored', 'gauge', 'Messages ever said.', storedMessages),
      ...metric('chat_messages_total', 'counter', 'Messages delivered since the start.', this.messages),
      ...metric(
        'process_resident_memory_bytes',
        'gauge',
        'Memory of the process.',
        process.memoryUsage.rss(),
      ),
      ...metric('process_cpu_seconds_total', 'counter', 'CPU time of the process.', cpuSeconds()),
      ...head(
        'chat_flush_sockets',
        'histogram',
        'Sockets with something to send, at the end of a turn of the event loop.',
      ),
      ...flushLines(flushes),
      ...head('chat_failures_total', 'counter', 'Asks that were refused, by reason.'),
      ...[...this.#failures].map(([code, count]) => `chat_failures_total{code="${code}"} ${count}`),
      ...head('chat_previews_total', 'counter', 'Links that wanted a preview, by what became of it.'),
      ...Object.entries(this.#previews).map(
        ([outcome, count]) => `chat_previews_total{outcome="${outcome}"} ${count}`,
      ),
      ...head('chat_action_seconds', 'histogram', 'Time from an event to its answer.'),
    ];
    for (const [action, histogram] of this.#actions) {
      lines.push(...histogram.lines('chat_action_seconds', `action="${action}"`));
    }
    return `${lines.join('\n')}\n`;
  }
}

/** Powers of two, always the same ones: Prometheus wants buckets that stay. */
const FLUSH_BOUNDS = Array.from({ length: 17 }, (_, power) => 2 ** power);

function flushLines({ turns, sockets, bySize }: Flushes): string[] {
  let below = 0;
  const buckets = FLUSH_BOUNDS.map((bound) => {
    below += bySize[bound] ?? 0;
    return `chat_flush_sockets_bucket{le="${bound}"} ${below}`;
  });
  return [
    ...buckets,
    `chat_flush_sockets_bucket{le="+Inf"} ${turns}`,
    `chat_flush_sockets_sum ${sockets}`,
    `chat_flush_sockets_count ${turns}`,
  ];
}

function metric(name: string, type: string, help: string, value: number): string[] {
  return [...head(name, type, help), `${name} ${value}`];
}

function head(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000;
}
