import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rmdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { FileAccessError } from './errors.js';
import { accessError, noFolder, removeAbandoned } from './write-atomically.js';

const here = encodeURIComponent(hostname());

const pidOf = (owner: string) => Number(/^(\d+)@/.exec(owner)?.[1]);

/** Whether the owner lives, as far as can be told from here: of another machine nothing can. */
function livesOn(owner: string): boolean {
  if (owner !== `${pidOf(owner)}@${here}`) return true;
  try {
    process.kill(pidOf(owner), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Removes an empty folder; one that is not, or not there, stays as it is. */
const removeEmpty = (folder: string) => rmdir(folder).catch(() => {});

/**
 * Keeps other writers out of a file until the returned function is called.
 *
 * The lock is a folder with one entry that names its owner. A rename makes it appear whole, and an abandoned one is taken away by its
 * owner's name: a lock that another writer has put there in the meantime has another name.
 *
 * @throws FileAccessError while another writer has it
 */
export async function lockFile(file: string): Promise<() => Promise<void>> {
  const lock = `${file}.lock`;
  const mine = `${process.pid}@${here}`;
  const prepared = `${lock}-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(prepared);
    await mkdir(join(prepared, mine));
    for (let attempt = 1; ; attempt++) {
      await removeEmpty(lock);
      try {
        await rename(prepared, lock);
        return async () => {
          await removeEmpty(join(lock, mine));
          await removeEmpty(lock);
        };
      } catch (error) {
        if (attempt === 10) throw error;
      }
      for (const owner of await readdir(lock).catch(() => [])) {
        if (livesOn(owner)) {
          throw new FileAccessError(
            `${file} is being written by another process (${owner}); wait for it, or delete ${lock} if there is none`,
          );
        }
        await removeAbandoned(file, pidOf(owner));
        await removeEmpty(join(lock, owner));
      }
    }
  } catch (error) {
    await removeEmpty(join(prepared, mine));
    await removeEmpty(prepared);
    throw error instanceof FileAccessError ? error : accessError('written', file, error, noFolder(file));
  }
}
