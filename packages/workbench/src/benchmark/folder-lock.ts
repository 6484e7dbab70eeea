import { readdirSync, renameSync, rmdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { FolderInUseError, OutputError } from '../errors.js';
import { makeFolder } from '../result/make-folder.js';
import { isAlive, removeTemporaries, temporaryName } from '../result/temporary-files.js';

const ownName = () => `${process.pid}@${encodeURIComponent(hostname())}`;

/** Whether the owner lives, as far as can be told from here: of another machine nothing can. */
function livesOn(owner: string): boolean {
  const [, pid, host] = /^(\d+)@(.*)$/.exec(owner) ?? [];
  return host !== encodeURIComponent(hostname()) || isAlive(Number(pid));
}

function ownersOf(lock: string): string[] {
  try {
    return readdirSync(lock);
  } catch {
    return [];
  }
}

/** Removes an empty folder; one that is not, or not there, stays as it is. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Another run was faster.
  }
}

/**
 * Keeps other runs out of a folder of results until the returned function is called, and removes what killed runs left half-made in it.
 *
 * The lock is a folder with one entry that names its owner. A rename makes it appear whole, and an abandoned one is taken away by its
 * owner's name: a lock that another run has put there in the meantime has another name.
 *
 * @throws FolderInUseError while another run lives there; OutputError
 */
export function lockFolder(out: string): () => void {
  const lock = join(out, '.seeds', 'lock');
  const mine = ownName();
  const prepared = join(dirname(lock), temporaryName('lock'));
  try {
    makeFolder(join(prepared, mine));
    for (let attempt = 1; ; attempt++) {
      // Only an empty folder goes; POSIX would rename over it, Windows would not.
      removeEmpty(lock);
      try {
        renameSync(prepared, lock);
        removeTemporaries(dirname(lock));
        return () => {
          removeEmpty(join(lock, mine));
          removeEmpty(lock);
        };
      } catch (error) {
        if (attempt === 10) throw error;
      }
      for (const owner of ownersOf(lock)) {
        if (livesOn(owner)) throw inUse(out, lock, owner);
        removeEmpty(join(lock, owner));
      }
    }
  } catch (error) {
    removeEmpty(join(prepared, mine));
    removeEmpty(prepared);
    if (error instanceof FolderInUseError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new OutputError(`${out} cannot be written (${code ?? message}); name another folder with --out`, {
      cause: error,
    });
  }
}

function inUse(out: string, lock: string, owner: string): FolderInUseError {
  const [pid, host] = owner.split('@');
  return new FolderInUseError(
    `${out} is in use by another run (process ${pid} on ${decodeURIComponent(host ?? 'an unknown machine')}); ` +
      `wait for it, name another folder with --out, or delete ${lock} if there is no such run`,
  );
}
