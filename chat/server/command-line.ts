/** Reads flags and environment into options, and knows the text of --help. Flags win over the environment. */
import { parseArgs } from 'node:util';
import { StartFault } from './start-fault.ts';

export interface CommandLine {
  help: boolean;
  version: boolean;
  port: number;
  /** Undefined means all interfaces. */
  host: string | undefined;
  dataFolder: string;
}

const DEFAULT_PORT = 3000;
const DEFAULT_DATA = './data';

export const HELP: string = `Starts the chat.

  --port <number>   PORT   port to listen on; 0 takes any free one   (default: ${DEFAULT_PORT})
  --host <address>  HOST   address to listen on                      (default: all interfaces)
  --data <folder>   DATA   folder for everything that is kept        (default: ${DEFAULT_DATA})
  --help                   shows this text
  --version                shows the version

The name in the second column is the environment variable for the same; flags win.
`;

/** @throws {StartFault} with exit code 2 when the command line is wrong */
export function readCommandLine(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): CommandLine {
  const flags = readFlags(args);
  // An empty variable is how shells and compose files say "not set".
  const port = flags.port ?? (env['PORT'] || undefined);
  const host = flags.host ?? (env['HOST'] || undefined);
  const data = flags.data ?? (env['DATA'] || undefined);
  if (host === '') throw wrong('--host needs an address.');
  if (data === '') throw wrong('--data needs a folder.');
  return {
    help: flags.help ?? false,
    version: flags.version ?? false,
    port: port === undefined ? DEFAULT_PORT : parsePort(port),
    host,
    dataFolder: data ?? DEFAULT_DATA,
  };
}

interface Flags {
  port?: string;
  host?: string;
  data?: string;
  help?: boolean;
  version?: boolean;
}

function readFlags(args: readonly string[]): Flags {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean' },
        version: { type: 'boolean' },
      },
      allowPositionals: false,
    });
    return values;
  } catch (error) {
    throw explainFlags(error);
  }
}

/** Node's own messages are for programmers and fill three lines. */
function explainFlags(error: unknown): StartFault {
  const message = error instanceof Error ? error.message : String(error);
  const quoted = /'(-[^' ]*|[^']*)/.exec(message)?.[1] ?? '';
  if (message.startsWith('Unknown option')) return wrong(`There is no option "${quoted}".`);
  if (message.startsWith('Unexpected argument')) return wrong(`"${quoted}" is not an option.`);
  if (message.includes('does not take an argument')) return wrong(`${quoted} does not take a value.`);
  return wrong(`${quoted} needs a value.`);
}

function parsePort(port: string): number {
  const number = /^\d{1,5}$/.test(port) ? Number(port) : Number.NaN;
  if (number <= 65_535) return number;
  throw wrong(`"${port}" is not a port: it must be a whole number from 0 to 65535.`);
}

function wrong(text: string): StartFault {
  return new StartFault(`${text.slice(0, -1)} (--help shows all options).`, 2);
}
