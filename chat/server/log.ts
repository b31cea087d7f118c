/**
 * One line per event for whoever runs the server: start, stop, errors, and who got or lost which power. Never the text
 * of a message, a name, a token or a password: people stand in it by their ids.
 */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

export interface Log {
  info(what: string, fields?: LogFields): void;
  error(what: string, fields?: LogFields): void;
}

export type LogFormat = 'text' | 'json';

export function consoleLog(format: LogFormat): Log {
  const line = format === 'json' ? formatJson : formatText;
  return {
    info: (what, fields = {}) => console.log(line('info', what, fields)),
    error: (what, fields = {}) => console.error(line('error', what, fields)),
  };
}

function formatText(_level: string, what: string, fields: LogFields): string {
  return [what, ...Object.entries(fields).map(([name, value]) => `${name}=${value}`)].join(' ');
}

function formatJson(level: string, what: string, fields: LogFields): string {
  return JSON.stringify({ at: new Date().toISOString(), level, what, ...fields });
}

/** Formats what went wrong in one line. Names and texts that people typed must not be put into `what`. */
export function formatError(what: string, error: unknown): string {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `${what}: ${reason.replaceAll(/\s+/g, ' ')}`;
}
