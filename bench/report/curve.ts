/** The curve of the fan-out as a picture (SVG): CPU per delivery over messages in flight, as a multiple of ours, both axes doubling. */
import { OURS } from '../peers.ts';
import type { TrafficResult } from '../works/traffic.ts';
import { digest } from './digest.ts';
import { escapeXml, round, svg } from './svg.ts';

const [WIDTH, HEIGHT] = [760, 400];
const PLOT = { left: 60, right: 610, top: 50, bottom: 340 };
const Y_MAX = 64;
const Y_MIN = 0.5;
/** Told apart by lightness and by dashes, too. */
const LINES = [
  { color: '#b3261e', dark: '#ff8a80', dash: '' },
  { color: '#1a5fb4', dark: '#8ab4f8', dash: '7 3' },
  { color: '#7a4f01', dark: '#fdd663', dash: '2 3' },
  { color: '#5f6368', dark: '#bdc1c6', dash: '10 3 2 3' },
  { color: '#6a1b9a', dark: '#ce93d8', dash: '12 4' },
];

export function curveChart(results: readonly TrafficResult[], caption: string): string {
  const inFlight = results.map((result) => result.inFlight);
  const digests = results.map(({ outcomes }) => digest(outcomes));
  const peers = (digests[0] ?? []).map(({ peer }) => peer).filter((peer) => peer !== OURS);
  const last = Math.log2(inFlight.at(-1) ?? 2);
  const x = (messages: number): number => PLOT.left + (Math.log2(messages) / last) * (PLOT.right - PLOT.left);
  const y = (times: number): number =>
    PLOT.bottom - (Math.log2(times / Y_MIN) / Math.log2(Y_MAX / Y_MIN)) * (PLOT.bottom - PLOT.top);
  const grid = [0.5, 1, 2, 4, 8, 16, 32, 64].map(
    (times) =>
      `<path class="${times === 1 ? 'ours' : 'grid'}" d="M${PLOT.left} ${y(times)}H${PLOT.right}"/>` +
      `<text x="${PLOT.left - 10}" y="${y(times) + 4}" text-anchor="end">${times}×</text>`,
  );
  const ticks = inFlight.map(
    (messages) => `<text x="${x(messages)}" y="${PLOT.bottom + 22}" text-anchor="middle">${messages}</text>`,
  );
  const ends: number[] = [];
  const lines = peers.map((peer, at) => {
    const points = digests.flatMap((lines, index) => {
      const times = lines.find((line) => line.peer === peer && line.refused === undefined)?.timesOurs;
      return times === undefined ? [] : [{ x: x(inFlight[index] ?? 1), y: y(times), times }];
    });
    const end = points.at(-1);
    if (end === undefined) return '';
    // Names of lines that end close together stand below each other.
    let labelY = end.y + 4;
    while (ends.some((other) => Math.abs(other - labelY) < 16)) labelY += 4;
    ends.push(labelY);
    const path = points
      .map((point, index) => `${index === 0 ? 'M' : 'L'}${round(point.x)} ${round(point.y)}`)
      .join('');
    return (
      `<path class="line l${at}" d="${path}"/>` +
      `<text class="t${at}" x="${PLOT.right + 12}" y="${round(labelY)}">${escapeXml(peer)} ${end.times.toFixed(end.times < 10 ? 1 : 0)}×</text>`
    );
  });
  const styles = LINES.map(
    ({ color, dash }, at) =>
      `.l${at}{stroke:${color};stroke-dasharray:${dash || 'none'}}.t${at}{fill:${color}}`,
  );
  const dark = LINES.map(({ dark }, at) => `.l${at}{stroke:${dark}}.t${at}{fill:${dark}}`);
  const title = `<text class="head" x="${PLOT.left - 40}" y="24">${escapeXml(caption)}</text>`;
  const below = `<text x="${(PLOT.left + PLOT.right) / 2}" y="${PLOT.bottom + 46}" text-anchor="middle">messages in flight, to 500 clients</text>`;
  const own = `<text x="${PLOT.right + 12}" y="${round(y(1) - 4)}" style="font-weight:600">websockets.io</text>`;
  const style = {
    light: `.ours{stroke:#0b8043;stroke-width:2.5}.line{fill:none;stroke-width:2.5}${styles.join('')}`,
    dark: `.ours{stroke:#81c995}${dark.join('')}`,
  };
  return svg({ width: WIDTH, height: HEIGHT, caption, style }, [
    title,
    ...grid,
    ...ticks,
    below,
    own,
    ...lines,
  ]);
}
