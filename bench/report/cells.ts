/** Plain text tables and what stands in them. The first column is aligned left, the others right. */
export function align(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function times(ratio: number | undefined): string {
  return ratio === undefined ? '–' : ratio.toFixed(2);
}

export function percent(part: number): string {
  return `${(part * 100).toFixed(0)} %`;
}

export function kb(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}
