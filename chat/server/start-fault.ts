/**
 * A reason why the chat cannot start that the person at the keyboard can do something about. The message is one
 * sentence for them, and all that they are shown: a stack trace would only hide it.
 */
export class StartFault extends Error {
  override readonly name: string = 'StartFault';
  /** 1: the surroundings do not allow it. 2: the command line is wrong. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** Reads the code of a system error, such as `EADDRINUSE`, or of SQLite: `ERR_SQLITE_ERROR`. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
