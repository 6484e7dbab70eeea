import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { engineCache } from '@tensor-papers/engine/install';
import { OutputError } from '../errors.js';
import { makeFolder } from '../result/make-folder.js';
import type { PeerWork } from './declaration.js';
import { PythonError } from './errors.js';
import { type ProgramOptions, runProgram } from './run-program.js';

/** Where a Python environment comes from, and who is told. */
export interface PythonOptions extends Omit<ProgramOptions, 'cwd'> {
  readonly log: (line: string) => void;
}

const onWindows = process.platform === 'win32';

/** The folder of the environment that holds what a file of requirements asks for. */
export function environmentFolder(requirements: string, env: NodeJS.ProcessEnv): string {
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16);
  return resolve(dirname(engineCache(env)), 'peers', hash);
}

/** The interpreter of an environment. */
export const interpreter = (folder: string) =>
  onWindows ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');

/** A Python that the user names. @returns its path, undefined when stopped @throws PythonError */
export async function namedPython(python: string, { log: _, ...options }: PythonOptions): Promise<string | undefined> {
  const path = /[\\/]/.test(python) ? resolve(python) : python;
  const ended = await runProgram([path, '--version'], options);
  if (ended?.problem) throw new PythonError(`--python ${python}: ${ended.problem}; name a Python that holds the peers`);
  return ended && path;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const temporaryMark = `.tmp-${hostname()}-`;

/** Removes what a killed process of this machine left half made: an environment can be a gigabyte. */
function sweep(cache: string): void {
  for (const name of readdirSync(cache)) {
    const [, pid] = name.split(temporaryMark);
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(cache, name), { recursive: true, force: true });
  }
}

/**
 * The Python environment of a package's peers: made once, by `python3 -m venv` and pip, and kept in the user's cache folder.
 *
 * @returns the interpreter; undefined when stopped
 * @throws PythonError where there is no Python, or pip fails; OutputError where the cache cannot be written
 */
export async function pythonEnvironment(
  { requirements, note }: PeerWork['python'],
  { log, ...options }: PythonOptions,
): Promise<string | undefined> {
  const folder = environmentFolder(requirements, options.env);
  if (existsSync(interpreter(folder))) return interpreter(folder);

  const temporary = `${folder}${temporaryMark}${process.pid}`;
  try {
    makeFolder(dirname(folder));
    sweep(dirname(folder));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new OutputError(
      `${dirname(folder)} cannot be written (${code ?? message}); set TENSOR_PAPERS_CACHE to a folder that can`,
      { cause: error },
    );
  }
  log(`making the Python environment of ${requirements} in ${folder}, once; this downloads the peers`);
  if (note) log(note);
  try {
    const made = await runProgram([onWindows ? 'python' : 'python3', '-m', 'venv', temporary], options);
    if (made?.problem) {
      throw new PythonError(
        `the peers need Python 3 with its venv module, but python3 -m venv failed: ${made.problem}; ` +
          'install it, or name a Python that holds the peers with --python',
      );
    }
    const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--progress-bar', 'off', '-r', requirements];
    const filled = made && (await runProgram([interpreter(temporary), ...pip], options));
    if (filled?.problem) {
      throw new PythonError(
        `pip could not install ${requirements}: ${filled.problem}; see what pip can reach, or name a Python that holds the peers ` +
          'with --python',
      );
    }
    if (!filled) return undefined;
    // One whose Python is gone.
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
    return interpreter(folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
