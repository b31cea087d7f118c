import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { encode } from 'uqr';
import { t } from '../../words/later.ts';

/** Modules around it that stay light: cameras need four. */
const QUIET_ZONE = 4;
const SIZE = 216;

/** A text as a code for cameras: dark on light in every theme, since not all of them read the other way round. */
export function QrCode({ text }: { text: string }): VNode {
  // Made once: another text is another component, by its key.
  const [{ size, data }] = useState(() => encode(text, { ecc: 'M', border: QUIET_ZONE }));
  return (
    <svg
      role="img"
      aria-label={t('qrCode')}
      viewBox={`0 0 ${size} ${size}`}
      width={SIZE}
      height={SIZE}
      shape-rendering="crispEdges"
    >
      <rect width={size} height={size} rx="2" fill="#fff" />
      <path d={data.map(runs).join('')} fill="#000" />
    </svg>
  );
}

/** The dark modules of a row, each run of them as one rectangle. */
function runs(row: readonly boolean[], y: number): string {
  let path = '';
  for (let x = 0; x < row.length; x += 1) {
    if (row[x] !== true) continue;
    const start = x;
    while (row[x + 1] === true) x += 1;
    const width = x + 1 - start;
    path += `M${start} ${y}h${width}v1h-${width}z`;
  }
  return path;
}
