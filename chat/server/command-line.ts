/** Reads flags, environment and file into settings, and knows the text of --help. Flags win, then the environment. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BadValue, SETTINGS, type Setting, type Settings } from './settings.ts';
import { StartFault, systemCode } from './start-fault.ts';

export type CommandLine =
  | { command: 'start'; settings: Settings }
  | { command: 'backup'; settings: Settings; file: string }
  | { command: 'reset-owner'; settings: Settings }
  | { command: 'help' }
  | { command: 'version' };

type Environment = Readonly<Record<string, string | undefined>>;

export const HELP: string = formatHelp();

/** @throws {StartFault} with exit code 2 when the command line, a variable or the file is wrong */
export function readCommandLine(args: readonly string[], env: Environment): CommandLine {
  const { flags, words } = readFlags(args);
  if (flags['help'] === true) return { command: 'help' };
  if (flags['version'] === true) return { command: 'version' };
  // An empty variable is how shells and compose files say "not set".
  const configFile = flags['config'] ?? (env['CONFIG'] || undefined);
  const file = typeof configFile === 'string' ? readFile(configFile) : new Map<string, string>();
  const settings = Object.fromEntries(
    SETTINGS.map((setting) => [setting.name, readSetting(setting, flags, env, file)]),
  ) as unknown as Settings;
  const [command, target, ...more] = words;
  if (command === undefined) return { command: 'start', settings };
  if (command === 'reset-owner' && target === undefined) return { command, settings };
  if (command === 'reset-owner') throw wrong(`"${target}" is not an option`);
  if (command !== 'backup') throw wrong(`"${command}" is not an option`);
  if (target === undefined) throw wrong('backup needs the file to write to');
  if (more.length > 0) throw wrong(`"${more[0]}" is not an option`);
  return { command: 'backup', settings, file: target };
}

type Flags = Readonly<Record<string, string | boolean | undefined>>;

function readSetting(
  { name, flag, environment, defaultValue, parse }: Setting,
  flags: Flags,
  env: Environment,
  file: ReadonlyMap<string, string>,
): Settings[keyof Settings] {
  const typed =
    (flag === null ? undefined : flags[flag]) ?? (env[environment] || undefined) ?? file.get(name);
  if (typed === undefined) return defaultValue;
  try {
    return parse(String(typed));
  } catch (error) {
    if (error instanceof BadValue) throw wrong(error.message);
    throw error;
  }
}

function readFlags(args: readonly string[]): { flags: Flags; words: readonly string[] } {
  const options: Record<string, { type: 'string' | 'boolean' }> = {
    config: { type: 'string' },
    help: { type: 'boolean' },
    version: { type: 'boolean' },
  };
  for (const { flag, placeholder } of SETTINGS) {
    if (flag !== null) options[flag] = { type: placeholder === null ? 'boolean' : 'string' };
  }
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { flags: values, words: positionals };
  } catch (error) {
    throw explainFlags(error);
  }
}

/** Node's own messages are for programmers and fill three lines. */
function explainFlags(error: unknown): StartFault {
  const message = error instanceof Error ? error.message : String(error);
  const quoted = /'(-[^' ]*|[^']*)/.exec(message)?.[1] ?? '';
  if (message.startsWith('Unknown option')) return wrong(`There is no option "${quoted}"`);
  if (message.includes('does not take an argument')) return wrong(`${quoted} does not take a value`);
  return wrong(`${quoted} needs a value`);
}

/** A JSON object with the names of `Settings`. What is unknown in it is a mistake that somebody would look for long. */
function readFile(path: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(parseFile(path))) {
    if (!SETTINGS.some((setting) => setting.name === name)) {
      throw wrong(`There is no setting "${name}", which stands in ${path}`);
    }
    if (!['string', 'number', 'boolean'].includes(typeof value)) {
      throw wrong(`The setting "${name}" in ${path} must be a text, a number, true or false`);
    }
    values.set(name, String(value));
  }
  return values;
}

function parseFile(path: string): object {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw wrong(`The file ${path} is not valid JSON`);
    throw wrong(`The file ${path} cannot be read (${systemCode(error) ?? 'unknown reason'})`);
  }
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content;
  throw wrong(`The file ${path} must hold a JSON object`);
}

function formatHelp(): string {
  const rows = SETTINGS.map(({ flag, placeholder, environment, help, defaultText, name }) => [
    flag === null ? '' : `--${flag}${placeholder === null ? '' : ` <${placeholder}>`}`,
    environment,
    name,
    `${help}  (default: ${defaultText})`,
  ]);
  const all = [
    ...rows,
    ['--config <file>', 'CONFIG', '', 'a JSON file with the names of the third column'],
    ['--help', '', '', 'shows this text'],
    ['--version', '', '', 'shows the version'],
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)) + 2);
  const lines = all.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('')}`.trimEnd(),
  );
  return `Starts the chat. With "backup <file>" it writes a copy of the data instead, with "reset-owner" it prints a link by
which the owner comes back and sets a new password; both also while the chat is running.

${lines.join('\n')}

The second column has the environment variable for the same, the third the name in the file. Flags win over variables,
variables over the file.
`;
}

function wrong(text: string): StartFault {
  return new StartFault(`${text} (--help shows all options).`, 2);
}
