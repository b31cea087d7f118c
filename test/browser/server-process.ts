/** Runs a server as a child process, as a user would, and reads what it prints. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

const PATIENCE_MS = 60_000;

export interface ServerProcessOptions {
  command: string;
  args: readonly string[];
  /** Added to this process's environment. */
  env?: Readonly<Record<string, string>>;
  /** The line of stdout that says the server takes connections. */
  ready: RegExp;
  cwd?: string;
}

/** Starts the command and waits for its ready line. @throws {Error} with all it printed, when it ends before that. */
export async function startServer(options: ServerProcessOptions): Promise<ServerProcess> {
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const server = new ServerProcess(child);
  try {
    await server.printed(options.ready);
  } catch (error) {
    await server.stop('SIGKILL');
    throw error;
  }
  return server;
}

/** Finds a TCP port that was free a moment ago. For servers that must come back on the same one. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0);
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

export class ServerProcess {
  /** Lines of stdout so far, without their line ends. */
  readonly lines: string[] = [];
  /** Lines of stderr so far. */
  readonly errorLines: string[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #listeners = new Set<() => void>();
  #hasEnded = false;

  constructor(child: ChildProcess) {
    this.#child = child;
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error('Cannot read a child without pipes');
    createInterface(stdout).on('line', (line) => this.#add(this.lines, line));
    createInterface(stderr).on('line', (line) => this.#add(this.errorLines, line));
    this.#ended = new Promise((resolve) => {
      const end = (): void => {
        this.#hasEnded = true;
        this.#wake();
        resolve();
      };
      // 'close' comes after the pipes were read to their end; 'error' alone when there was no such command.
      child.once('close', end);
      child.once('error', (error) => {
        this.errorLines.push(error.message);
        end();
      });
    });
  }

  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  /** Resolves with the `times`-th stdout line that matches. @throws {Error} when the process ends or time is up first. */
  async printed(pattern: RegExp, times = 1): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const found = this.lines.map((line) => pattern.exec(line)).filter((match) => match !== null);
        const match = found[times - 1];
        if (match === undefined && !this.#hasEnded) return;
        finish();
        if (match === undefined) reject(this.#complaint(`ended before it printed ${String(pattern)}`));
        else resolve(match);
      };
      const timer = setTimeout(() => {
        finish();
        reject(this.#complaint(`did not print ${String(pattern)} ×${times} in ${PATIENCE_MS} ms`));
      }, PATIENCE_MS);
      const finish = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(check);
      };
      this.#listeners.add(check);
      check();
    });
  }

  /** Ends the process and waits until it is gone. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (!this.#hasEnded) this.#child.kill(signal);
    const killer = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE_MS);
    await this.#ended;
    clearTimeout(killer);
  }

  /** Resolves with the exit code when the process ends by itself. */
  async ended(): Promise<number | null> {
    await this.#ended;
    return this.exitCode;
  }

  #add(lines: string[], line: string): void {
    lines.push(line);
    this.#wake();
  }

  #wake(): void {
    for (const listener of this.#listeners) listener();
  }

  #complaint(what: string): Error {
    const printed = [...this.lines, ...this.errorLines].join('\n');
    return new Error(`Server process ${what}. It printed:\n${printed}`);
  }
}
