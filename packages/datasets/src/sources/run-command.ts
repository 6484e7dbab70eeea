import { spawn } from 'node:child_process';
import type { Environment } from '../cache.js';

/** Options of {@link runCommand}. */
export interface CommandOptions {
  readonly folder: string;
  readonly env: Environment;
  readonly timeoutMilliseconds: number;
  readonly signal?: AbortSignal | undefined;
}

/** A command that is not there, failed, or took too long. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** What is kept of a command's messages. */
const keptCharacters = 2000;

/**
 * Runs a command without a shell, and waits for its end.
 *
 * @throws CommandError with the last line that the command said; the signal's reason
 */
export async function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<void> {
  const { folder, env, timeoutMilliseconds, signal } = options;
  signal?.throwIfAborted();
  const tooLong = AbortSignal.timeout(timeoutMilliseconds);
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...env, LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: signal ? AbortSignal.any([signal, tooLong]) : tooLong,
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-keptCharacters);
  });
  const outcome = await new Promise<number | NodeJS.ErrnoException>((resolve) => {
    child.once('error', resolve);
    child.once('close', (code) => resolve(code ?? 1));
  });
  if (outcome === 0) return;
  signal?.throwIfAborted();
  if (tooLong.aborted) {
    throw new CommandError(`${command} did not finish within ${Math.round(timeoutMilliseconds / 1000)} s`);
  }
  if (typeof outcome !== 'number') {
    throw new CommandError(outcome.code === 'ENOENT' ? `${command} is not installed` : outcome.message);
  }
  const lastLine = said.trim().split('\n').at(-1) || `exit code ${outcome}`;
  throw new CommandError(
    `${command} ${args.find((arg) => !arg.startsWith('-')) ?? ''} failed: ${lastLine.slice(0, 300)}`,
  );
}
