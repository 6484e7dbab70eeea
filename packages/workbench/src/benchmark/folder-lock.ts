import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { FolderInUseError, OutputError } from '../errors.js';
import { makeFolder } from '../result/make-folder.js';

interface Owner {
  pid: number;
  host: string;
}

function readOwner(file: string): Owner | undefined {
  try {
    const owner = JSON.parse(readFileSync(file, 'utf8')) as Owner;
    return Number.isSafeInteger(owner.pid) ? owner : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A lock without an owner was being written when its run was killed. */
const isStale = (owner: Owner | undefined) => owner === undefined || (owner.host === hostname() && !isAlive(owner.pid));

/** Takes an abandoned lock away, and nothing else: two runs may find the same one. */
function removeStale(file: string, seen: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (readFileSync(aside, 'utf8') !== seen) renameSync(aside, file);
  } catch {
    // Another run was faster.
  }
  rmSync(aside, { force: true });
}

/**
 * Keeps other runs out of a folder of results until the returned function is called.
 *
 * @throws FolderInUseError while another run lives there; a lock whose process is gone is taken over
 */
export function lockFolder(out: string): () => void {
  const file = join(out, '.seeds', 'run.lock');
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), startedAt: new Date().toISOString() });
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      makeFolder(dirname(file));
      writeFileSync(file, mine, { flag: 'wx' });
      return () => {
        if (readOwner(file)?.pid === process.pid) rmSync(file, { force: true });
      };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST') throw new OutputError(`${out} cannot be written (${code ?? message})`, { cause: error });
    }
    const owner = readOwner(file);
    if (!isStale(owner)) {
      throw new FolderInUseError(
        `${out} is in use by another run (process ${owner?.pid} on ${owner?.host}); wait for it, name another folder ` +
          `with --out, or delete ${file} if there is no such run`,
      );
    }
    removeStale(file, readIfThere(file));
  }
  throw new FolderInUseError(`${out} is in use by another run; wait for it, or name another folder with --out`);
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
