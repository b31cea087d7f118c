/** The command line: start.js has checked the version of Node and calls `main`. */
import { readFileSync } from 'node:fs';
import { addressLine, claimLine, ownerLine, proxiedClaimLine } from './address-line.ts';
import { createChat } from './chat.ts';
import { HELP, readCommandLine } from './command-line.ts';
import { consoleLog, formatError } from './log.ts';
import { type Settings, isLocalHost } from './settings.ts';
import { StartFault } from './start-fault.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { resetOwner } from './reset-owner.ts';
import { backUpDatabase } from './store/sqlite/backup.ts';

export async function main(args: readonly string[]): Promise<void> {
  try {
    await run(args);
  } catch (error) {
    if (!(error instanceof StartFault)) throw error;
    console.error(error.message);
    process.exitCode = error.exitCode;
  }
}

async function run(args: readonly string[]): Promise<void> {
  const line = readCommandLine(args, process.env);
  switch (line.command) {
    case 'help':
      process.stdout.write(HELP);
      return;
    case 'version':
      console.log(readVersion());
      return;
    case 'backup':
      backUpDatabase(line.settings.dataFolder, line.file);
      console.log(`Backup written to ${line.file}.`);
      return;
    case 'reset-owner':
      console.log(ownerLine(await resetOwner(line.settings.dataFolder)));
      return;
    case 'start':
      await start(line.settings);
  }
}

async function start({ port, host, ownerCode, log: format, ...settings }: Settings): Promise<void> {
  const log = consoleLog(format);
  const chat = await createChat({ ...settings, log, ...(ownerCode !== undefined && { ownerCode }) });
  stopOnSignals({
    signals: process,
    close: () => chat.close(),
    exit: (code) => process.exit(code),
    log,
  });
  try {
    const taken = await chat.listen({ port, ...(host !== undefined && { host }) });
    log.info(addressLine(taken, host));
    // Whoever sits here needs no code, unless a proxy does; whoever set one knows it.
    if (chat.claimCode !== null && ownerCode === undefined) {
      if (settings.trustProxy) log.info(proxiedClaimLine(chat.claimCode));
      else if (!isLocalHost(host)) log.info(claimLine(taken, host, chat.claimCode));
    }
  } catch (error) {
    await chat.close().catch((second: unknown) => log.error(formatError('Cannot close', second)));
    throw error;
  }
}

function readVersion(): string {
  const file: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return typeof file === 'object' && file !== null && 'version' in file ? String(file.version) : 'unknown';
}
