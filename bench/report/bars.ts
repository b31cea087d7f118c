/** Pictures (SVG) with a line for each peer: memory as bars, latencies as dots on a doubling scale. */
import { FLOOR, OURS } from '../peers.ts';
import { median } from '../statistics.ts';
import type { IdleResult } from '../works/idle.ts';
import type { TrafficResult } from '../works/traffic.ts';
import { digest } from './digest.ts';
import { escapeXml, round, svg } from './svg.ts';

const WIDTH = 760;
const PLOT = { left: 130, right: 720, top: 50 };
const ROW = 34;

const STYLE =
  '.bar{fill:#9aa0a6}.bar.own{fill:#0b8043}.range{stroke:#9aa0a6;stroke-width:2}.range.own{stroke:#0b8043}' +
  '.dot{fill:#5f6368}.dot.own{fill:#0b8043}.small{font-size:11px}';
const DARK = '.bar.own,.dot.own{fill:#81c995}.range.own{stroke:#81c995}.dot{fill:#bdc1c6}';

interface Row {
  readonly name: string;
  readonly content: string;
}

export function memoryChart({ outcomes }: IdleResult, caption: string): string {
  const bars = outcomes.flatMap(({ peer, bytesEach, fault }) =>
    // The floor keeps nothing for a connection.
    fault !== undefined || peer === FLOOR ? [] : [{ peer, kilobytes: median(bytesEach) / 1000 }],
  );
  const most = Math.max(...bars.map(({ kilobytes }) => kilobytes));
  const rows = bars.map(({ peer, kilobytes }, at): Row => {
    const width = (kilobytes / most) * (PLOT.right - PLOT.left - 70);
    const y = PLOT.top + at * ROW;
    return {
      name: peer,
      content:
        `<rect class="bar${ownClass(peer)}" x="${PLOT.left}" y="${y}" width="${round(width)}" height="22" rx="2"/>` +
        `<text x="${round(PLOT.left + width + 8)}" y="${y + 16}">${kilobytes.toFixed(1)} kB</text>`,
    };
  });
  return chart(rows, caption, '');
}

export function latencyChart({ outcomes }: TrafficResult, caption: string): string {
  const lines = digest(outcomes).filter(({ refused }) => refused === undefined);
  const all = lines.flatMap(({ latencyMs }) => [latencyMs.p50, latencyMs.p999]);
  const from = 2 ** Math.floor(Math.log2(Math.min(...all)));
  const doublings = Math.ceil(Math.log2(Math.max(...all) / from));
  const x = (ms: number): number =>
    PLOT.left + 10 + (Math.log2(ms / from) / doublings) * (PLOT.right - PLOT.left - 20);
  const rows = lines.map(({ peer, latencyMs: { p50, p99, p999 } }, at): Row => {
    const y = PLOT.top + at * ROW + 11;
    const dots = [p50, p99, p999].map(
      (ms, nth) =>
        `<circle class="dot${ownClass(peer)}" cx="${round(x(ms))}" cy="${y}" r="${6 - nth}"><title>${['p50', 'p99', 'p99.9'][nth]}: ${ms.toFixed(2)} ms</title></circle>`,
    );
    const path = `<path class="range${ownClass(peer)}" d="M${round(x(p50))} ${y}H${round(x(p999))}"/>`;
    return { name: peer, content: path + dots.join('') };
  });
  const bottom = PLOT.top + rows.length * ROW;
  const ticks = Array.from({ length: doublings + 1 }, (_, nth) => from * 2 ** nth).map(
    (ms) =>
      `<path class="grid" d="M${round(x(ms))} ${PLOT.top - 8}V${bottom}"/>` +
      `<text class="small" x="${round(x(ms))}" y="${bottom + 18}" text-anchor="middle">${formatMs(ms)}</text>`,
  );
  return chart(rows, caption, ticks.join('\n'), 24);
}

function chart(rows: readonly Row[], caption: string, behind: string, below = 0): string {
  const lines = rows.map(({ name, content }, at) => {
    const weight = name === OURS ? ' style="font-weight:600"' : '';
    const y = PLOT.top + at * ROW + 16;
    return `<text x="${PLOT.left - 12}" y="${y}" text-anchor="end"${weight}>${escapeXml(name)}</text>${content}`;
  });
  const height = PLOT.top + rows.length * ROW + below;
  const style = { light: STYLE, dark: DARK };
  const title = `<text class="head" x="20" y="24">${escapeXml(caption)}</text>`;
  return svg({ width: WIDTH, height, caption, style }, [title, behind, ...lines]);
}

function ownClass(peer: string): string {
  return peer === OURS ? ' own' : '';
}

function formatMs(ms: number): string {
  return ms < 1 ? `${Math.round(ms * 1000)} µs` : `${ms} ms`;
}
