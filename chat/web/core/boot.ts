import type { Boot } from '../../shared/boot.ts';

/** Reads what the server wrote into the page. Undefined if there is nothing: all of it comes by the socket then. */
export function readBoot(json: string | null | undefined): Boot | undefined {
  if (json === null || json === undefined) return undefined;
  try {
    return JSON.parse(json) as Boot;
  } catch {
    // Half a page, cut off on its way.
    return undefined;
  }
}
