/** What our pictures have in common. They follow the reader's light or dark scheme. */

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly caption: string;
  readonly style: { readonly light: string; readonly dark: string };
}

export function svg({ width, height, caption, style }: Frame, content: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(caption)}">
<style>text{font:13px system-ui,sans-serif;fill:#202124}.head{font-size:15px;font-weight:600}.grid{stroke:#dadce0}${style.light}
@media(prefers-color-scheme:dark){text{fill:#e8eaed}.grid{stroke:#3c4043}${style.dark}}</style>
${content.filter((line) => line !== '').join('\n')}
</svg>
`;
}

export function round(value: number): string {
  return value.toFixed(1);
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
