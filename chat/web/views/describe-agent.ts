import { t } from '../words/later.ts';

const BROWSERS = [
  ['Firefox', /Firefox\/\d/u],
  ['Edge', /Edg\/\d/u],
  ['Opera', /OPR\/\d/u],
  ['Chrome', /Chrom(?:e|ium)\/\d/u],
  ['Safari', /Safari\/\d/u],
] as const;
const SYSTEMS = [
  ['Android', /Android/u],
  ['iPhone', /iPhone/u],
  ['iPad', /iPad/u],
  ['Windows', /Windows/u],
  ['macOS', /Mac OS X/u],
  ['Linux', /Linux/u],
] as const;

/** "Firefox, Linux" out of what the browser said; as it said it if that means nothing. */
export function describeAgent(agent: string): string {
  const find = (list: readonly (readonly [string, RegExp])[]): string | undefined =>
    list.find(([, pattern]) => pattern.test(agent))?.[0];
  const parts = [find(BROWSERS), find(SYSTEMS)].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(', ') : agent.slice(0, 60) || t('unknownDevice');
}
