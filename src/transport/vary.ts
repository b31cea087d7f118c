import type { ServerResponse } from 'node:http';

/** Adds to `Vary` what is not there (RFC 9110 §12.5.5). */
export function vary(response: ServerResponse, field: string): void {
  const before = [response.getHeader('Vary') ?? []].flat().join(', ');
  const fields = before.toLowerCase().split(/\s*,\s*/);
  if (fields.includes('*') || fields.includes(field.toLowerCase())) return;
  response.setHeader('Vary', before === '' ? field : `${before}, ${field}`);
}
