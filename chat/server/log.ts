/** One line per event for whoever runs the server: start, stop and errors. Never the text of a message. */
export interface Log {
  info(line: string): void;
  error(line: string): void;
}

export const consoleLog: Log = {
  info: (line) => console.log(line),
  error: (line) => console.error(line),
};

/** Formats what went wrong in one line. Names and texts that people typed must not be put into `what`. */
export function formatError(what: string, error: unknown): string {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `${what}: ${reason.replaceAll(/\s+/g, ' ')}`;
}
