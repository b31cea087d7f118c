/** The command line: start.js has checked the version of Node and calls `main`. */
import { readFileSync } from 'node:fs';
import { addressLine } from './address-line.ts';
import { createChat } from './chat.ts';
import { HELP, readCommandLine } from './command-line.ts';
import { consoleLog, formatError } from './log.ts';
import { StartFault } from './start-fault.ts';
import { stopOnSignals } from './stop-on-signals.ts';

export async function main(args: readonly string[]): Promise<void> {
  try {
    await start(args);
  } catch (error) {
    if (!(error instanceof StartFault)) throw error;
    consoleLog.error(error.message);
    process.exitCode = error.exitCode;
  }
}

async function start(args: readonly string[]): Promise<void> {
  const { help, version, port, host, dataFolder } = readCommandLine(args, process.env);
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  if (version) {
    consoleLog.info(readVersion());
    return;
  }
  const chat = await createChat({ dataFolder });
  stopOnSignals({
    signals: process,
    close: () => chat.close(),
    exit: (code) => process.exit(code),
    log: consoleLog,
  });
  try {
    const taken = await chat.listen({ port, ...(host !== undefined && { host }) });
    consoleLog.info(addressLine(taken, host));
  } catch (error) {
    await chat.close().catch((second: unknown) => consoleLog.error(formatError('Cannot close', second)));
    throw error;
  }
}

function readVersion(): string {
  const file: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return typeof file === 'object' && file !== null && 'version' in file ? String(file.version) : 'unknown';
}
